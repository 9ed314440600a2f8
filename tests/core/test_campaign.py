"""A campaign file is read whole, and everything wrong with it is said at once, each with its place."""

from datetime import UTC
from pathlib import Path

import pytest

from streamsrv.core.campaign import Campaign, Languages, load_campaign
from streamsrv.core.errors import Invalid
from tests.timelines import make_scenes

DEMO = Path(__file__).parents[2] / "config" / "campaigns" / "renewal.yaml"

HEAD = """\
campaign: test
schema:
  product: {type: enum, values: [home, motor]}
  years: {type: int, default: 0}
  price: {type: money, currency: EUR}
  due: {type: date}
  claims: {type: list, max_items: 5, of: {on: {type: date}, amount: {type: money, currency: EUR}, kind: KIND}}
require: [product, due]
""".replace("KIND", "{type: enum, values: [a, b]}")
TAIL = "fallback: [hello]\n"
KEYS = (
    "campaign, title, description, brand, lang, languages, timezone, valid, max_duration_s, schema, require, "
    "audiences, randomize_by, story, fallback, holdout, access, consent, sources, retention_days, whole_pictures"
)
TYPES = "string, enum, int, number, money, date, datetime, bool"
SLOT_KEYS = "slot, when, scene, choose, otherwise, for_each, order_by, max, experiment, arms, overlays, cta, drop_order"


def problems_of(text: str, scene_ids: tuple[str, ...] | None = None) -> list[str]:
    with pytest.raises(Invalid) as caught:
        load_campaign(text, where="c.yaml", scenes=None if scene_ids is None else make_scenes(*scene_ids))
    return [str(problem) for problem in caught.value.problems]


def with_rule(rule: str) -> str:
    return f"{HEAD}story:\n  - slot: a\n    scene: hello\n    when: {rule}\n{TAIL}"


def demo() -> Campaign:
    return load_campaign(DEMO.read_text(encoding="utf-8"), where=str(DEMO), scenes=None)


def test_the_demo_campaign_loads_and_names_its_scenes() -> None:
    campaign = demo()

    assert campaign.scene_ids() == {
        "hello", "hello-any", "explain-home", "explain-motor", "explain-life", "explain-any", "no-claims",
        "claims-year", "claim-card", "thanks-loyal", "offer-plain", "offer-bonus", "next-step",
    }  # fmt: skip
    assert (campaign.campaign_id, campaign.told(campaign.titles, "en"), campaign.told(campaign.brands, "en")) == (
        "renewal", "Your renewal, explained", "Northlight Insurance",
    )  # fmt: skip
    assert campaign.languages == Languages(("en", "de", "ar"), "language", {"de": ("en",), "ar": ("en",)})
    assert campaign.needs == {"first_name", "product", "renewal_on", "tenure_years", "claims"}


def test_page_fields_have_defaults() -> None:
    campaign = load_campaign(
        "campaign: spring-sale\nstory: [{slot: a, scene: b}]\nfallback: [b]\n", where="c.yaml", scenes=make_scenes("b")
    )

    assert (campaign.titles, campaign.descriptions, campaign.brands) == ({"": "Spring sale"}, {}, {})
    assert (campaign.languages, campaign.timezone) == (Languages(("en",)), UTC)
    assert (campaign.told(campaign.titles, "en"), campaign.told(campaign.brands, "en")) == ("Spring sale", "")


def test_the_release_covers_content_and_neither_comments_nor_layout() -> None:
    text = DEMO.read_text(encoding="utf-8")
    respaced = "# another comment\n" + text.replace("claims: {type: list,", "claims: {type:   list,")
    changed = text.replace("tenure_years >= 5", "tenure_years >= 6")

    assert load_campaign(respaced, where="c.yaml", scenes=None).release == demo().release
    assert load_campaign(changed, where="c.yaml", scenes=None).release != demo().release


