"""A viewer's attributes with what sources know now: values found in answers, checked, put over those imported.

Pure: whoever asked hands over documents. What is late, absent or does not fit leaves the imported value, with a reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from streamsrv.core.campaign.fields import Unfit
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.campaign.sources import Source
from streamsrv.core.campaign.viewers import Attributes
from streamsrv.core.errors import Problem

SourceFault = Literal[
    "timeout", "unreachable", "refused", "bad_answer", "bad_value", "circuit_open", "busy", "unaddressed", "no_secret"
]
"""Why a source gave nothing: it was late; no connection; a host or address that may not be reached; no JSON with status
200, or too much of it; a value that does not fit; it failed too often lately; too many are waiting for it; the viewer's
values make no address; a secret that is not set."""
SOURCE_FAULTS: tuple[SourceFault, ...] = get_args(SourceFault)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of asking one source."""

    source: Source
    document: object = field(default=None, repr=False)
    """As JSON has it."""
    fault: SourceFault | None = None


def complete(
    schema: Schema, imported: Mapping[str, object], answers: Iterable[Answer]
) -> tuple[Attributes, tuple[Problem, ...]]:
    """The viewer's attributes, checked, and one problem for each source or value that was of no use."""
    given = dict(imported.given if isinstance(imported, Attributes) else imported)
    origins: dict[str, str] = {}
    problems: list[Problem] = []
    for source, document, fault in ((one.source, one.document, one.fault) for one in answers):
        where = f"source {source.name}"
        if fault is not None:
            problems.append(Problem(where, fault))
            continue
        for pick in source.picks:
            raw = pointed(document, pick.pointer)
            if raw is None or (isinstance(raw, str) and not raw.strip()):
                continue
            try:
                schema.fields[pick.attribute].type.read(raw)
            except Unfit as unfit:
                problems.append(Problem(f"{where}: {pick.attribute}{unfit.path}", "bad_value", unfit.expected))
                continue
            given[pick.attribute] = raw
            origins[pick.attribute] = source.name
    return Attributes(schema, given, origins), tuple(problems)


def pointed(document: object, pointer: Sequence[str]) -> object:
    """What the JSON Pointer leads to; None where that is nothing (RFC 6901 section 4)."""
    for step in pointer:
        if isinstance(document, Mapping):
            document = document.get(step)
        elif isinstance(document, list):
            index = int(step) if step.isascii() and step.isdigit() and (step == "0" or step[0] != "0") else -1
            document = document[index] if 0 <= index < len(document) else None
        else:
            return None
    return document
