"""Draw plans: what is drawn together, under which name it is kept, and how numbers run up."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.model import Look, Mark, OverlaySlot
from streamsrv.core.overlays import Drawn, DrawPlan, Group, content_key, counted_text, groups_of, parse_plan

_BOX = (0.1, 0.2, 0.5, 0.25)


def _slot(start_units: int, end_units: int) -> OverlaySlot:
    return OverlaySlot("text", start_units, end_units, _BOX)


def drawn(text: str = "Hello Ana", name: str = "greeting", marks: tuple[Mark, ...] = ()) -> Drawn:
    return Drawn(name, "text", _BOX, 16, 80, Look("title"), text, marks)


PLANS = st.builds(
    DrawPlan,
    st.sampled_from(["en", "ar", "pt-BR"]),
    st.lists(
        st.builds(
            drawn,
            st.text(max_size=40),
            st.sampled_from(["a", "b"]),
            st.lists(
                st.builds(
                    Mark, st.text(max_size=8), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8)
                ),
                max_size=3,
            ).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
)


def test_overlays_that_overlap_in_time_are_one_group() -> None:
    overlays = {"c": _slot(8, 12), "a": _slot(0, 4), "d": _slot(4, 6), "b": _slot(2, 4), "e": _slot(9, 10)}

    assert (Group(("a", "b"), 0, 4), Group(("d",), 4, 6), Group(("c", "e"), 8, 12)) == groups_of(overlays)


@given(PLANS)
def test_a_plan_is_read_back_from_its_bytes(plan: DrawPlan) -> None:
    assert plan == parse_plan(plan.canonical())
    assert plan.canonical() == parse_plan(plan.canonical()).canonical()


@given(
    st.binary(max_size=60)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(lambda x: json.dumps(x).encode())
)
def test_what_is_no_plan_is_refused(written: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whatever JSON or the plan's reader says of it
        parse_plan(written)


@pytest.mark.parametrize(
    "change",
    [
        {"secret": b"another tenant" * 3},
        {"scene_key": "1" * 16},
        {"kit": "other"},
        {"plan": DrawPlan("en", (drawn("Hello Ben"),))},
        {"plan": DrawPlan("de", (drawn(),))},
        {"plan": DrawPlan("en", (replace(drawn(), look=Look("other")),))},
    ],
)
def test_whatever_decides_the_pixels_or_the_tenant_gives_another_name(change: dict[str, object]) -> None:
    given_: dict[str, object] = {
        "secret": b"a tenant's own key" * 2,
        "scene_key": "0" * 16,
        "kit": "kit",
        "plan": DrawPlan("en", (drawn(),)),
    }

    def key(arguments: dict[str, object]) -> str:
        return content_key(arguments.pop("secret"), **arguments)  # type: ignore[arg-type]  # as in the table

    assert key(dict(given_)) == key(dict(given_))
    assert key(dict(given_)) != key({**given_, **change})


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("€312.40", "€156.20"),
        ("1.312,40\u00a0€", "656,20\u00a0€"),
        ("₹12,34,567.00", "₹6,17,283.50"),
        ("1\u202f234\u202f567 kr", "617\u202f283 kr"),
        ("since 2019: 7 years", "since 2019: 3 years"),
        ("no number", "no number"),
        ("€0.05", "€0.02"),
    ],
)
def test_a_number_runs_up_in_its_own_form(text: str, half: str) -> None:
    assert half == counted_text(text, 0.5)


@given(st.text(max_size=30), st.floats(0, 1))
def test_a_number_that_has_arrived_is_the_text(text: str, share: float) -> None:
    assert text == counted_text(text, 1.0)
    counted_text(text, share)
