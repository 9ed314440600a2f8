"""Templates take declared fields and named formats, say every mistake at its column, and never read viewers' values."""

from datetime import UTC, tzinfo
from unicodedata import is_normalized
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.campaign import fields as types
from streamsrv.core.campaign.document import Findings, Mark, Scalar
from streamsrv.core.campaign.formats import unseen
from streamsrv.core.campaign.schema import make_schema
from streamsrv.core.campaign.template import Scope, fill, fill_url, read_template
from tests.core.templated import BERLIN, CLAIMS, SCHEMA, mistakes, read, scope, template_of, told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {first_name", '4:13: a "{" that nothing closes; expected {field}, or {{ for a brace itself'),
        ("a } b", '4:13: a "}" that nothing opens; expected {field}, or }} for a brace itself'),
        ("{first_name}}", '4:23: a "}" that nothing opens; expected {field}, or }} for a brace itself'),
        ("{policy.vehicle.yaer}",
         '4:27: "yaer" is no field of "policy.vehicle" (did you mean "year"?); expected one of: year, '
         'first_name'),
        ("{city.name}", '4:17: "city" is a string and has no fields; expected "city"'),
        ("{claims.kind}", '4:19: "claims" is a list; expected for_each and item, or claims|list:FIELD'),
        ("{policy}", '4:12: "policy" is a record; expected one of its fields: number, vehicle'),
        ("{policy|text}", '4:19: "policy" is a record; expected one of its fields: number, vehicle'),
        ("{visits}", '4:12: "visits" is a list; expected visits|count, visits|list:on or visits|plural:one=…;other=…'),
        ("{mail}", '4:12: "mail" is true or false and has no text form; expected two slots, each with its when'),
        ("{due|dat}", '4:16: "dat" is no format (did you mean "date"?); expected one of: date'),
        ("{due| money}", '4:17: "money" does not suit "due", which is a date; expected one of: date'),
        ("{due|}", '4:16: no format follows the |; expected one of: date'),
        ("{due|date:lnog}",
         '4:21: "lnog" is no option of "date" (did you mean "long"?); expected one of: short, medium, long, '
         'full'),
        ("{due|date:}", '4:21: "" is no option of "date"; expected one of: short, medium, long, full'),
        ("{city|text:long}", '4:22: "long" is no option of "text"; expected text alone'),
        ("{plan|label}", '4:17: "plan" has no labels; expected labels in its declaration, or the format text'),
        ("{visits|list}", '4:19: "list" names no field of "visits"; expected list:FIELD with one of: on'),
        ("{visits|list:oon}", '4:24: "oon" is no field of "visits" (did you mean "on"?); expected one of: on'),
        ("{claims|list:paid}",
         '4:24: "claims.paid" is true or false and has no text form; expected two slots, each with its '
         'when'),
        ("{years|plural}", '4:18: "plural" has no texts; expected plural:one=# year;other=# years'),
        ("{years|plural:one=#}", '4:25: "plural" has no text for "other"; expected plural:one=# year;other=# years'),
        ("{years|plural:other=#;x}", '4:33: "x" is no plural form; expected plural:one=# year;other=# years'),
        ("{years|plural:othr=#}",
         '4:25: "othr" is no plural form (did you mean "other"?); expected one of: one, '
         'other'),
        ("{years|plural:zero=no;other=#}", '4:25: "zero" is no plural form in en, de; expected one of: one, other'),
        ("{years|plural:other=#;other=x}", '4:33: "other" is given twice; expected each form once'),
        ("{mail|yes}",
         '4:17: "yes" is no format; expected one of: text, label, number, percent, money, date, time, '
         'datetime, list, count, plural'),
        ("Hi {frst_name}",
         '4:15: "frst_name" is no attribute (did you mean "first_name"?); expected one of: first_name, city, '
         'product, plan, years, share, premium, yen, due, at, mail, policy, claims, visits, link_ref, item'),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_column(text: str, expected: str) -> None:
    assert [expected] == mistakes(text)


def test_a_character_that_nobody_would_see_is_a_mistake() -> None:
    ((_, _, message),) = [one.partition('": ') for one in mistakes("Hello\u202e")]

    assert "the character U+202E is not allowed; expected printable text" == message


def test_all_mistakes_of_a_text_are_told_at_once_and_each_where_it_stands() -> None:
    assert ["4:12", "4:16", "4:22"] == [one.partition(": ")[0] for one in mistakes("{x} {mail} {")]
    assert ["4:10"] == [one.partition(": ")[0] for one in mistakes("Hello {x}", verbatim=False)]


def test_an_item_stands_inside_for_each_only() -> None:
    expected = '4:12: "item" stands inside for_each only; expected for_each in this slot, or an attribute'

    assert [expected] == mistakes("{item.kind}", scope(item=None))


@pytest.mark.parametrize(("text", "found"), [("{x}", '"x" is no attribute'), ("{}", "a placeholder names no field")])
def test_without_a_schema_there_is_nothing_to_name(text: str, found: str) -> None:
    empty = Scope(make_schema({}), item=None, broken=(), languages=(), extra=())

    assert [f"4:12: {found}; expected an attribute that the schema declares"] == mistakes(text, empty)


def test_a_broken_attribute_is_no_second_mistake() -> None:
    assert read("{gone|money} {item.x}", scope(item=None, broken=("gone", "item"))) is None


def test_every_plural_form_is_allowed_where_no_language_is_known() -> None:
    template = read("{years|plural:zero=none;other=#}", scope(languages=()))
    assert template is not None

    assert "none" == fill(template, {"years": 0}, locale="ar", language="ar", timezone=UTC)


def test_a_long_text_is_refused() -> None:
    assert ["4:10: overlay has 301 characters; expected at most 300"] == mistakes("x" * 301)


@pytest.mark.parametrize(
    ("text", "reads", "reads_item", "personal"),
    [
        ("plain", (), False, False),
        ("{city} {years} {city|text} {link_ref}", ("city", "years"), False, False),
        ("{first_name}", ("first_name",), False, True),
        ("{policy.vehicle.year}", ("policy",), False, False),
        ("{policy.vehicle.first_name}", ("policy",), False, True),
        ("{claims|count} {claims|list:kind}", ("claims",), False, False),
        ("{claims|list:first_name}", ("claims",), False, True),
        ("{claims|list:vehicle.first_name}", ("claims",), False, True),
        ("{item.kind}", (), True, False),
        ("{item.vehicle.first_name}", (), True, True),
    ],
)
def test_a_template_knows_what_it_shows(text: str, reads: tuple[str, ...], reads_item: bool, personal: bool) -> None:
    template = template_of(text)

    assert (text, reads, reads_item, personal) == (
        template.text, template.reads, template.reads_item, template.personal
    )  # fmt: skip


def test_records_of_a_personal_list_are_personal() -> None:
    schema = make_schema({"claims": types.Field("claims", CLAIMS, personal=True)})
    template = read("{item.kind}", Scope(schema, item=CLAIMS, broken=(), languages=("en",), extra=()))

    assert template is not None
    assert template.personal


def test_equal_templates_are_equal_keys() -> None:
    text = "{product|label} {claims|list:on} {years|plural:other=#} {{"

    assert {template_of(text)} == {template_of(text)}
    assert ("{", " ") == (template_of("{{").parts[0], template_of("{city} {city}").parts[1])


@pytest.mark.parametrize("name", ["{first_name}", "{{", "}", "{first_name|money}", "%s %(x)s ${x}", "#"])
def test_a_viewers_value_is_never_read_as_a_template(name: str) -> None:
    assert f"Hello {name}, {name}" == told("Hello {first_name}, {first_name}", {"first_name": name})


VOCABULARY = """
    first_name product years share premium due at mail policy number vehicle year claims item kind link_ref text label
    money whole date long time short datetime list count plural one other percent 1 9 { } {{ }} | : ; = . # \u202e é
"""
PLACES = """
    {first_name} {product|label} {plan} {years|plural:one=#;other=#x} {years|percent:1} {share} {share|number:6}
    {premium|money:whole} {yen} {due|date:full} {at|datetime:short} {at|time:medium} {policy.vehicle.year} {link_ref}
    {claims|list:kind} {claims|list:on} {claims|count} {claims|plural:other=#} {item.kind} {item.amount} {{ }}
"""
TAGS = "en de de-CH fr ar ja pt-BR pl he fa hi th zh-Hant-TW bn my xx"
WORDS = st.sampled_from(VOCABULARY.split())
RIGHT = st.lists(st.sampled_from(PLACES.split()), max_size=8).map(" ".join)
TEXTS = RIGHT | st.lists(WORDS, max_size=14).map("".join) | st.text(max_size=310)
CELLS = {
    types.Text: st.text(max_size=40),
    types.Whole: st.integers(-(2**63), 2**63 - 1),
    types.Number: st.floats(-1e18, 1e18),
    types.Money: st.decimals(-(10**12), 10**12, places=2),
    types.Day: st.dates(),
    types.Moment: st.datetimes(timezones=st.just(UTC)),
    types.Flag: st.booleans(),
}


def cells(declared: types.FieldType) -> st.SearchStrategy[object]:
    match declared:
        case types.OneOf(values=values):
            return st.sampled_from(values)
        case types.Record(of=of):
            return st.fixed_dictionaries({name: cells(part.type) for name, part in of.items()})
        case types.Records(of=of):
            return st.lists(cells(types.Record(of)), max_size=3).map(tuple)
        case _:
            return CELLS[type(declared)]


VIEWERS = st.fixed_dictionaries({}, optional={name: cells(field.type) for name, field in SCHEMA.fields.items()})
LOCALES = st.sampled_from(TAGS.split()) | st.text(max_size=9)
ZONES = st.sampled_from([UTC, BERLIN, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("America/New_York")])


@given(text=TEXTS, values=VIEWERS, item=cells(types.Record(CLAIMS.of)), locale=LOCALES, zone=ZONES)
def test_any_text_is_a_template_or_a_finding_and_any_viewer_fills_it(
    text: str, values: dict[str, object], item: dict[str, object], locale: str, zone: tzinfo
) -> None:
    findings = Findings("c.yaml")
    template = read_template(Scalar(Mark(1, 1), text, False, None), scope(), findings, what="overlay")
    assert (template is None) == (len(findings) > 0)
    if template is None:
        return
    extra = {"link_ref": "r"}
    filled = fill(template, values, locale=locale, language=locale, timezone=zone, item=item, extra=extra)
    again = fill(template, dict(values), locale=locale, language=locale, timezone=zone, item=dict(item), extra=extra)
    encoded = fill_url(template, values, item=item, extra=extra)

    assert filled == again
    assert filled is None or (len(filled) <= 500 and is_normalized("NFC", filled) and unseen(filled) is None)
    assert encoded is None or unseen(encoded) is None