def test_all_problems_of_a_file_come_at_once_in_its_order() -> None:
    text = (
        "campaign: Bad Name\n"
        "titel: x\n"
        "schema:\n"
        "  first: {type: strin}\n"
        "story:\n"
        "  - {slot: a, scene: helo, when: frist == first}\n"
        "  - {slot: a, scene: hello}\n"
        "fallback: []\n"
    )

    assert problems_of(text, ("hello",)) == [
        'c.yaml:1:11: "campaign" is "Bad Name"; expected small letters, digits and -, such as renewal-2026',
        'c.yaml:2:1: "titel" is not a key of a campaign (did you mean "title"?); expected one of: ' + KEYS,
        f'c.yaml:4:17: "first" has the type "strin" (did you mean "string"?); expected {{type: one of {TYPES}, record, '
        "list}",
        'c.yaml:6:22: there is no scene "helo" (did you mean "hello"?); expected a packaged scene',
        'c.yaml:6:34: slot "a" "frist == first": "frist" is no attribute and no audience (did you mean "first"?); '
        "expected one of: first, now, today",
        'c.yaml:7:12: a second "a" (first in line 6); expected each slot and group a name of its own',
        'c.yaml:8:11: "fallback" is an empty list; expected a list of scenes: [hello-any, next-step]',
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "c.yaml:1:1: the file is empty; expected a campaign: `campaign: its-id`, then `story:`"),
        ("- a\n", f"c.yaml:1:1: a campaign is a list; expected keys: {KEYS}"),
        ("a: [1\n", 'c.yaml:1:4: a "[" that nothing closes; expected "]" at its end'),
        ("a: \x07", "c.yaml:1:4: the character U+0007 is not allowed; expected printable text"),
        ("a: &x 1\n", "c.yaml:1:4: anchors and aliases (& and *) are not used in campaigns; expected the value "
                      "itself, or quotes around a value that begins with & or *"),
        ("a: *x\n", "c.yaml:1:4: anchors and aliases (& and *) are not used in campaigns; expected the value "
                    "itself, or quotes around a value that begins with & or *"),
        ("a: !!python/name:os.system x\n", 'c.yaml:1:4: the tag "tag:yaml.org,2002:python/name:os.system" is not '
                                           "used in campaigns; expected quotes around a whole value that begins "
                                           "with !"),
        ("a: b\n---\nc: d\n", "c.yaml:2:1: a second document begins here; expected one campaign in a file"),
        ("a: " + "[" * 50 + "]" * 50, "c.yaml:1:17: values are nested too deeply here; expected at most 14 levels"),
        ("a: [" + "1," * 40_001 + "]", "c.yaml:1:79999: the file has too many values; expected at most 40000"),
        ("#" * 270_000, "c.yaml:1:1: the file has 270000 characters; expected at most 262144"),
        ("{[a]: b}", "c.yaml:1:2: a key is a list or a mapping here; expected a word"),
    ],
)  # fmt: skip
def test_what_is_not_a_small_plain_yaml_document_is_refused(text: str, problem: str) -> None:
    assert problems_of(text) == [problem]


