"""A way through the story that no viewer takes is found at load, once, and where it stands."""

import pytest

from tests.core.authored import load, problems

HEAD = """\
campaign: test
schema:
  product: {type: enum, values: [home, motor]}
  years: {type: int, min: 0, max: 50, default: 0}
  active: {type: bool, default: true}
  rows: {type: list, max_items: 3, of: {v: {type: int}}}
require: [product]
"""


def found(story: str, audiences: str = "") -> list[str]:
    return problems(f"{HEAD}{audiences}story:\n{story}fallback: [b]\n")


def option(rule: str) -> str:
    return f"      - {{when: '{rule}', scene: b}}\n"


def choose(*rules: str, when: str = "") -> str:
    return f"  - slot: s\n{when}    choose:\n" + "".join(map(option, rules))


@pytest.mark.parametrize(
    ("story", "problem"),
    [
        ("  - {slot: s, when: years > 50, scene: b}\n",
         '9:15: slot "s" is never reached: "years > 50" is never true; expected a rule that some viewer meets'),
        ("  - {slot: s, when: active && !active, scene: b}\n",
         '9:15: slot "s" is never reached: "active && !active" is never true; expected a rule that some viewer meets'),
        ("  - {slot: s, when: 'size(rows) > 3', scene: b}\n",
         '9:15: slot "s" is never reached: "size(rows) > 3" is never true; expected a rule that some viewer meets'),
        (choose('product == "home"', 'years > 50', "active"),
         '12:10: option 2 of slot "s" is never reached: "years > 50" is never true; expected a rule that some viewer '
         "meets"),
        (choose("years >= 5", "years >= 10"),
         '12:10: option 2 of slot "s" is never reached: the options before it leave nobody to "years >= 10"; expected '
         "it before those that take its viewers, or no such option"),
        (choose('product == "home"', 'product == "motor"', "active", "!active"),
         '13:10: option 3 of slot "s" is never reached: the options before it take everybody; expected it before those '
         "that take its viewers, or no such option"),
        (choose("years >= 5", "years < 3", when="    when: years >= 4\n"),
         '13:10: option 2 of slot "s" is never reached: "years < 3" is never true where "years >= 4" is; expected a '
         "rule that some viewer meets"),
        ("  - {group: g, when: years > 50, slots: [{slot: s, when: years > 51, scene: b}]}\n",
         '9:16: group "g" is never reached: "years > 50" is never true; expected a rule that some viewer meets'),
        ("  - {group: g, when: active, slots: [{slot: s, when: '!active', scene: b}]}\n",
         '9:48: slot "s" is never reached: "!active" is never true where "active" is; expected a rule that some viewer '
         "meets"),
        ("  - {group: g, when: active, slots: [{slot: s, choose: [{when: '!active', scene: b}]}]}\n",
         '9:58: option 1 of slot "s" is never reached: "!active" is never true where "active" is; expected a rule that '
         "some viewer meets"),
    ],
)  # fmt: skip
def test_a_branch_that_nobody_takes_is_one_problem(story: str, problem: str) -> None:
    assert found(story) == [problem]


def test_an_audience_of_nobody_is_one_problem_however_often_it_is_named() -> None:
    audiences = "audiences:\n  old: years > 50\n  worth: old || active\n  nobody: old && active\n"
    story = choose("old", "nobody", "worth") + "  - {slot: t, when: old, scene: b}\n"

    assert found(story, audiences) == [
        '9:8: audience "old" is nobody: "years > 50" is never true; expected a condition that some viewer meets'
    ]


def test_audiences_that_exclude_each_other_are_found_where_they_meet() -> None:
    audiences = "audiences: {new: years < 2, loyal: years >= 5}\n"

    assert found("  - {slot: s, when: new && loyal, scene: b}\n", audiences) == [
        '10:15: slot "s" is never reached: "new && loyal" is never true; expected a rule that some viewer meets'
    ]


def test_two_branches_that_nobody_takes_are_two_problems() -> None:
    places = [problem.partition(": ")[0] for problem in found(choose("years > 60", "active", "years > 70"))]

    assert places == ["11:10", "13:10"]


@pytest.mark.parametrize(
    "story",
    [
        choose("years >= 10", "years >= 5", "years >= 0"),
        choose('product == "home"', 'product == "motor"'),
        choose("size(rows) == 0", "size(rows) == 1", "size(rows) > 1"),
        choose("active && years > 3", "active", "years > 3"),
        choose("rows.exists(r, r.v > 1)", "rows.exists(r, r.v > 2)"),
        choose("years == 3", "years == 3 && now > timestamp(\"2026-01-01T00:00:00Z\") || active"),
        "  - {group: g, when: active, slots: [{slot: s, when: years > 3, scene: b}]}\n",
    ],
)  # fmt: skip
def test_a_branch_that_somebody_may_take_is_no_problem(story: str) -> None:
    assert load(f"{HEAD}story:\n{story}fallback: [b]\n").campaign_id == "test"
