"""Attributes are checked once, against the schema, and nothing about them is ever shown."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.campaign import Schema, check_viewer, load_campaign

SCHEMA_TEXT = """\
campaign: test
schema:
  name: {type: string, max_length: 5, personal: true}
  product: {type: enum, values: [home, motor]}
  years: {type: int, min: 0, max: 100, default: 3}
  score: {type: number}
  premium: {type: money, currency: EUR}
  due: {type: date, min: 2020-01-01}
  mail: {type: bool, default: true}
  claims: {type: list, max_items: 2, of: {on: {type: date}, amount: {type: money, currency: EUR, default: 1}}}
  seen: {type: datetime}
  policy:
    type: record
    of:
      number: {type: string}
      car: {type: record, of: {year: {type: int, max: 2030}, on: {type: date, default: 2020-01-01}}}
story: [{slot: a, scene: b}]
fallback: [b]
"""


def schema() -> Schema:
    return load_campaign(SCHEMA_TEXT, where="c.yaml", scenes=None).schema


def test_values_take_their_types_and_absent_ones_their_defaults() -> None:
    checked, problems = check_viewer(
        schema(),
        {
            "name": "Ana", "product": "home", "score": "1.5", "premium": 812.4, "due": "2027-03-01", "mail": "false",
            "claims": [{"on": "2026-01-31"}],
        },
    )  # fmt: skip

    assert problems == ()
    assert dict(checked) == {
        "name": "Ana",
        "product": "home",
        "years": 3,
        "score": 1.5,
        "premium": Decimal("812.4"),
        "due": date(2027, 3, 1),
        "mail": False,
        "claims": ({"on": date(2026, 1, 31), "amount": Decimal(1)},),
    }
    assert checked.bound == {
        **checked,
        "premium": 812.4,
        "due": datetime(2027, 3, 1, tzinfo=UTC),
        "claims": [{"on": "2026-01-31T00:00:00Z", "amount": 1.0}],
    }


def test_moments_records_and_what_is_in_them_take_their_types() -> None:
    checked, problems = check_viewer(
        schema(),
        {
            "seen": "2027-03-01T12:00:00+02:00",
            "policy": {"number": "P-1", "car": {"year": "2019"}, "unknown": 1},
        },
    )

    assert problems == ()
    assert (checked["seen"], checked["policy"]) == (
        datetime(2027, 3, 1, 10, tzinfo=UTC),
        {"number": "P-1", "car": {"year": 2019, "on": date(2020, 1, 1)}},
    )
    assert (checked.bound["seen"], checked.bound["policy"]) == (
        datetime(2027, 3, 1, 10, tzinfo=UTC),
        {"number": "P-1", "car": {"year": 2019, "on": "2020-01-01T00:00:00Z"}},
    )


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("name", "Alexander", "viewer: name: is text of 9 characters; expected at most 5"),
        ("name", 7, "viewer: name: is a whole number; expected text"),
        ("name", "a\nb", "viewer: name: is text with control characters; expected printable text"),
        ("name", "\ud800", "viewer: name: is text with control characters; expected printable text"),
        ("product", "boat", "viewer: product: is another word; expected one of home, motor"),
        ("years", True, "viewer: years: is true or false; expected a whole number"),
        ("years", 101, "viewer: years: is a value out of range; expected 0 to 100"),
        ("years", "12a", "viewer: years: is text; expected a whole number"),
        ("score", float("nan"), "viewer: score: is a number; expected a number"),
        ("premium", "12,50", "viewer: premium: is text; expected an amount in EUR, such as 812.40"),
        ("premium", "1.005", "viewer: premium: is an amount with parts of a cent; expected at most 2 decimals"),
        ("due", "2027-02-30", "viewer: due: is a day that no calendar has; expected a date such as 2026-03-31"),
        ("due", "2019-12-31", "viewer: due: is a value out of range; expected 2020-01-01 to 9999-12-31"),
        ("mail", 1, "viewer: mail: is a whole number; expected true or false"),
        ("claims", [{"on": "2026-01-31"}] * 3, "viewer: claims: is a list of 3 records; expected at most 2"),
        ("claims", [{"on": "2026-01-31"}, {}],
         "viewer: claims[1].on: is missing; expected a record with on, amount"),
        ("claims", [{"on": 5}], "viewer: claims[0].on: is a whole number; expected a date such as 2026-03-31"),
        ("claims", {"on": 5}, "viewer: claims: is a record; expected a list of records"),
        ("seen", "2027-03-01T12:00:00",
         "viewer: seen: is text; expected a date and time with its offset, such as 2026-03-31T18:00:00+02:00"),
        ("seen", "2027-02-29T12:00:00Z",
         "viewer: seen: is a moment that no calendar has; expected a date and time with its offset, such as "
         "2026-03-31T18:00:00+02:00"),
        ("policy", {"number": "P"}, "viewer: policy.car: is missing; expected a record with number, car"),
        ("policy", {"number": "P", "car": {"year": 2031}},
         "viewer: policy.car.year: is a value out of range; expected -9223372036854775808 to 2030"),
        ("policy", [1], "viewer: policy: is a list; expected a record with number, car"),
        ("prodct", "home", 'viewer: "prodct" is not an attribute of this campaign (did you mean "product"?)'),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_without_its_value(name: str, value: object, problem: str) -> None:
    checked, problems = check_viewer(schema(), {name: value})

    assert [str(found) for found in problems] == [problem]
    assert checked.get(name) is None


def test_a_checked_viewer_shows_names_and_no_values() -> None:
    checked, _ = check_viewer(schema(), {"name": "Ana"})

    assert repr(checked) == "Attributes(name, years, mail, claims)"


def test_equal_schemas_have_equal_fingerprints_and_others_do_not() -> None:
    other = load_campaign(SCHEMA_TEXT.replace("max: 100", "max: 99"), where="c.yaml", scenes=None).schema

    assert schema().fingerprint == schema().fingerprint
    assert schema().fingerprint != other.fingerprint


CELLS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.decimals() | st.dates()
VALUES = st.recursive(CELLS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner))
NAMES = st.sampled_from(
    ["name", "product", "years", "score", "premium", "due", "mail", "claims", "seen", "policy", "other"]
)
CHECKED_SCHEMA = schema()


@given(st.dictionaries(NAMES, VALUES))
def test_no_attribute_makes_checking_fail_and_what_fits_fits_again(attributes: dict[str, object]) -> None:
    checked, _ = check_viewer(CHECKED_SCHEMA, attributes)
    again, _ = check_viewer(CHECKED_SCHEMA, dict(checked))

    assert {name: again[name] for name in checked} == dict(checked)
