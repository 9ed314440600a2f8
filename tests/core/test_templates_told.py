"""A viewer's values are told in the form that their type, the author and the viewer's locale give them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.campaign import fields as types
from streamsrv.core.campaign.formats import unseen
from streamsrv.core.campaign.schema import make_schema
from streamsrv.core.campaign.template import Scope, fill, fill_url
from tests.core.templated import BERLIN, VALUES, address, fields, read, scope, template_of, told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello", "Hello"),
        ("", ""),
        ("Hello {first_name}!", "Hello Zoë!"),
        ("{ first_name | text }", "Zoë"),
        ("{{name}} {{{first_name}}}", "{name} {Zoë}"),
        ("{city|text} {link_ref}", "Bern r-1"),
        ("{product} {product|label}", "home home insurance"),
        ("{years} {years|number:1} {years|percent}", "12 12.0 1,200%"),
        (
            "{share} {share|number:2} {share|percent} {share|percent:0} {share|percent:3}",
            "0.125 0.13 12.5% 13% 12.500%",
        ),
        ("{premium} {premium|money} {premium|money:whole} {yen}", "€1,812.50 €1,812.50 €1,813 ¥1,812"),
        ("{due} {due|date:short} {due|date:full}", "March 31, 2026 3/31/26 Tuesday, March 31, 2026"),
        ("{at|date:short} {at|time} {at|time:medium}", "4/1/26 12:30\u202fAM 12:30:00\u202fAM"),
        ("{at} {at|datetime:medium}", "April 1, 2026, 12:30\u202fAM Apr 1, 2026, 12:30\u202fAM"),
        ("{claims|list:kind}", "fire, water, and hail"),
        ("{claims|list:amount}", "€10.00, €20.00, and €30.00"),
        ("{claims|list:vehicle.year}", "19, 21, and 23"),
        ("{claims|count} {visits|count}", "3 0"),
        ("{claims|plural:one=a claim;other=# claims}", "3 claims"),
        ("{years|plural:one=# year;other=# years = many|more}", "12 years = many|more"),
        ("{policy.number} {policy.vehicle.year}", "P 1/2 19"),
        ("{item.kind} {item.amount|money:whole} {item.vehicle.year|number:1}", "fire €10 19.0"),
    ],
)
def test_a_value_is_told_in_the_format_its_author_named_or_its_type_has(text: str, expected: str) -> None:
    assert expected == told(text)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "-€1,234.50;12.5%;March 31, 2026;April 1, 2026, 12:30\u202fAM;fire, water, and hail;1,234,567"),
        ("de", "-1.234,50\xa0€;12,5\xa0%;31. März 2026;1. April 2026, 00:30;fire, water und hail;1.234.567"),
        ("de-CH", "EUR-1’234.50;12.5%;31. März 2026;1. April 2026, 00:30;fire, water und hail;1’234’567"),
        (
            "fr",
            "-1\u202f234,50\xa0€;12,5\xa0%;31 mars 2026;1 avril 2026, 00:30;fire, water et hail;1\u202f234\u202f567",
        ),
        ("ar", "\u200f-1,234.50\xa0€;12.5%;31 مارس 2026;1 أبريل 2026، 12:30 ص;fire وwater وhail;1,234,567"),
        ("ja", "-€1,234.50;12.5%;2026年3月31日;2026年4月1日 0:30;fire、water、hail;1,234,567"),
        ("pt-BR", "-€\xa01.234,50;12,5%;31 de março de 2026;1 de abril de 2026 00:30;fire, water e hail;1.234.567"),
        ("pl", "-1\xa0234,50\xa0€;12,5%;31 marca 2026;1 kwietnia 2026 00:30;fire, water i hail;1\xa0234\xa0567"),
    ],
)
def test_every_locale_has_the_forms_of_cldr(locale: str, expected: str) -> None:
    values = {**VALUES, "premium": Decimal("-1234.5"), "years": 1_234_567}

    assert expected == told(
        "{premium};{share|percent};{due};{at};{claims|list:kind};{years|number}", values, locale=locale
    )


@pytest.mark.parametrize("locale", ["en", "de", "de-CH", "fr", "ar", "ja"])
def test_a_whole_number_is_plain_digits_where_its_author_does_not_ask_for_groups(locale: str) -> None:
    """A year or a policy's number reads wrong with a separator in it."""
    assert "2026 19" == told("{years} {item.vehicle.year}", {"years": 2026}, locale=locale)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "other one other other other other"),
        ("pl", "many one few many few many"),
        ("ar", "zero one two many many other"),
        ("ja", "other other other other other other"),
    ],
)
def test_plurals_follow_the_rules_of_the_language(language: str, expected: str) -> None:
    text = "{years|plural:zero=zero;one=one;two=two;few=few;many=many;other=other}"
    template = read(text, scope(languages=("ar", "pl")))
    assert template is not None
    forms = [
        fill(template, {"years": count}, locale="en", language=language, timezone=UTC)
        for count in (0, 1, 2, 11, 22, 100)
    ]

    # Polish counts 22 like 2, Arabic 22 like 11.
    assert expected.split() == forms


