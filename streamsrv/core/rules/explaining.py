"""`explain`: a story with everything it follows from. For people and for the record, not for every playlist."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from streamsrv.core.access import Barred
from streamsrv.core.campaign import Attributes, Campaign, Rule
from streamsrv.core.campaign.cel import Failed, Inputs, evaluate
from streamsrv.core.campaign.fields import Record, expected_of
from streamsrv.core.errors import Problem
from streamsrv.core.model import SceneId, Story, Viewer
from streamsrv.core.rules.asking import ask, checked, clock_at, values_at
from streamsrv.core.rules.deciding import lay_out, told


@dataclass(frozen=True, slots=True)
class Input:
    """One value that a rule was evaluated on. Personal ones are not shown."""

    name: str
    value: object
    """How many there are for a list, the open parts for a record; None when it is not to be shown."""
    shown: bool = True
    source: str = ""
    """Which of the campaign's sources gave it at the click; empty for what was imported."""


@dataclass(frozen=True, slots=True)
class AudienceTrace:
    name: str
    text: str
    outcome: bool | None


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One rule, what it gave, and on which values."""

    text: str
    outcome: bool | None
    """None when it failed; `error` says how."""
    error: str
    inputs: tuple[Input, ...]
    audiences: tuple[AudienceTrace, ...]


@dataclass(frozen=True, slots=True)
class SlotTrace:
    """One slot: the rules asked until it was settled, and what it shows."""

    slot: str
    scenes: tuple[SceneId, ...]
    reason: str
    rules: tuple[RuleTrace, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A story with everything it follows from."""

    campaign: Campaign
    now_s: int
    story: Story
    faults: tuple[Problem, ...]
    """Attributes this campaign needs and the viewer lacks; with any, no rule is asked."""
    slots: tuple[SlotTrace, ...]
    barred: Barred | None
    """Why nothing personal is told, whatever the data."""
    sources: Mapping[str, str]
    """Attributes that were asked for at the click, each with its source."""
    source_faults: tuple[Problem, ...]
    """Why others are as they were imported."""
    link_ref: str = ""
    """What stands for the viewer in addresses; not to be kept, for it leads to them in other systems."""


def explain(
    campaign: Campaign,
    viewer: Viewer,
    *,
    now_s: int,
    assigned: Mapping[str, str] | None = None,
    barred: Barred | None = None,
    source_faults: tuple[Problem, ...] = (),
) -> Explanation:
    """The same story as `decide`, with each rule's outcome and the values it read.

    `barred` says why whoever holds the link is not admitted: what `decide` calls withheld. `source_faults` are what
    came of asking the campaign's sources, for the record.
    """
    attributes = checked(campaign, viewer)
    laid_out = lay_out(campaign, viewer, attributes, now_s, assigned, withheld=barred is not None)
    story = told(campaign, viewer, attributes, laid_out)
    traces = _Traces(campaign, attributes, now_s)
    slots = tuple(
        SlotTrace(slot.slot, slot.scenes, slot.reason, tuple(traces.of(rule) for rule in slot.asked))
        for slot in laid_out.slots
    )
    faults = () if story.held_out or barred else _faults(campaign, attributes)
    return Explanation(
        campaign, now_s, story, faults, slots, barred, attributes.origins, source_faults, viewer.link_ref
    )


class _Traces:
    """Rules asked one by one, each only once for a viewer."""

    def __init__(self, campaign: Campaign, attributes: Attributes, now_s: int) -> None:
        self._campaign = campaign
        self._attributes = attributes
        self._clock = clock_at(campaign, now_s)
        self._values: Inputs = values_at(campaign, attributes, now_s)
        self._known: dict[str, RuleTrace] = {}

    def of(self, rule: Rule) -> RuleTrace:
        trace = self._known.get(rule.source)
        if trace is None:
            trace = self._known[rule.source] = self._trace(rule)
        return trace

    def _trace(self, rule: Rule) -> RuleTrace:
        value = evaluate(rule.expression, self._values)
        inputs = [_input(self._campaign, name, self._attributes) for name in rule.reads]
        inputs += [Input(name, self._clock[name]) for name in rule.clock]
        error = value.why if isinstance(value, Failed) else ""
        outcome = value if isinstance(value, bool) else None
        return RuleTrace(rule.text, outcome, error, tuple(inputs), tuple(self._audiences(rule.audiences)))

    def _audiences(self, names: Iterable[str]) -> Iterable[AudienceTrace]:
        for name in names:
            audience = self._campaign.audiences[name]
            yield AudienceTrace(name, audience.text, ask(audience, self._values))


def _faults(campaign: Campaign, attributes: Attributes) -> tuple[Problem, ...]:
    return tuple(
        fault or Problem(name, "is missing", expected_of(campaign.schema.fields[name].type))
        for name, fault in attributes.faults.items()
        if name in campaign.needs
    )


def _input(campaign: Campaign, name: str, attributes: Attributes) -> Input:
    field = campaign.schema.fields[name]
    value = attributes[name]
    source = attributes.origins.get(name, "")
    if field.personal:
        return Input(name, None, shown=False, source=source)
    if isinstance(value, tuple):
        return Input(name, {"records": len(value)}, source=source)
    if isinstance(field.type, Record):
        assert isinstance(value, Mapping)
        return Input(name, _open_parts(field.type, value), source=source)
    return Input(name, value, source=source)


def _open_parts(record: Record, value: Mapping[str, object]) -> dict[str, object]:
    """The parts of a record that are nobody's secret."""
    found: dict[str, object] = {}
    for name, part in record.of.items():
        cell = value[name]
        if part.personal:
            continue
        if isinstance(part.type, Record):
            assert isinstance(cell, Mapping)
            cell = _open_parts(part.type, cell)
        found[name] = cell
    return found
