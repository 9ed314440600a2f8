"""When an answer is the right one, however people write it, and when it is not."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.access import OPEN, Access, Admission, AskKind, Knock, is_answerable, is_right, without_knock

KINDS: tuple[AskKind, ...] = ("text", "number", "date")
WRITTEN_DATES = st.sampled_from(("{0:%Y-%m-%d}", "{0:%d.%m.%Y}", "{0:%d/%m/%Y}", "{0:%m/%d/%Y}", " {0:%Y/%m/%d} "))


@pytest.mark.parametrize(
    ("kind", "known", "answer"),
    [
        ("number", 1984, "1984"),
        ("number", 1984, " 1984 "),
        ("number", 1984, "١٩٨٤"),
        ("number", 1984, "１９８４"),
        ("number", "1984", "1984"),
        ("number", "01984", "1984"),
        ("number", Decimal("1812.50"), "1,812.5"),
        ("number", Decimal("1812.50"), "1.812,50 €"),
        ("number", Decimal("1812.50"), "1 812,50"),
        ("number", Decimal("1812.50"), "CHF 1'812.50"),
        ("number", Decimal(1812), "1,812"),
        ("number", 1234567.0, "1,234,567"),
        ("number", 0.125, "0,125"),
        ("number", 0, "0.00"),
        ("number", -3, "-3"),
        ("date", date(1984, 12, 31), "1984-12-31"),
        ("date", date(1984, 12, 31), "31.12.1984"),
        ("date", date(1984, 12, 31), "31/12/1984"),
        ("date", date(1984, 12, 31), "12/31/1984"),
        ("date", date(1984, 6, 5), "5.6.1984"),
        ("date", date(1984, 6, 5), "5. 6. 1984"),
        ("date", date(1984, 6, 5), "06-05-1984"),
        ("date", "1984-06-05", "1984/6/5"),
        ("text", "SW1A 1AA", "sw1a1aa"),
        ("text", "12-345", "12345"),
        ("text", "Müller", "MU\N{COMBINING DIAERESIS}LLER"),
        ("text", "Straße", "STRASSE"),
        ("text", "Anna", " a n n a\N{ZERO WIDTH SPACE}"),
    ],
)  # fmt: skip
def test_an_answer_is_right_however_it_is_written(kind: AskKind, known: object, answer: str) -> None:
    assert is_right(kind, known, answer)


@pytest.mark.parametrize(
    ("kind", "known", "answer"),
    [
        ("number", 1984, "1985"),
        ("number", 1984, "84"),
        ("number", 1984, "1984 1985"),
        ("number", 1984, ""),
        ("number", 1984, "1984" + " " * 300),
        ("number", 1984, "nan"),
        ("number", Decimal("1812.50"), "181250"),
        ("date", date(1984, 6, 5), "6.5.1984"),
        ("date", date(1984, 6, 5), "5.6.84"),
        ("date", date(1984, 6, 5), "19840605"),
        ("date", date(1984, 6, 5), "31.02.1984"),
        ("text", "Anna", "Hanna"),
        ("text", "Müller", "Muller"),
        ("text", "Anna", "\ud800"),
    ],
)
def test_anything_else_is_wrong(kind: AskKind, known: object, answer: str) -> None:
    assert not is_right(kind, known, answer)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("known", [None, "", " ", True, [], {}, float("nan"), float("inf")])
def test_what_is_not_known_has_no_right_answer(kind: AskKind, known: object) -> None:
    assert not is_answerable(kind, known)
    assert not any(is_right(kind, known, answer) for answer in ("", " ", "True", "nan", "0", "None"))


@given(st.sampled_from(KINDS), st.none() | st.text() | st.integers() | st.dates() | st.floats(), st.text())
def test_no_answer_ever_fails(kind: AskKind, known: object, answer: str) -> None:
    assert is_right(kind, known, answer) in (True, False)


@given(st.dates(min_value=date(1000, 1, 1)), WRITTEN_DATES)
def test_a_date_is_its_own_answer(known: date, form: str) -> None:
    assert is_right("date", known, form.format(known))


@given(st.integers(-(10**18), 10**18))
def test_a_number_is_its_own_answer_with_and_without_grouping(known: int) -> None:
    assert is_right("number", known, str(known))
    assert is_right("number", known, f"{known:,}")


@given(st.decimals(-(10**12), 10**12, places=2), st.sampled_from(("{0}", "{0:f}", "{0:,.2f}")))
def test_an_amount_is_its_own_answer(known: Decimal, form: str) -> None:
    assert is_right("number", known, form.format(known))


@given(st.integers(1900, 2020), st.integers(1900, 2020))
def test_one_year_is_no_other(known: int, answer: int) -> None:
    assert (known == answer) is is_right("number", known, str(answer))


def test_a_bare_address_cannot_be_counted_so_a_policy_keeps_it_out() -> None:
    assert OPEN == without_knock(None)
    assert Admission(personal=False, reason="uncounted") == without_knock(Access(devices=1))


def test_a_knock_does_not_show_what_it_brings() -> None:
    assert "Knock()" == repr(Knock("device-canary", "answer-canary"))
