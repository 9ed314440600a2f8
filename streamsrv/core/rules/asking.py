"""A viewer's attributes in the form that rules are asked over, and what all rules of a campaign give for them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from streamsrv.core.campaign import Attributes, Campaign, ForEach, Rule, check_viewer
from streamsrv.core.campaign.campaign import Selection
from streamsrv.core.campaign.cel import Inputs, evaluate, inputs_of
from streamsrv.core.campaign.rule import MASK_BITS, values_in
from streamsrv.core.model import Viewer


def checked(campaign: Campaign, viewer: Viewer) -> Attributes:
    """The viewer's attributes against the campaign's schema: as they are when that was done before."""
    attributes = viewer.attributes
    if isinstance(attributes, Attributes) and attributes.fingerprint == campaign.schema.fingerprint:
        return attributes
    return check_viewer(campaign.schema, attributes)[0]


def clock_at(campaign: Campaign, now_s: int) -> Mapping[str, datetime]:
    """What `CLOCK` names. `today` is the day it is in the campaign's time zone; days are told from 0:00 UTC."""
    now = datetime.fromtimestamp(now_s, UTC)
    day = now.astimezone(campaign.timezone)
    return {"now": now, "today": datetime(day.year, day.month, day.day, tzinfo=UTC)}


def values_at(campaign: Campaign, attributes: Attributes, now_s: int) -> Inputs:
    """What rules read."""
    if not campaign.reads_clock:
        return attributes.inputs
    return inputs_of(campaign.schema, {**attributes.bound, **clock_at(campaign, now_s)})


def ask_all(campaign: Campaign, values: Inputs) -> tuple[bool | None, ...]:
    """The outcome of each of the campaign's rules, in order; None for one that fails."""
    outcomes: list[bool | None] = []
    for expression in campaign.outcomes:
        rules = campaign.rules[len(outcomes) : len(outcomes) + MASK_BITS]
        together = evaluate(expression, values)
        if isinstance(together, int):
            outcomes += values_in(together, len(rules))
        else:
            # One failing rule fails its whole group: ask each by itself, to know which.
            outcomes += [ask(rule, values) for rule in rules]
    return tuple(outcomes)


def ask(rule: Rule, values: Inputs) -> bool | None:
    """The outcome of one rule; None when it fails."""
    value = evaluate(rule.expression, values)
    return value if isinstance(value, bool) else None


def items_of(loop: ForEach | Selection, attributes: Attributes) -> tuple[int, ...]:
    """Which records a slot or a chart goes through, and in which order, by their places in the list as given."""
    order: Sequence[int] = range(attributes.lengths[loop.attribute])
    if loop.order_by:
        records = attributes[loop.attribute]
        assert isinstance(records, tuple)
        # Equal records stay in the order they were given in, also when the largest comes first.
        order = sorted(order, key=lambda at: _part(records[at], loop.order_by), reverse=loop.descending)
    return tuple(order[: loop.max_items])


def _part(record: Mapping[str, object], path: tuple[str, ...]) -> Any:
    part: Any = record
    for name in path:
        part = part[name]
    return part
