"""`streamsrv power`: how many viewers an experiment needs, or what the viewers there are can show (C26).

Reads and checks the arguments and prints; the mathematics is `analytics.power`.
"""

import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from streamsrv.analytics.power import Detectable, Plan, detectable, viewers_needed

LIFTS = (0.05, 0.1, 0.2, 0.5)
"""What is shown where no change is asked for."""
HELD_OUT = 0.1


def fraction(given: str | float) -> float:
    """A share or a rate: `0.03` and `3%` are the same. `20` is refused, because it may be meant either way."""
    text = str(given)  # Typer hands over defaults, too.
    number = text.removesuffix("%")
    try:
        value = float(number) / (100 if text.endswith("%") else 1)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (abs(value) >= 1 and number == text):
        raise typer.BadParameter(f"found {text!r}; expected a fraction such as 0.2, or a percentage such as 20%")
    return value


def power(
    baseline: Annotated[float, typer.Option(parser=fraction, metavar="RATE", help="The control's rate: 0.03 or 3%.")],
    effect: Annotated[
        float | None, typer.Option(parser=fraction, metavar="RATE", help="The change to show, added to the rate: 0.6%.")
    ] = None,
    lift: Annotated[
        float | None, typer.Option(parser=fraction, metavar="SHARE", help="The change, as a share of the rate: 20%.")
    ] = None,
    viewers: Annotated[
        int | None, typer.Option(min=1, help="Viewers in all; tells which changes these can show.")
    ] = None,
    holdout: Annotated[
        float | None, typer.Option(parser=fraction, metavar="SHARE", help="The control is held out: 10% if not given.")
    ] = None,
    arms: Annotated[
        str | None, typer.Option(metavar="WEIGHTS", help="The arms of an experiment, the control first: 50,50.")
    ] = None,
    alpha: Annotated[
        float, typer.Option(parser=fraction, metavar="SHARE", help="How often chance alone may show a change.")
    ] = 0.05,
    power: Annotated[
        float, typer.Option(parser=fraction, metavar="SHARE", help="How often the change is to be shown.")
    ] = 0.8,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say how many viewers show a change of a rate, or which change a number of viewers shows."""
    if sum(given is not None for given in (effect, lift, viewers)) > 1:
        raise typer.BadParameter("found more than one; expected one", param_hint="--effect, --lift or --viewers")
    if not 0 < baseline < 1:
        raise typer.BadParameter(f"found {baseline:g}; expected between 0 and 1", param_hint="--baseline")
    try:
        plan = Plan(shares=_shares(holdout, arms), alpha=alpha, power=power)
        if viewers is not None:
            found = detectable(baseline, viewers, plan)
            document: dict[str, object] = {"viewers": viewers, **_found_document(baseline, found)}
            table = _found_table(baseline, viewers, found)
        else:
            needed = tuple(_needed(baseline, _rates(baseline, effect, lift), plan))
            document = {"needed": [_needed_document(baseline, rate, counts) for rate, counts in needed]}
            table = _needed_table(baseline, needed, ("control", *_arm_names(arms)))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if as_json:
        head = {"baseline": baseline, "shares": plan.shares, "alpha": alpha, "power": power}
        typer.echo(orjson.dumps(head | document, option=orjson.OPT_INDENT_2))
        return
    console = Console(file=sys.stdout, highlight=False)
    console.print(table)
    console.print("\n".join(_conditions(plan)))


def _shares(holdout: float | None, arms: str | None) -> tuple[float, ...]:
    if arms is None:
        held_out = HELD_OUT if holdout is None else holdout
        if not 0 < held_out < 1:
            raise typer.BadParameter(f"found {held_out:g}; expected between 0 and 1", param_hint="--holdout")
        return (held_out, 1 - held_out)
    if holdout is not None:
        raise typer.BadParameter("found both; expected one", param_hint="--holdout or --arms")
    weights = [part.strip() for part in arms.split(",")]
    if len(weights) < 2 or not all(weight.isascii() and weight.isdigit() and int(weight) for weight in weights):
        raise typer.BadParameter(f"found {arms!r}; expected whole numbers above 0: 50,50", param_hint="--arms")
    return tuple(int(weight) / sum(map(int, weights)) for weight in weights)


def _arm_names(arms: str | None) -> list[str]:
    """What is compared with the control."""
    if arms is None:
        return ["treated"]
    return [f"arm {number}" for number in range(2, arms.count(",") + 2)]


def _rates(baseline: float, effect: float | None, lift: float | None) -> list[float]:
    if effect is not None:
        return [baseline + effect]
    if lift is not None:
        return [baseline * (1 + lift)]
    rates = [baseline * (1 + lift) for lift in LIFTS if baseline * (1 + lift) < 1]
    if not rates:
        raise typer.BadParameter("found none, where no usual lift fits; expected one", param_hint="--effect or --lift")
    return rates


def _needed(baseline: float, rates: Iterable[float], plan: Plan) -> Iterator[tuple[float, tuple[int, ...]]]:
    for rate in rates:
        yield rate, viewers_needed(baseline, rate, plan)


def _needed_table(baseline: float, needed: Iterable[tuple[float, tuple[int, ...]]], columns: Sequence[str]) -> Table:
    table = Table(title="Viewers needed")
    for column in ("rate", "change", "lift", *columns, "in all"):
        table.add_column(column, justify="right", no_wrap=True)
    for rate, counts in needed:
        table.add_row(*_change(baseline, rate), *map(_count, counts), _count(sum(counts)))
    return table


def _found_table(baseline: float, viewers: int, found: Detectable) -> Table:
    table = Table(title=f"What {_count(viewers)} viewers can show")
    for column in ("smallest", "rate", "change", "lift"):
        table.add_column(column, justify="right", no_wrap=True)
    for name, rate in (("rise", found.rise), ("fall", found.fall)):
        table.add_row(name, *(("none", "", "") if rate is None else _change(baseline, rate)))
    return table


def _conditions(plan: Plan) -> Iterator[str]:
    shown, false = 100 * plan.power, 100 * plan.alpha
    yield f"Of 100 experiments, {shown:.4g} show such a change; where there is none, {false:.4g} show one."
    if plan.comparisons > 1:
        each = _percent(plan.alpha / plan.comparisons)
        yield f"Each of {plan.comparisons} arms is compared with the control, at {each}."
    yield "Two-sided test of two rates, read once, at the end."


def _needed_document(baseline: float, rate: float, counts: Sequence[int]) -> dict[str, object]:
    return {**_change_document(baseline, rate), "viewers": sum(counts), "by_arm": counts}


def _found_document(baseline: float, found: Detectable) -> dict[str, object]:
    return {
        "rise": None if found.rise is None else _change_document(baseline, found.rise),
        "fall": None if found.fall is None else _change_document(baseline, found.fall),
    }


def _change_document(baseline: float, rate: float) -> dict[str, float]:
    return {
        "rate": round(rate, 9),
        "effect": round(rate - baseline, 9),
        "lift": round(rate / baseline - 1, 9),
    }


def _change(baseline: float, rate: float) -> tuple[str, str, str]:
    lift = 100 * (rate / baseline - 1)
    shown = f"{lift:+.3g}" if lift < 100 else f"+{lift:.0f}"
    return _percent(rate), f"{100 * (rate - baseline):+.3g} points", f"{shown} %"


def _percent(value: float) -> str:
    return f"{100 * value:.4g} %"


def _count(number: int) -> str:
    return f"{number:,}".replace(",", " ")
