"""An explanation tells the same story as `decide`, with what every decision follows from and nothing personal."""

import json
from datetime import UTC, datetime

import pytest

from streamsrv.core.rules import Input, decide, document, explain
from tests.core.authored import NOW_S, load, packaged, scene, viewer

TEXT = """\
campaign: test
languages: {attribute: language, offered: [en, de]}
timezone: Europe/Berlin
max_duration_s: 41
schema:
  language: {type: string, default: en}
  name: {type: string, personal: true}
  years: {type: int, default: 0}
  price: {type: money, currency: EUR, default: 12.5}
  due: {type: date, default: 2027-01-15}
  policy:
    type: record
    of:
      kind: {type: enum, values: [new, old]}
      number: {type: string, personal: true}
      car: {type: record, of: {year: {type: int}, plate: {type: string, personal: true}}}
  rows: {type: list, of: {v: {type: int}, who: {type: string, personal: true}}}
require: [name, policy]
audiences:
  loyal: years >= 5
  named: loyal && name.startsWith("A")
story:
  - {slot: hello, scene: card, overlays: {text: "Hi {name}"}, cta: {label: Go, url: "https://a.example/{link_ref}"}}
  - slot: choice
    choose:
      - {when: named && policy.car.year > 2000, scene: a}
      - {when: 'rows.exists(r, r.v > 1)', scene: b}
    otherwise: c
  - {slot: today, when: due == today && price > 10, scene: d}
  - group: g
    drop_order: 2
    slots:
      - {slot: rows, for_each: rows, scene: row, overlays: {text: {text: "{item.v}", default: x}}}
      - {slot: after, when: 1 / years > 0, scene: e}
  - {slot: extra, scene: f, drop_order: 1}
fallback: [any]
holdout: {share: 0.1, control: [c]}
"""
SCENES = packaged(
    *(scene(name, languages=["en", "de"]) for name in ("a", "b", "c", "d", "e", "f", "any")),
    *(scene(name, "text", languages=["en", "de"]) for name in ("card", "row")),
)
CAMPAIGN = load(TEXT, SCENES)
POLICY = {"kind": "new", "number": "SECRET-1", "car": {"year": 2019, "plate": "SECRET-2"}}
ANA = {"name": "Ana SECRET", "policy": POLICY, "years": 7, "rows": [{"v": 1, "who": "SECRET-3"}]}
TOLD = {"holdout": "told"}


def explained(**attributes: object) -> dict[str, object]:
    return document(explain(CAMPAIGN, viewer(**attributes), now_s=NOW_S, assigned=TOLD))


def test_an_explanation_is_the_story_with_every_slot_rule_and_value() -> None:
    rule = "named && policy.car.year > 2000"
    alone: dict[str, object] = {"item": None, "overlays": {}, "defaulted": [], "cta": None}
    left_out = "left out with its group g: slot after shows nothing"

    assert explained(**ANA) == {
        "release": CAMPAIGN.release,
        "at": "2027-01-15T08:00:00+00:00",
        "story": "personal",
        "fallback": None,
        "language": "en",
        "arms": {},
        "faults": [],
        "barred": None,
        "sources": {},
        "source_faults": [],
        "decisions": [
            alone
            | {
                "slot": "hello",
                "scene": "card",
                "reason": "shown to everyone",
                "overlays": {"text": "(personal)"},
                "cta": {"label": "Go", "url": "https://a.example/{link_ref}"},
            },
            alone | {"slot": "choice", "scene": "a", "reason": f"{rule} is true"},
            alone | {"slot": "today", "scene": "d", "reason": "due == today && price > 10 is true"},
            alone | {"slot": "extra", "scene": "f", "reason": "shown to everyone"},
        ],
        "skipped": [{"slot": "rows", "reason": left_out}, {"slot": "after", "reason": "1 / years > 0 is false"}],
        "slots": [
            {"slot": "hello", "scenes": ["card"], "reason": "shown to everyone", "rules": []},
            {
                "slot": "choice",
                "scenes": ["a"],
                "reason": f"{rule} is true",
                "rules": [
                    {
                        "rule": rule,
                        "outcome": True,
                        "error": None,
                        "reads": ["policy", "name", "years"],
                        "audiences": ["named"],
                    }
                ],
            },
            {
                "slot": "today",
                "scenes": ["d"],
                "reason": "due == today && price > 10 is true",
                "rules": [
                    {
                        "rule": "due == today && price > 10",
                        "outcome": True,
                        "error": None,
                        "reads": ["due", "price", "today"],
                        "audiences": [],
                    }
                ],
            },
            {"slot": "rows", "scenes": [], "reason": left_out, "rules": []},
            {
                "slot": "after",
                "scenes": [],
                "reason": "1 / years > 0 is false",
                "rules": [
                    {"rule": "1 / years > 0", "outcome": False, "error": None, "reads": ["years"], "audiences": []}
                ],
            },
            {"slot": "extra", "scenes": ["f"], "reason": "shown to everyone", "rules": []},
        ],
        "inputs": {
            "policy": {"kind": "new", "car": {"year": 2019}},
            "years": 7,
            "name": "(personal)",
            "due": "2027-01-15",
            "price": "12.5",
            "today": "2027-01-15T00:00:00+00:00",
        },
        "audiences": {"named": {"rule": 'loyal && name.startsWith("A")', "outcome": True}},
    }


