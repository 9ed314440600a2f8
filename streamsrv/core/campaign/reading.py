"""Typed reading of marked nodes: one mapping at a time, every mistake written to the findings.

Owns the wording of unknown keys, missing keys and wrong kinds of value, and knows nothing of what keys mean.
"""

from collections.abc import Sequence as Many

from streamsrv.core.campaign.document import Findings, Mapped, Mark, Node, Scalar, Sequence, closest, nearest, quoted
from streamsrv.core.campaign.fields import WHOLE_TEXT

SYNONYMS = {
    "if": "when", "condition": "when", "else": "otherwise", "default": "otherwise", "options": "choose",
    "foreach": "for_each", "loop": "for_each", "sort": "order_by", "sort_by": "order_by", "limit": "max",
    "variants": "arms", "priority": "drop_order", "name": "slot", "id": "campaign", "attributes": "schema",
    "segments": "audiences", "link": "url", "text": "label", "currency_code": "currency", "share_ppm": "share",
}  # fmt: skip
"""What other tools call some keys."""
MISSPELLED = 0.75
"""How like a known key an unknown one must be to be read as that key: then it leaves nothing else wrong."""


class Section:
    """One mapping of the file, whose keys are known beforehand."""

    def __init__(self, node: Mapped, findings: Findings, what: str, *, has_strangers: bool = False) -> None:
        self.mark = node.mark
        self.findings = findings
        self.what = what
        self.has_strangers = has_strangers
        """Whether it has keys of no meaning: what is missing is most likely one of them, and no second mistake."""
        self._node = node

    def __contains__(self, key: str) -> bool:
        return key in self._node.entries

    def node(self, key: str) -> Node | None:
        """The value of `key`, whatever it is; None when absent."""
        return self._node.entries.get(key)

    def mark_of(self, key: str) -> Mark:
        """Where the key stands; the section's own mark when absent."""
        return self._node.keys.get(key, self.mark)

    def scalar(self, key: str, expected: str) -> Scalar | None:
        """The value of `key` when it is a single value; None when absent or, with a finding, when not."""
        node = self.node(key)
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self.findings.add(node.mark, f'"{key}" is {shape(node)}', expected)
            return None
        if node.text == "":
            self.findings.add(node.mark, f'"{key}" is empty', expected)
            return None
        return node

    def text(self, key: str, *, default: str, max_length: int) -> str:
        """The text of `key`, at most `max_length` characters, all printable."""
        node = self.scalar(key, "text")
        if node is None:
            return default
        if len(node.text) > max_length:
            what = f'"{key}" has {len(node.text)} characters: {quoted(node.text)}'
            self.findings.add(node.mark, what, f"at most {max_length}")
            return default
        if not node.text.isprintable():
            self.findings.add(node.mark, f'"{key}" has control characters: {quoted(node.text)}', "printable text")
            return default
        return node.text

    def whole(self, key: str, *, default: int, low: int, high: int) -> int:
        """The whole number of `key`, from `low` to `high`."""
        expected = f"a whole number from {low} to {high}"
        node = self.scalar(key, expected)
        if node is None:
            return default
        value = int(node.text) if node.plain and WHOLE_TEXT.fullmatch(node.text) else None
        if value is None or not low <= value <= high:
            self.findings.add(node.mark, f'"{key}" is {quoted(node.text)}', expected)
            return default
        return value

    def flag(self, key: str) -> bool:
        """Whether `key` is true; false when absent."""
        node = self.scalar(key, "true or false")
        if node is None:
            return False
        if node.text not in ("true", "false"):
            self.findings.add(node.mark, f'"{key}" is {quoted(node.text)}', "true or false")
        return node.text == "true"

    def items(self, key: str, expected: str) -> tuple[Node, ...]:
        """The items of the list under `key`; none when absent."""
        node = self.node(key)
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self.findings.add(node.mark, f'"{key}" is {shape(node)}', expected)
            return ()
        if not node.items:
            self.findings.add(node.mark, f'"{key}" is an empty list', expected)
        return node.items

    def mapping(self, key: str, expected: str) -> Mapped | None:
        """The mapping under `key`; None when absent or, with a finding, something else."""
        node = self.node(key)
        if node is None or isinstance(node, Mapped):
            return node
        self.findings.add(node.mark, f'"{key}" is {shape(node)}', expected)
        return None


