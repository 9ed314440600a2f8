"""What authors write from habit, of other languages and other tools: each is one problem that says what it is here."""

import pytest

from tests.core.authored import load, packaged, problems, scene
from tests.core.test_campaign_mistakes import with_one

TEXT = """\
campaign: review
title: {en: Review, de: Rückblick}
languages: {attribute: speaks, offered: [en, de]}
schema:
  speaks: {type: string, default: en}
  name: {type: string}
  app: {type: bool, default: false}
  rate: {type: number, default: 0.5}
  since: {type: date}
  kind:
    type: enum
    values: [student, private]
  accounts:
    type: list
    of: {balance: {type: money, currency: EUR}, kind: {type: string}}
require: [name, since, kind]
audiences:
  old: since < timestamp("2016-01-01T00:00:00Z")
  rich: accounts.exists(a, a.balance > 5000)
story:
  - slot: hello
    scene: hello
    overlays:
      greeting: "Hello {name}"
  - slot: accounts
    for_each: accounts
    order_by: balance descending
    scene: card
  - slot: end
    choose:
      - {when: old, scene: hello-any}
      - when: app && rich
        scene: card
    otherwise: hello-any
fallback: [hello-any]
"""
SCENES = packaged(
    scene("hello", "greeting", languages=("en", "de")),
    *(scene(name, languages=("en", "de")) for name in ("card", "hello-any")),
)
MOMENT = 'a moment such as timestamp("2027-05-01T00:00:00Z")'
SPAN = 'hours, minutes or seconds, such as duration("720h") for 30 days'
FUNCTIONS = "size, startsWith, endsWith, contains, has, all, exists, exists_one, filter, map, timestamp, duration"
OLD, RICH = 'since < timestamp("2016-01-01T00:00:00Z")', "accounts.exists(a, a.balance > 5000)"
RULES = (
    (OLD, "since < '2016-01-01'", f'"<" does not work on (timestamp, string); expected {MOMENT}'),
    (OLD, "since < 2016-01-01", f'"<" does not work on (timestamp, int); expected {MOMENT}'),
    (OLD, "since < timestamp('2016-01-01')", f'timestamp cannot read "2016-01-01"; expected {MOMENT}'),
    (OLD, "since < date('2016-01-01')", f'"date" is no function (did you mean "timestamp"?); expected {MOMENT}'),
    (OLD, "today - since > duration('10d')", f'duration cannot read "10d"; expected {SPAN}'),
    (OLD, "today - since > '10d'", f'">" does not work on (duration, string); expected {SPAN}'),
    (OLD, "int('ten') < 10", 'int cannot read "ten"; expected a whole number'),
    (RICH, "len(accounts) > 1", f'"len" is no function (did you mean "size"?); expected one of: {FUNCTIONS}'),
    (RICH, "name.startswith('A')",
     f'"startswith" is no function (did you mean "startsWith"?); expected one of: {FUNCTIONS}'),
    (RICH, "accounts.length > 1", '"accounts" is a list and has no "length"; expected size(accounts)'),
    (RICH, "accounts.balance > 1",
     '"accounts" is a list and has no "balance"; expected one record\'s: accounts.exists(x, x.balance …)'),
    (RICH, "name.first == 'A'", '"name" is of the type string and has no "first"; expected its value alone'),
    (RICH, "app == 'true'",
     '"==" does not work on (bool, string); expected true or false without quotes, or the condition alone'),
    (RICH, "not app", "cannot be read: extraneous input 'app'; expected ! for not"),
    (RICH, "app and old", "cannot be read: mismatched input 'and'; expected && for and"),
    (RICH, "kind = 'student'", "cannot be read: = has no meaning here; expected == for is equal to"),
    (RICH, "kind == “student”", "cannot be read: token recognition error at: '“'; expected straight quotes: \"…\""),
    (RICH, "(app || old", 'cannot be read: a "(" that nothing closes; expected ")"'),
    (RICH, "app || old)", 'cannot be read: a ")" that nothing opens; expected no ")"'),
)  # fmt: skip
HABITS = (
    ("{type: number", "{type: float", '"rate" has the type "float" (did you mean "number"?)'),
    ("default: 0.5", "default: 0,5", '"default" ends at its first comma: "0"; expected a point: 0.5'),
    ("EUR", "eur", 'has the currency "eur" (did you mean "EUR"?)'),
    ("EUR", "€", 'has the currency "€" (did you mean "EUR"?)'),
    ("EUR", "Euro", 'has the currency "Euro" (did you mean "EUR"?)'),
    ("EUR", "EUX", 'has the currency "EUX"; expected a currency such as EUR'),
    ("[student, private]", "student, private", '"values" is "student, private"; expected a list of words'),
    ("[name, since, kind]", "[name, since kind]",
     'no "," in "since kind"; expected a comma between names: since, kind'),
    ("offered: [en, de]", "offered: [English, de]", '"English" is no language (did you mean "en"?)'),
    ("offered: [en, de]", "offered: [en-UK, de]", '"en-UK" is no language (did you mean "en-GB"?)'),
    ('"Hello {name}"', "{name}", 'overlay "greeting" is {name} without quotes; expected quotes around it: "{name}"'),
    ("Hello {name}", "Hello {{name}}",
     '"{{name}}" shows its braces and no value; expected {name}, with one brace on each side'),
    ("Hello {name}", "Hello {{ name | text }}", '"{{ name | text }}" shows its braces and no value'),
    ("      greeting", "    greeting",
     '"greeting" stands beside "overlays", which is empty; expected more spaces before it than before "overlays"'),
    ("balance descending", "balance desc", '"order_by" is "balance desc" (did you mean "balance descending"?)'),
    ("balance descending", "-balance", '"-balance" is no field of these records (did you mean "balance descending"?)'),
    ("slot: hello", "slot: Hello_you", '"Hello_you" is not a name for a slot (did you mean "hello-you"?)'),
    ("slot: hello", "slot: helloYou", '"helloYou" is not a name for a slot (did you mean "hello-you"?)'),
    ("otherwise: hello-any", "else: hello-any", '"else" is not a key of slot "end" (did you mean "otherwise"?)'),
    ("    otherwise: hello-any", "      - otherwise: hello-any",
     '"otherwise" stands in option 3 of slot "end"; expected it beside "choose", as a key of the slot'),
    ("- when: app", "- if: app", '"if" is not a key of option 2 of slot "end" (did you mean "when"?)'),
)  # fmt: skip


def test_the_text_has_no_problem() -> None:
    assert "review" == load(TEXT, SCENES).campaign_id


@pytest.mark.parametrize(("old", "new", "problem"), RULES, ids=[rule for _, rule, _ in RULES])
def test_a_rule_in_another_language_is_told_what_it_is_in_this_one(old: str, new: str, problem: str) -> None:
    (found,) = problems(with_one(TEXT, old, f'"{new}"'), SCENES)

    assert found.startswith("18:" if old == OLD else "19:")
    assert found.endswith(f'"{new}": {problem}')


@pytest.mark.parametrize(("old", "new", "problem"), HABITS, ids=[new.strip() for _, new, _ in HABITS])
def test_a_habit_is_one_problem_that_says_what_was_meant(old: str, new: str, problem: str) -> None:
    (found,) = problems(with_one(TEXT, old, new), SCENES)

    assert problem in found


def test_braces_around_other_words_are_braces() -> None:
    campaign = load(with_one(TEXT, "Hello {name}", "Hello {{you}} {name}"), SCENES)

    assert campaign.slots[0].name == "hello"