def test_a_dropped_slot_and_one_of_a_group_say_why_they_are_not_shown() -> None:
    told = explained(**ANA | {"years": 1, "rows": [{"v": 2, "who": "SECRET"}]})

    assert told["skipped"] == [
        {"slot": "extra", "reason": "dropped: the video would take 48 s, at most 41 s"},
    ]
    assert [decision["item"] for decision in _list(told["decisions"])] == [None, None, None, 0, None]


def _list(value: object) -> list[dict[str, object]]:
    assert isinstance(value, list)
    return value


def test_a_rule_that_failed_says_how() -> None:
    told = explained(**ANA | {"years": 0})

    assert _list(_list(told["slots"])[4]["rules"]) == [
        {"rule": "1 / years > 0", "outcome": None, "error": "divide by zero", "reads": ["years"], "audiences": []}
    ]


@pytest.mark.parametrize(
    "attributes",
    [
        ANA,
        ANA | {"years": 1},
        ANA | {"rows": [{"v": 2, "who": "SECRET-4"}] * 9},
        ANA | {"policy": "SECRET-5"},
        ANA | {"name": ["SECRET-6"]},
        ANA | {"rows": [{"v": "SECRET-7"}]},
        {"unknown": "SECRET-8"},
    ],
)
def test_nothing_personal_and_no_value_that_does_not_fit_is_in_an_explanation(attributes: dict[str, object]) -> None:
    explanation = explain(CAMPAIGN, viewer(**attributes), now_s=NOW_S, assigned=TOLD)

    assert explanation.story == decide(CAMPAIGN, viewer(**attributes), now_s=NOW_S, assigned=TOLD)
    assert "SECRET" not in json.dumps(document(explanation))


def test_what_stands_for_a_viewer_in_addresses_is_in_no_explanation() -> None:
    person = viewer(**ANA)

    found = json.dumps(document(explain(CAMPAIGN, person, now_s=NOW_S, assigned=TOLD)))

    assert (False, True) == (person.link_ref in found, "https://a.example/{link_ref}" in found)


def test_missing_data_is_named_and_no_rule_is_asked() -> None:
    told = explained(name="Ana", policy={"kind": "new"}, years="many")

    assert (told["story"], told["fallback"], told["slots"], told["inputs"]) == ("fallback", "data_missing", [], {})
    assert told["faults"] == [
        {"attribute": "years", "problem": "is text", "expected": "a whole number"},
        {
            "attribute": "policy.number",
            "problem": "is missing",
            "expected": "a record with kind, number, car",
        },
    ]


def test_the_control_story_has_no_faults_and_no_rules() -> None:
    held_out = document(explain(CAMPAIGN, viewer(), now_s=NOW_S, assigned={"holdout": "held_out"}))

    assert (held_out["story"], held_out["faults"], held_out["slots"]) == ("control", [], [])


def test_a_rule_over_a_personal_record_or_list_shows_how_much_there_is_and_no_more() -> None:
    explanation = explain(CAMPAIGN, viewer(**ANA | {"years": 1}), now_s=NOW_S, assigned=TOLD)
    inputs = {value.name: value for slot in explanation.slots for rule in slot.rules for value in rule.inputs}

    assert inputs["rows"] == Input("rows", {"records": 1})
    assert inputs["name"] == Input("name", None, shown=False)
    assert inputs["today"] == Input("today", datetime(2027, 1, 15, tzinfo=UTC))