@pytest.mark.parametrize(
    ("declaration", "problem"),
    [
        ("{type: string, max_length: 0}",
         'c.yaml:3:33: "max_length" is "0"; expected a whole number from 1 to 2000'),
        ("{type: string, max_len: 5}",
         'c.yaml:3:21: "max_len" is not a key of "x" (string) (did you mean "max_length"?); expected one of: type, '
         "max_length, default, personal"),
        ("{type: enum}",
         'c.yaml:3:6: "x" (enum) has no "values"; expected a list of words: [home, motor]'),
        ("{type: enum, values: [a, a]}", 'c.yaml:3:31: "a" is given twice; expected each value once'),
        ("{type: enum, values: [a], default: b}", 'c.yaml:3:41: "default" is "b": another word; expected one of a'),
        ("{type: int, min: 3, max: 1}", 'c.yaml:3:18: "min" 3 is above "max" 1; expected min <= max'),
        ('{type: int, default: "3"}', 'c.yaml:3:27: "default" is "3": text; expected the value without quotes'),
        ("{type: int, default: 99999999999999999999}",
         'c.yaml:3:27: "default" is "99999999999999999999": text; expected a whole number'),
        ("{type: money}", 'c.yaml:3:6: "x" (money) has no "currency"; expected a currency such as EUR (ISO 4217)'),
        ("{type: money, currency: EUR, default: 1.005}",
         'c.yaml:3:44: "default" is "1.005": an amount with parts of a cent; expected at most 2 decimals'),
        ("{type: date, default: 2026-02-30}",
         'c.yaml:3:28: "default" is "2026-02-30": a day that no calendar has; expected a date such as 2026-03-31'),
        ("{type: bool, personal: yes}", 'c.yaml:3:29: "personal" is "yes"; expected true or false'),
        ("{type: list, max_items: 51, of: {a: {type: int}}}",
         'c.yaml:3:30: "max_items" is "51"; expected a whole number from 1 to 50'),
        ("{type: list, of: {a: {type: list}}}",
         f'c.yaml:3:34: "a" has the type "list"; expected {{type: one of {TYPES}, record}}'),
        ("{type: list}",
         'c.yaml:3:6: "x" (list) has no "of"; expected the parts of one record: {on: {type: date}}'),
        ("string", f'c.yaml:3:6: "x" has no type; expected {{type: one of {TYPES}, record, list}}'),
        ("{type: record, of: {}}",
         'c.yaml:3:6: "x" (record) has no "of"; expected the parts of one record: {on: {type: date}}'),
        ("{type: record, of: {a: {type: record, of: {b: {type: record, of: {c: {type: record}}}}}}}",
         f'c.yaml:3:82: "c" has the type "record"; expected {{type: one of {TYPES}}}'),
        ("{type: record, of: {in: {type: int}}}",
         'c.yaml:3:26: "in" is not a name for a field; expected a lower-case letter, then letters, digits and _ (at '
         "most 40)"),
        ("{type: datetime, default: 2026-03-31}",
         'c.yaml:3:32: "default" is "2026-03-31": text; expected a date and time with its offset, such as '
         "2026-03-31T18:00:00+02:00"),
        ("{type: enum, values: [a, b], labels: {a: A}}",
         'c.yaml:3:43: "b" has no label; expected one for every value'),
        ("{type: enum, values: [a], labels: {a: A, c: C}}",
         'c.yaml:3:47: "c" is not one of the values; expected one of: a'),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_one_clear_problem(declaration: str, problem: str) -> None:
    text = f"campaign: test\nschema:\n  x: {declaration}\nstory: [{{slot: a, scene: b}}]\nfallback: [b]\n"

    assert problems_of(text) == [problem]


@pytest.mark.parametrize("name", ["now", "size", "in", "First", "1st", "a-b", "x" * 41])
def test_attributes_have_names_that_rules_can_use(name: str) -> None:
    text = f"campaign: test\nschema: {{{name}: {{type: int}}}}\nstory: [{{slot: a, scene: b}}]\nfallback: [b]\n"

    assert [problem.partition(":2:10: ")[0] for problem in problems_of(text)] == ["c.yaml"]


@pytest.mark.parametrize(
    ("slot", "problem"),
    [
        ("{slot: a}",
         'c.yaml:10:5: slot "a" has nothing to show; expected one of "scene", "choose" and "arms"'),
        ("{slot: a, scene: b, choose: []}",
         'c.yaml:10:5: slot "a" has "scene" and "choose"; expected one of "scene", "choose" and "arms"'),
        ("{scene: b}", 'c.yaml:10:5: a slot has no "slot"; expected this key here'),
        ("{slot: a, scene: b, otherwise: c}",
         'c.yaml:10:25: "otherwise" stands with "choose" only; expected "choose" in this slot'),
        ("{slot: a, for_each: claim, scene: b}",
         'c.yaml:10:25: "claim" is no list (did you mean "claims"?); expected one of the lists: claims'),
        ("{slot: a, scene: b, show: c}",
         f'c.yaml:10:25: "show" is not a key of slot "a"; expected one of: {SLOT_KEYS}'),
        ("{slot: a, scene: b, order_by: amount}",
         'c.yaml:10:25: "order_by" stands with "for_each" only; expected "for_each" in this slot'),
        ("{slot: a, for_each: claims, order_by: amount.cents, scene: b}",
         'c.yaml:10:43: "cents" is no field of these records; expected amount'),
        ("{slot: a, for_each: claims, order_by: amount downward, scene: b}",
         'c.yaml:10:43: "order_by" is "amount downward"; expected a part of the records and a direction, such as '
         "amount or amount descending"),
        ("{slot: a, when: claims.exists(c, c.amount > max(1, 2)), scene: b}",
         'c.yaml:10:21: "when" ends at its first comma: "claims.exists(c"; expected quotes around the whole value: '
         "claims.exists(c, c.amount > max(1, 2))"),
        ("{group: a, slots: []}",
         'c.yaml:10:23: "slots" is an empty list; expected a list of slots: [{slot: hello, scene: hello}]'),
        ("{group: a, slots: [{group: b, slots: [{slot: c, scene: b}]}]}",
         'c.yaml:10:24: a group stands in group "a"; expected slots: groups hold no groups'),
        ("{slot: a, scene: b, cta: {label: Go}}", 'c.yaml:10:30: a cta has no "url"; expected this key here'),
        ("{slot: a, scene: b, when: }",
         'c.yaml:10:30: "when" is empty; expected a condition such as product == "home"'),
        ("{slot: a, scene: ../b}", 'c.yaml:10:22: "../b" is not the name of a scene; expected small letters, digits '
                                   "and -"),
    ],
)  # fmt: skip
def test_a_wrong_slot_is_one_clear_problem(slot: str, problem: str) -> None:
    assert problems_of(f"{HEAD}story:\n  - {slot}\n{TAIL}") == [problem]


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://example.com/", "it does not begin with https://"),
        ("javascript:alert(1)", "it does not begin with https://"),
        ("https:///path", "it has no host"),
        ("https://user@example.com/", "it has a user name"),
        ("https://example.com:99999/", "it is not an address"),
        ("https://exämple.com/", "it has characters that do not belong in an address"),
    ],
)
def test_a_call_to_action_leads_to_https_and_to_a_host(url: str, fault: str) -> None:
    text = f'{HEAD}story:\n  - {{slot: a, scene: b, cta: {{label: Go, url: "{url}"}}}}\n{TAIL}'

    assert problems_of(text) == [
        f'c.yaml:10:47: "url" is "{url}": {fault}; expected an address such as https://example.com/renew'
    ]


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("produkt == 1", '11: slot "a" "produkt == 1": "produkt" is no attribute and no audience (did you mean '
                         '"product"?); expected one of: product, years, price, due, claims, now, today'),
        ("product == 1", '19: slot "a" "product == 1": "==" does not work on (string, int); expected two values of one '
                         "kind"),
        ('product == "hone"', '22: slot "a" "product == "hone"": "hone" is never "product" (did you mean "home"?); '
                              "expected one of: home, motor"),
        ('product in ["home", "x"]',
         '31: slot "a" "product in ["home", "x"]": "x" is never "product"; expected one of: home, motor'),
        ("product", '11: slot "a" "product": gives string; expected a comparison, which gives true or false'),
        ("years +", '18: slot "a" "years +": cannot be read: mismatched input \'the end\'; expected a condition such '
                    'as product == "home"'),
        ('product.matches("h.*")', '26: slot "a" "product.matches("h.*")": matches is not available; expected ==, in, '
                                   "startsWith, endsWith or contains"),
        ("open(years) == 1", '15: slot "a" "open(years) == 1": "open" is no function; expected one of: size, '
                             "startsWith, endsWith, contains, has, all, exists, exists_one, filter, map, timestamp, "
                             "duration"),
        ("price > 3", '11: slot "a" "price > 3": "price" may be missing; expected it in require, or a default'),
        ("claims.exists(c, c.amout > 3)", '29: slot "a" "claims.exists(c, c.amout > 3)": "amout" is no field of these '
                                          'records (did you mean "amount"?); expected one of: on, amount, kind'),
        ('claims[0].amount == "3"', '28: slot "a" "claims[0].amount == "3"": compares number with string; expected two '
                                    "values of one kind"),
        ('claims[0].kind == "c"', '29: slot "a" "claims[0].kind == "c"": "c" is never "kind"; expected one of: a, b'),
        ('claims[0]["when"] == 1', '20: slot "a" "claims[0]["when"] == 1": "when" is no field of these records; '
                                   "expected one of: on, amount, kind"),
        ("claims.exists(c, c.on < now)", '33: slot "a" "claims.exists(c, c.on < now)": a date inside a record is text; '
                                         "expected timestamp(…) around it"),
        ("(claims + claims).size() > 1", '19: slot "a" "(claims + claims).size() > 1": joins lists; expected one list '
                                         "at a time"),
        ("claims.all(years, true)", '21: slot "a" "claims.all(years, true)": "years" is an attribute or audience; '
                                    "expected another name"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_found_when_the_file_is_loaded(rule: str, problem: str) -> None:
    assert problems_of(with_rule(rule)) == [f"c.yaml:12:{problem}"]


@pytest.mark.parametrize(
    "rule",
    [
        'product == "home" && years > 2',
        "claims.exists(c, c.amount > 100 || c.amount > 99.5)",
        'claims.filter(c, c.kind == "a").size() > 1',
        "claims.exists(c, timestamp(c.on) > now - duration('8760h'))",
        "due - today < duration('720h')",
        "years in [1, 2, 3] && !(size(product) > 3)",
        "claims.all(c, claims.all(d, c.amount <= d.amount))",
    ],
)
def test_rules_are_conditions_in_cel(rule: str) -> None:
    campaign = load_campaign(with_rule(rule), where="c.yaml", scenes=None)

    assert [found.text for found in campaign.rules] == [rule]


def test_audiences_go_into_rules_and_into_one_another() -> None:
    audiences = "audiences: {old: years >= 5, vip: old && size(claims) == 0}\n"
    campaign = load_campaign(audiences + with_rule("vip || years == 1 // vip"), where="c.yaml", scenes=None)

    assert [(rule.source, rule.reads, rule.audiences) for rule in campaign.rules] == [
        ("((years >= 5\n) && size(claims) == 0\n) || years == 1 // vip", ("years", "claims"), ("vip",))
    ]


def test_audiences_that_go_round_in_a_circle_are_refused_once() -> None:
    audiences = "audiences: {a: b, b: c && years > 1, c: a}\n"

    assert problems_of(audiences + with_rule("c")) == [
        "c.yaml:1:16: audiences go round in a circle: a → b → c → a; expected audiences over attributes"
    ]


def test_an_audience_is_not_named_like_an_attribute() -> None:
    assert problems_of("audiences: {years: true}\n" + with_rule("years > 1")) == [
        'c.yaml:1:13: "years" is an attribute already; expected another name for the audience'
    ]