def section(node: Node, findings: Findings, *, what: str, known: Many[str], required: Many[str] = ()) -> Section | None:
    """`node` as a mapping with `known` keys; None, with a finding, when it is no mapping."""
    if not isinstance(node, Mapped):
        findings.add(node.mark, f"{what} is {shape(node)}", f"keys: {', '.join(known)}")
        return None
    cut_off = _cut_off(node, known)
    for key, rest in cut_off.items():
        value = node.entries[key]
        assert isinstance(value, Scalar)
        whole = quoted(", ".join((value.text, *rest)))[1:-1]
        decimal = len(rest) == 1 and value.text.lstrip("-").isdecimal() and rest[0].isdecimal()
        findings.add(value.mark, f"{quoted(key)} ends at its first comma: {quoted(value.text)}",
                     f"a point: {value.text}.{rest[0]}" if decimal else f"quotes around the whole value: {whole}",
                     )  # fmt: skip
    beside = _beside(node, known)
    for key, inner in beside.items():
        what_is_wrong = f"{quoted(inner[0])} stands beside {quoted(key)}, which is empty"
        findings.add(node.keys[inner[0]], what_is_wrong, f"more spaces before it than before {quoted(key)}")
    lost = {*cut_off, *beside, *(part for rest in (*cut_off.values(), *beside.values()) for part in rest)}
    names = dict.fromkeys(lost, "")
    for key, mark in node.keys.items():
        if key in lost:
            continue
        free = [one for one in known if one not in node.entries]
        named = SYNONYMS.get(key, "")
        names[key] = key if key in known else named if named in free else closest(key, free, likeness=MISSPELLED)
        if key not in known:
            close = f' (did you mean "{named}"?)' if named in known else nearest(key, tuple(known))
            findings.add(mark, f"{quoted(key)} is not a key of {what}{close}", f"one of: {', '.join(known)}")
    entries = {names[key]: value for key, value in node.entries.items() if names[key]}
    marks = {names[key]: mark for key, mark in node.keys.items() if names[key]}
    missing = [key for key in required if key not in entries]
    has_strangers = not all(names.values())
    if missing and not has_strangers:
        findings.add(node.mark, f"{what} has no {' and no '.join(quoted(key) for key in missing)}", "this key here")
    return Section(Mapped(node.mark, entries, marks), findings, what, has_strangers=has_strangers)


def _beside(node: Mapped, known: Many[str]) -> dict[str, list[str]]:
    """Known keys without a value, with the unknown ones right below, which were most likely to stand inside."""
    found: dict[str, list[str]] = {}
    owner = ""
    for key, value in node.entries.items():
        if key in known:
            owner = key if is_bare(value) else ""
        elif owner and node.keys[key].column == node.keys[owner].column:
            found.setdefault(owner, []).append(key)
    return found


def _cut_off(node: Mapped, known: Many[str]) -> dict[str, list[str]]:
    """Keys whose value was cut off by a comma, as in `{when: size(rows, 1), …}`, with the parts behind it."""
    found: dict[str, list[str]] = {}
    owner = ""
    for key, value in node.entries.items():
        plain = isinstance(value, Scalar) and value.plain
        if is_bare(value) and key not in known and owner and node.keys[key].line == node.entries[owner].mark.line:
            found.setdefault(owner, []).append(key)
        else:
            owner = key if plain else ""
    return found


def is_bare(node: Node) -> bool:
    """Whether nothing stands where a value belongs."""
    return isinstance(node, Scalar) and node.plain and not node.text


def shape(node: Node) -> str:
    """What kind of YAML `node` is, with the offending text when it is short enough to show."""
    if isinstance(node, Mapped):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    return quoted(node.text) if node.text else "empty"
