"""One scene for each record: as given, or sorted by a part of the records, and no more than the author wants."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.campaign import Campaign
from streamsrv.core.model import Story
from tests.core.authored import cut, load, packaged, problems, scene, tell, words

HEAD = """\
campaign: test
schema:
  claims:
    type: list
    max_items: 6
    of:
      id: {type: string}
      amount: {type: money, currency: EUR, default: 0}
      on: {type: date, default: 2026-01-01}
      at: {type: datetime, default: 2026-01-01T00:00:00Z}
      kind: {type: enum, values: [water, fire], default: fire}
      paid: {type: bool, default: false}
      car: {type: record, of: {year: {type: int}}}
"""
SCENES = packaged(scene("card", "id"), "last", "plain")


def listed(options: str = "") -> Campaign:
    slot = f'{{slot: claims, for_each: claims, {options}scene: card, overlays: {{id: "{{item.id}}"}}}}'
    return load(f"{HEAD}story: [{slot}, {{slot: last, scene: last}}]\nfallback: [plain]\n", SCENES)


def claim(name: str, **parts: object) -> dict[str, object]:
    return {"id": name, "car": {"year": 2020}, **parts}


def ids(story: Story) -> str:
    return " ".join(word for shown in words(story) for word in shown.values())


def test_records_come_as_they_are_given_and_keep_their_place_in_the_list() -> None:
    story = tell(listed(), claims=[claim("b"), claim("a")])

    assert ids(story) == "b a"
    assert [(decision.item, decision.reason) for decision in story.decisions] == [
        (0, "record 1 of 2 in claims"), (1, "record 2 of 2 in claims"), (None, "shown to everyone"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "values", "up", "down"),
    [
        ("amount", ["9.99", 10, "100", 10], "a b d c", "c b d a"),
        ("on", ["2026-10-01", "2026-09-30", "2025-12-31", "2026-10-01"], "c b a d", "a d b c"),
        ("at", ["2026-01-01T01:00:00+01:00", "2026-01-01T00:30:00Z", "2025-12-31T23:59:59Z",
                "2026-01-01T00:00:00Z"], "c a d b", "b a d c"),
        ("kind", ["water", "fire", "water", "fire"], "b d a c", "a c b d"),
        ("car.year", [2020, 1999, 2024, 1999], "b d a c", "c a b d"),
        ("id", "abcd", "a b c d", "d c b a"),
    ],
)  # fmt: skip
def test_records_are_sorted_by_a_part_and_equal_ones_stay_in_order(
    part: str, values: list[object], up: str, down: str
) -> None:
    parts = [{"car": {"year": value}} if part == "car.year" else {part: value} for value in values]
    claims = [claim("abcd"[at]) | parts[at] for at in range(4)]
    orders = (f"order_by: {part}, ", f"order_by: {part} ascending, ", f"order_by: {part} descending, ")

    assert [ids(tell(listed(order), claims=claims)) for order in orders] == [up, up, down]


def test_a_sorted_list_still_says_which_record_each_scene_is_for() -> None:
    story = tell(listed("order_by: amount descending, "), claims=[claim("a", amount=1), claim("b", amount=2)])

    assert [(decision.item, decision.reason) for decision in story.decisions[:2]] == [
        (1, "record 1 of 2 in claims"), (0, "record 2 of 2 in claims"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "expected"),
    [("max: 2, ", "a b"), ("max: 1, order_by: amount descending, ", "c"), ("max: 6, ", "a b c")],
)
def test_no_more_records_are_shown_than_the_slot_says(options: str, expected: str) -> None:
    story = tell(listed(options), claims=[claim("a", amount=1), claim("b", amount=2), claim("c", amount=3)])

    assert ids(story) == expected


def test_an_empty_list_shows_nothing_and_a_list_that_does_not_fit_is_missing_data() -> None:
    campaign = listed()

    assert tell(campaign, claims=[]).skipped == (("claims", "claims is empty"),)
    assert cut(tell(campaign)) == ["last"]
    assert [tell(campaign, claims=claims).fallback for claims in ([claim("a")] * 7, [{"id": "a"}], "a")] == [
        "data_missing"
    ] * 3


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ("order_by: paid, ", 'records cannot be sorted by "paid"; expected text, number or date'),
        ("order_by: car, ", 'records cannot be sorted by "car"; expected text, number or date'),
        ("order_by: car.yaer, ", '"yaer" is no field of these records (did you mean "year"?); expected one of: year'),
        ("order_by: item.amount, ",
         '"item" is no field of these records; expected one of: id, amount, on, at, kind, paid, car'),
        ("order_by: amount down, ",
         '"order_by" is "amount down"; expected a part of the records and a direction, such as amount or amount '
         "descending"),
        ("max: 0, ", '"max" is "0"; expected a whole number from 1 to 6'),
        ("max: 7, ", '"max" is "7"; expected a whole number from 1 to 6'),
    ],
)  # fmt: skip
def test_a_wrong_order_or_number_is_one_problem(options: str, problem: str) -> None:
    slot = f"{{slot: claims, for_each: claims, {options}scene: last}}"

    assert [found.partition(": ")[2] for found in problems(f"{HEAD}story: [{slot}]\nfallback: [plain]\n", SCENES)] == [
        problem
    ]


@given(
    st.lists(st.tuples(st.sampled_from(["1", "2.50", "10"]), st.dates(date(2000, 1, 1)).map(str)), max_size=6),
    st.integers(1, 6),
)
def test_any_list_is_sorted_as_python_sorts_it(rows: list[tuple[str, str]], most: int) -> None:
    claims = [claim(str(at), amount=amount, on=on) for at, (amount, on) in enumerate(rows)]
    story = tell(SORTED[most], claims=claims)
    expected = sorted(range(len(rows)), key=lambda at: float(rows[at][0]), reverse=True)[:most]

    assert [decision.item for decision in story.decisions if decision.slot == "claims"] == expected


SORTED = {most: listed(f"order_by: amount descending, max: {most}, ") for most in range(1, 7)}
