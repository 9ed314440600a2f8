"""What stands around the story: the days of a campaign, its time zone, its texts, and how large a file may be."""

import pytest

from streamsrv.core.campaign import Campaign
from tests.core.authored import load, packaged, problems

STORY = "story: [{slot: a, scene: b}]\nfallback: [b]\n"
SCENES = packaged("b")


def loaded(extra: str) -> Campaign:
    return load(f"campaign: test\n{extra}\n{STORY}", SCENES)


@pytest.mark.parametrize(
    ("extra", "from_s", "until_s"),
    [
        ("valid: {from: 2026-11-01, until: 2027-03-31}", 1_793_491_200, 1_806_537_600),
        ("valid: {from: 2026-11-01, until: 2027-03-31}\ntimezone: Europe/Berlin", 1_793_487_600, 1_806_530_400),
        ("valid: {from: 2026-11-01, until: 2026-11-01}\ntimezone: America/New_York", 1_793_505_600, 1_793_595_600),
        ("valid: {from: 2026-11-01}", 1_793_491_200, None),
        ("valid: {until: 2027-03-31}", None, 1_806_537_600),
        ("valid: {until: 9999-12-31}", None, None),
        ("", None, None),
    ],
    ids=["UTC", "summer time begins in between", "a day of 25 hours", "no end", "no beginning", "for ever", "always"],
)
def test_a_campaign_is_shown_from_the_first_day_to_the_end_of_the_last_in_its_time_zone(
    extra: str, from_s: int | None, until_s: int | None
) -> None:
    campaign = loaded(extra)

    assert (campaign.valid_from_s, campaign.valid_until_s) == (from_s, until_s)
    if from_s is not None:
        assert [campaign.is_shown_at(from_s + late_s) for late_s in (-1, 0)] == [False, True]
    if until_s is not None:
        assert [campaign.is_shown_at(until_s + late_s) for late_s in (-1, 0)] == [True, False]
    assert from_s is not None or until_s is not None or campaign.is_shown_at(0)


@pytest.mark.parametrize(
    ("extra", "problem"),
    [
        ("valid: {from: 2026-11-31}",
         '2:15: "from" is "2026-11-31": a day that no calendar has; expected a date such as 2026-03-31'),
        ("valid: {from: 1.11.2026}", '2:15: "from" is "1.11.2026": text; expected a date such as 2026-03-31'),
        ("valid: {from: [2026-11-01]}", '2:15: "from" is a list; expected a date such as 2026-11-01'),
        ("valid: {from: }", '2:14: "from" is empty; expected a date such as 2026-11-01'),
        ("valid: {from: 2026-11-02, until: 2026-11-01}",
         '2:27: "until" 2026-11-01 is before "from" 2026-11-02; expected a day that is not earlier'),
        ("valid: {form: 2026-11-01}",
         '2:9: "form" is not a key of valid (did you mean "from"?); expected one of: from, until'),
        ("valid: 2026-11-01", '2:8: "valid" is "2026-11-01"; expected {from: 2026-11-01, until: 2027-03-31}'),
        ("timezone: Berlin",
         '2:11: "Berlin" is no time zone (did you mean "Europe/Berlin"?); expected a name such as Europe/Berlin'),
        ("timezone: ../../etc/passwd",
         '2:11: "../../etc/passwd" is no time zone; expected a name such as Europe/Berlin'),
        ("timezone: europe/berlin",
         '2:11: "europe/berlin" is no time zone (did you mean "Europe/Berlin"?); expected a name such as '
         "Europe/Berlin"),
        ("title: ''", '2:8: "title" is empty; expected a text'),
        ('title: "a\\u202eb"',
         '2:8: "title" has control characters: "a\N{REPLACEMENT CHARACTER}b"; expected printable text'),
        (f"brand: {'x' * 101}", f'2:8: "brand" has 101 characters: "{"x" * 59}…"; expected at most 100'),
        ("lang: deutsch", '2:7: "deutsch" is no language; expected a language tag such as en or pt-BR'),
        ("schema: [a]", '2:9: "schema" is a list; expected attributes: {name: {type: string}}'),
        ("audiences: [a]", '2:12: "audiences" is a list; expected rules by name: {loyal: tenure_years >= 5}'),
        ("require: name", '2:10: "require" is "name"; expected a list of attributes: [first_name, product]'),
        ("holdout: 0.1", '2:10: "holdout" is "0.1"; expected {share: 0.1}'),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_one_problem(extra: str, problem: str) -> None:
    assert problems(f"campaign: test\n{extra}\n{STORY}", SCENES) == [problem]


@pytest.mark.parametrize("key", ["schema", "audiences", "languages"])
def test_a_section_that_cannot_be_read_is_one_problem_and_not_one_for_each_that_uses_it(key: str) -> None:
    text = "campaign: test\nstory: [{slot: a, when: loyal && years > 1, scene: b}]\nfallback: [b]\n"
    (problem,) = problems(f"{text}{key}: [x]\n", SCENES)

    assert problem.startswith(f'4:{len(key) + 3}: "{key}" is a list; expected ')


@pytest.mark.parametrize(
    ("wrong", "meant"), [("First-Name", "first_name"), ("firstName", "firstname"), ("first name", "first_name")]
)
def test_an_attribute_whose_name_cannot_be_used_is_one_problem_also_when_rules_use_a_right_one(
    wrong: str, meant: str
) -> None:
    text = (
        f"campaign: test\nschema:\n  {wrong}: {{type: string}}\nrequire: [{meant}]\n"
        f'story: [{{slot: a, when: {meant} == "x", scene: b}}]\nfallback: [b]\n'
    )

    assert problems(text, SCENES) == [
        f'3:3: "{wrong}" is not a name for an attribute; expected another name: a lower-case letter, then letters, '
        "digits and _ (at most 40)"
    ]


def test_a_story_has_a_bound_for_its_slots_and_for_its_scenes() -> None:
    many = "".join(f"  - {{slot: s{number}, scene: b}}\n" for number in range(101))
    rows = "schema: {rows: {type: list, max_items: 50, of: {v: {type: int}}}}\n"
    loops = "".join(f"  - {{slot: s{number}, for_each: rows, scene: b}}\n" for number in range(5))

    assert problems(f"campaign: test\nstory:\n{many}fallback: [b]\n", SCENES) == [
        "2:1: the story has 101 slots; expected at most 100"
    ]
    assert problems(f"campaign: test\n{rows}story:\n{loops}fallback: [b]\n", SCENES) == [
        "3:1: the longest story has 250 scenes; expected at most 200: shorter lists or fewer slots"
    ]


def test_a_file_of_mistakes_says_them_in_the_order_of_its_lines() -> None:
    text = "fallback: [x]\nstory: [{slot: A, scene: x}]\nlang: xx-YY-ZZ\ncampaign: C\n"
    lines = [problem.partition(":")[0] for problem in problems(text, SCENES)]

    assert lines == ["1", "2", "2", "3", "4"]
