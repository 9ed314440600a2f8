"""Which list of a viewer's is meant, and in which order its records come: for slots that go through one, and charts."""

from collections.abc import Collection, Mapping

from streamsrv.core.campaign.document import closest, nearest, quoted
from streamsrv.core.campaign.fields import Field, Flag, Record, Records
from streamsrv.core.campaign.reading import Section
from streamsrv.core.campaign.schema import Schema

DIRECTIONS = {"asc": "ascending", "desc": "descending"}
"""What other languages call them."""


def read_list(keys: Section, key: str, schema: Schema, broken: Collection[str]) -> str | None:
    """The list that `key` names; None, with a finding unless its declaration is `broken`, when there is none."""
    lists = tuple(name for name, field in schema.fields.items() if isinstance(field.type, Records))
    expected = f"one of the lists: {', '.join(lists)}" if lists else "a list that the schema declares"
    node = keys.scalar(key, expected)
    if node is None or node.text in lists:
        return node.text if node else None
    if node.text not in broken:
        keys.findings.add(node.mark, f"{quoted(node.text)} is no list{nearest(node.text, lists)}", expected)
    return None


def read_order(keys: Section, records: Records) -> tuple[tuple[str, ...], bool]:
    """The path of `order_by` and whether the largest comes first; no path when there is none, or a wrong one."""
    expected = "a part of the records and a direction, such as amount or amount descending"
    node = keys.scalar("order_by", expected)
    words = node.text.split() if node else []
    if node is None or not words:
        return (), False
    path = tuple(words[0].split("."))
    parts: Mapping[str, Field] = records.of
    for at, name in enumerate(path):
        field = parts.get(name)
        if field is None:
            close = nearest(name, tuple(parts))
            if name.startswith("-") and name[1:] in parts:
                close = f' (did you mean "{name[1:]} descending"?)'
            what = f"{quoted(name)} is no field of these records{close}"
            keys.findings.add(node.mark, what, f"one of: {', '.join(parts)}" if parts else ".".join(path[:at]))
            return (), False
        if at == len(path) - 1 and isinstance(field.type, Flag | Record):
            keys.findings.add(node.mark, f"records cannot be sorted by {quoted(words[0])}", "text, number or date")
        parts = field.type.of if isinstance(field.type, Record) else {}
    direction = " ".join(words[1:])
    if direction not in ("", "ascending", "descending"):
        meant = DIRECTIONS.get(direction.lower()) or closest(direction, ("ascending", "descending"))
        close = f' (did you mean "{words[0]} {meant}"?)' if meant else ""
        keys.findings.add(node.mark, f'"order_by" is {quoted(node.text)}{close}', expected)
    return path, direction == "descending"
