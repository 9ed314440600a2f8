"""Whoever is not admitted is told the fallback story, and nothing in it leads to the viewer."""

from hypothesis import HealthCheck, given, settings

from streamsrv.core.campaign import Campaign
from streamsrv.core.model import CampaignId, Story, Viewer, ViewerId
from streamsrv.core.rules import POLICY, decide, document, explain
from tests.campaigns import SECRETS, Case, cases, loaded
from tests.core.authored import NOW_S, cut, load, packaged, scene

CAMPAIGN = """\
campaign: test
languages: {attribute: language, offered: [en, de]}
schema:
  language: {type: string, default: en}
  name: {type: string, personal: true}
  product: {type: string, default: home}
require: [name]
access: {devices: 1}
story:
  - {slot: hello, scene: hello, overlays: {greeting: "Hello {name}"}}
  - {slot: call, scene: call, cta: {label: {en: Call, de: Anrufen}, url: "https://e.example/call"}}
  - {slot: next, scene: next, cta: {label: Renew, url: "https://e.example/{product}?ref={link_ref}"}}
fallback: [call, next]
"""
SCENES = packaged(scene("hello", "greeting", languages=("en", "de")), scene("call", languages=("en", "de")),
                  scene("next", languages=("en", "de")))  # fmt: skip
ANNA = Viewer(ViewerId("anna"), CampaignId("test"), {"name": "Canary", "language": "de"}, link_ref="ref-canary")


def campaign(extra: str = "") -> Campaign:
    return load(CAMPAIGN + extra, SCENES)


def asks(story: Story) -> list[tuple[str, str] | None]:
    return [None if one.cta is None else (one.cta.label, one.cta.url) for one in story.decisions]


def test_the_fallback_story_is_told_because_of_a_policy_in_the_viewers_language() -> None:
    story = decide(campaign(), ANNA, now_s=NOW_S, withheld=True)

    assert (["call", "next"], POLICY, "de") == (cut(story), story.fallback, story.language)


def test_calls_to_action_that_name_the_viewer_are_left_out() -> None:
    story = decide(campaign(), ANNA, now_s=NOW_S, withheld=True)

    assert [("Anrufen", "https://e.example/call"), None] == asks(story)


def test_the_same_story_told_for_missing_data_keeps_them() -> None:
    nameless = Viewer(ANNA.viewer_id, ANNA.campaign_id, {}, link_ref="ref-canary")

    assert [("Call", "https://e.example/call"), ("Renew", "https://e.example/home?ref=ref-canary")] == asks(
        decide(campaign(), nameless, now_s=NOW_S)
    )


def test_whoever_is_held_out_is_told_the_control_story_without_them() -> None:
    told = campaign("holdout: {share: 0.999999, control: [next]}\n")
    stories = [decide(told, ANNA, now_s=NOW_S, withheld=withheld) for withheld in (False, True)]

    assert [["next"], ["next"]] == [cut(story) for story in stories]
    assert [True, True] == [story.held_out for story in stories]
    assert [[("Renew", "https://e.example/home?ref=ref-canary")], [None]] == [asks(story) for story in stories]


def test_an_explanation_says_why_and_no_value() -> None:
    explanation = explain(campaign(), ANNA, now_s=NOW_S, barred="wrong")
    written = document(explanation)

    assert explanation.story == decide(campaign(), ANNA, now_s=NOW_S, withheld=True)
    assert ("wrong", "policy", [], {}) == (
        written["barred"], written["fallback"], written["faults"], written["inputs"],
    )  # fmt: skip
    assert "anary" not in repr(written)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_nothing_of_any_viewer_is_in_what_is_withheld(case: Case) -> None:
    told = loaded(case.drawn)
    story = decide(told, case.viewer, now_s=case.now_s, withheld=True)
    nobody = Viewer(ViewerId("nobody"), CampaignId("any"), {})

    assert not any(secret in repr(story) for secret in (*SECRETS, case.viewer.link_ref))
    assert all(one.cta is None or "bGluaw" not in one.cta.url for one in story.decisions)
    if told.holdout is None and told.languages.attribute is None:
        assert story == decide(told, nobody, now_s=case.now_s, withheld=True)