def test_a_label_is_told_in_the_language_of_the_text_and_else_in_the_one_for_all() -> None:
    template = template_of("{product|label}")
    labels = [
        fill(template, {"product": product}, locale="de-CH", language=language, timezone=UTC)
        for product, language in [("home", "de"), ("home", "de-CH"), ("motor", "de"), ("home", "fr")]
    ]

    assert ["Hausrat", "Hausrat", "Motor", "home insurance"] == labels


def test_a_word_without_any_label_is_told_nothing() -> None:
    bare = make_schema(fields(word=types.OneOf(("a", "b"), {"a": {"": "A"}})))
    template = read("{word|label}", Scope(bare, item=None, broken=(), languages=("en",), extra=()))
    assert template is not None

    assert fill(template, {"word": "b"}, locale="en", language="en", timezone=UTC) is None


@pytest.mark.parametrize(
    "text", ["{first_name}", "{policy.vehicle.year}", "{item.vehicle.year}", "{link_ref}", "{due}"]
)
def test_without_a_value_it_needs_there_is_no_text(text: str) -> None:
    template = template_of(f"Hello {text}")

    assert fill(template, {"policy": {"number": "1"}}, locale="en", language="en", timezone=UTC, item={}) is None
    assert fill_url(template, {"policy": {}}, item=None, extra={}) is None


def test_a_list_of_nothing_has_no_text() -> None:
    assert told("Your visits: {visits|list:on}") is None
    assert told("{claims|list:kind}", {"claims": ({"on": date(2025, 1, 2)},)}) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Zoe\u0308", "Zoë"),
        ("A\u202enna\u2066\u2069", "Anna"),
        ("A\u200bn\ufeffn\u2060a\xad", "Anna"),
        ("A\u200en\u200fn\u061ca", "Anna"),
        ("A\x00\x1b[1m\x7f\x9f\ud800", "A[1m"),
        ("An\nna\u2028x", "An na x"),
        ("\u200dAn\u200d na\u200c", "An na"),
        ("1\u200d2", "12"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩🏽\u200d🚀", "👩🏽\u200d🚀"),
        ("❤️\u200d🔥 🙂\u200d↔️", "❤️\u200d🔥 🙂\u200d↔️"),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
         "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"),
        ("A\U000e0041\U000e007f", "A"),
    ],
)  # fmt: skip
def test_what_nobody_sees_is_taken_out_of_values_and_scripts_and_emoji_stay_whole(name: str, expected: str) -> None:
    assert f"<{expected}>" == told("<{first_name}>", {"first_name": name})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x" * 600, "x" * 499 + "…"),
        ("x" * 498 + "👩\u200d🚀y", "x" * 498 + "…"),
        ("x" * 498 + "q\u0323\u0301z", "x" * 498 + "…"),
        ("ㄱ" * 2_100, "ㄱ" * 499 + "…"),
    ],
)
def test_a_long_text_is_cut_between_characters(name: str, expected: str) -> None:
    assert expected == told("{first_name}", {"first_name": name})


@pytest.mark.parametrize("name", ["👩\u200d👩\u200d👧\u200d👦" * 15_000, "👩\u200d" * 50_000, "\u0301\u0323" * 50_000])
def test_a_name_of_a_hundred_thousand_characters_is_cut_too(name: str) -> None:
    text = told("{first_name}", {"first_name": name})

    assert text is not None
    assert len(text) <= 500
    assert text.endswith("…")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.example/r?ref={link_ref}", "https://a.example/r?ref=r%2F1"),
        ("/{first_name}/{policy.number}", "/Zo%C3%AB/P%201%2F2"),
        ("?a={premium|money:whole}&b={yen}&c={years}&d={share}", "?a=1812.50&b=1812.00&c=12&d=0.125"),
        ("?due={due|date:full}&at={at}", "?due=2026-03-31&at=2026-03-31T22%3A30%3A00Z"),
        ("?n={claims|count}&k={item.kind}&p={product|label}", "?n=3&k=fire&p=home"),
    ],
)
def test_an_address_has_values_in_plain_form(text: str, expected: str) -> None:
    assert expected == address(text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a&b=c#d", "/a%26b%3Dc%23d"), ("\u202e../x?", "/..%2Fx%3F"), ("..", None), (".", None), ("...", "/...")],
)
def test_a_value_cannot_lead_an_address_elsewhere(name: str, expected: str | None) -> None:
    assert expected == address("/{first_name}", {"first_name": name})


def test_dots_of_two_values_are_no_way_up_either_but_may_stand_in_a_query() -> None:
    values = {"first_name": ".", "city": "."}

    assert address("/{first_name}{city}/x", values) is None
    assert "/x?y=./.." == address("/x?y={first_name}/{first_name}{city}", values)


@pytest.mark.parametrize(("value", "expected"), [(3.0, "3"), (-0.0, "0"), (1e18, "1" + "0" * 18), (1e-7, "0.0000001")])
def test_a_number_in_an_address_has_digits_only(value: float, expected: str) -> None:
    assert expected == address("{share}", {"share": value})


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("{share}", {"share": -0.0}, "0"),
        ("{share|number:2}", {"share": -0.004}, "0.00"),
        ("{premium}", {"premium": Decimal("-0")}, "€0.00"),
        ("{premium|money:whole}", {"premium": Decimal("-812.5")}, "-€813"),
        ("{share|percent:6}", {"share": 1e18}, "100,000,000,000,000,000,000.000000%"),
        ("{share}", {"share": float(2**60)}, "1,152,921,504,606,847,000"),
        ("{years|number}", {"years": 2**60}, "1,152,921,504,606,846,976"),
        ("{years}", {"years": -(2**60)}, "-1152921504606846976"),
    ],
)
def test_numbers_are_rounded_as_on_paper(text: str, values: Mapping[str, object], expected: str) -> None:
    assert expected == told(text, values)


def test_two_moments_of_one_clock_time_are_told_apart() -> None:
    hour = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    times = [told("{at|time}", {"at": moment}, locale="de", timezone=UTC) for moment in (hour, hour.replace(fold=1))]

    assert ["00:30", "01:30"] == times


def test_a_moment_beyond_the_calendar_has_no_text() -> None:
    last = datetime.max.replace(tzinfo=UTC)

    assert told("{at}", {"at": last}) is None
    assert told("{at|date}", {"at": last}, timezone=UTC) == "December 31, 9999"


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("de-Latn-CH-u-nu-latn", "1’812"), ("de-XQ", "1.812"), ("xx-YY", "1,812"), ("", "1,812"), ("../../x", "1,812")],
)
def test_an_unknown_locale_is_shortened_and_at_last_english(locale: str, expected: str) -> None:
    assert expected == told("{years|number}", {"years": 1812}, locale=locale)


@given(name=st.text())
def test_any_name_stands_in_a_text_and_an_address(name: str) -> None:
    text = told("{first_name}", {"first_name": name})
    encoded = address("https://a.example/?q={first_name}", {"first_name": name})

    assert text is not None
    assert unseen(text) is None
    assert encoded is not None
    assert encoded.isascii()
