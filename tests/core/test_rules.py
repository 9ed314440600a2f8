"""A viewer's story follows from the campaign, the viewer and the moment, and from nothing else."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.campaign import Campaign, check_viewer, load_campaign
from streamsrv.core.model import CallToAction, CampaignId, Decision, Overlay, SceneId, Story, Viewer, ViewerId
from streamsrv.core.rules import AudienceTrace, Input, RuleTrace, SlotTrace, decide, explain

ROOT = Path(__file__).parents[2]
NOW_S = 1_800_000_000  # 2027-01-15 08:00 UTC
DEMO = load_campaign((ROOT / "config/campaigns/renewal.yaml").read_text("utf-8"), where="renewal.yaml", scenes=None)
RENEW = CallToAction("Renew now", "https://example.com/renew")
CLAIM = {"on": "2026-02-11", "amount": "240.00"}
HELLO = (Overlay("greeting", "Hello, A!", personal=True),)
NO_PREMIUM = (Overlay("premium", "", defaulted=True),)
DUE = (
    Overlay("renewal", "Renew by March 1, 2027"),
    Overlay("code", "https://example.com/renew?ref=", personal=True),
)
HOME = {"first_name": "A", "product": "home", "renewal_on": "2027-03-01"}


def viewer(**attributes: object) -> Viewer:
    return Viewer(ViewerId("v"), CampaignId("renewal"), attributes)


def campaign(story: str, extra: str = "") -> Campaign:
    schema = (
        "schema: {n: {type: int, default: 0}, secret: {type: string, personal: true, default: x}, "
        "due: {type: date, default: 2027-01-15}, rows: {type: list, max_items: 3, of: {v: {type: int}}}}"
    )
    text = f"campaign: test\n{schema}\n{extra}story:\n{story}fallback: [plain]\n"
    return load_campaign(text, where="test.yaml", scenes=None)


def scenes(story: Story) -> list[str]:
    return [decision.scene_id for decision in story.decisions]


def test_a_story_says_for_every_slot_what_is_shown_and_why() -> None:
    assert decide(DEMO, viewer(**HOME, tenure_years=8), now_s=NOW_S) == Story(
        decisions=(
            Decision("hello", SceneId("hello"), "shown to everyone", overlays=HELLO),
            Decision("thanks-first", SceneId("thanks-loyal"), "loyal && claim_free is true"),
            Decision("product", SceneId("explain-home"), 'product == "home" is true', overlays=NO_PREMIUM),
            Decision("no-claims", SceneId("no-claims"), "claim_free is true"),
            Decision("offer", SceneId("offer-bonus"), "loyal && size(claims) <= 1 is true"),
            Decision("next-step", SceneId("next-step"), "shown to everyone", overlays=DUE, cta=RENEW),
        ),
        skipped=(
            ("claims-year", "size(claims) >= 2 is false"), ("claims", "claims is empty"),
            ("thanks", "loyal && !claim_free is false"),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        (
            HOME | {"product": "motor", "tenure_years": 6, "claims": [CLAIM] * 4},
            ["hello", "explain-motor", "claims-year", *["claim-card"] * 4, "thanks-loyal", "offer-plain", "next-step"],
        ),
        (
            HOME | {"product": "life", "tenure_years": 1, "claims": [CLAIM]},
            ["hello", "explain-life", "claim-card", "offer-plain", "next-step"],
        ),
        (HOME, ["hello", "explain-home", "no-claims", "offer-plain", "next-step"]),
    ],
)
def test_viewers_get_other_scenes_in_another_number_and_order(
    attributes: Mapping[str, object], expected: list[str]
) -> None:
    assert scenes(decide(DEMO, viewer(**attributes), now_s=NOW_S)) == expected


def test_each_record_of_a_list_is_a_decision_of_its_own() -> None:
    story = decide(DEMO, viewer(**HOME, claims=[CLAIM] * 2), now_s=NOW_S)

    words = (Overlay("when", "February 11, 2026"), Overlay("amount", "€240.00"))
    assert [decision for decision in story.decisions if decision.slot == "claims"] == [
        Decision("claims", SceneId("claim-card"), "record 1 of 2 in claims", item=0, overlays=words),
        Decision("claims", SceneId("claim-card"), "record 2 of 2 in claims", item=1, overlays=words),
    ]


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"product": "home", "renewal_on": "2027-03-01"},
        HOME | {"product": "boat"},
        HOME | {"tenure_years": "many"},
        HOME | {"claims": [CLAIM] * 6},
    ],
    ids=["nothing", "a required one is missing", "a required one does not fit", "one that rules read does not fit",
         "too many records: no viewer is told there were none"],
)  # fmt: skip
def test_missing_data_tells_the_fallback_story(attributes: Mapping[str, object]) -> None:
    reason = "fallback story: data_missing"

    assert decide(DEMO, viewer(**attributes), now_s=NOW_S) == Story(
        decisions=(
            Decision("fallback", SceneId("hello-any"), reason),
            Decision("fallback", SceneId("explain-any"), reason),
            Decision("fallback", SceneId("next-step"), reason, cta=RENEW),
        ),
        fallback="data_missing",
    )


def test_the_fallback_never_shows_a_call_to_action_that_a_rule_guards() -> None:
    told = campaign('  - {slot: a, when: n > 1, scene: plain, cta: {label: Go, url: "https://example.com/"}}\n')

    assert decide(told, viewer(n="x"), now_s=NOW_S).decisions == (
        Decision("fallback", SceneId("plain"), "fallback story: data_missing"),
    )


def test_an_attribute_that_no_rule_reads_may_be_wrong() -> None:
    assert decide(DEMO, viewer(**HOME, premium="a lot"), now_s=NOW_S).fallback is None


def test_a_rule_that_fails_gives_its_own_slots_otherwise_and_no_other() -> None:
    told = campaign(
        "  - {slot: a, choose: [{when: 10 / n > 1, scene: x}, {when: 'true', scene: y}], otherwise: z}\n"
        "  - {slot: b, when: 10 / n > 1, scene: x}\n"
        "  - {slot: c, when: n == 0, scene: w}\n"
    )

    assert decide(told, viewer(n=0), now_s=NOW_S) == Story(
        decisions=(
            Decision("a", SceneId("z"), "rule_error: 10 / n > 1 could not be evaluated"),
            Decision("c", SceneId("w"), "n == 0 is true"),
        ),
        skipped=(("b", "rule_error: 10 / n > 1 could not be evaluated"),),
    )
    assert scenes(decide(told, viewer(n=1), now_s=NOW_S)) == ["x", "x"]


@pytest.mark.parametrize(("rule", "reason"), [("n > 0", "policy"), ("1 / n > 0", "rule_error")])
def test_a_story_that_leaves_nothing_to_show_is_the_fallback(rule: str, reason: str) -> None:
    story = decide(campaign(f"  - {{slot: a, when: {rule}, scene: x}}\n"), viewer(), now_s=NOW_S)

    assert (scenes(story), story.fallback) == (["plain"], reason)


def test_rules_read_the_moment_they_are_given() -> None:
    told = campaign("  - {slot: a, when: due == today, scene: x}\n  - {slot: b, scene: y}\n")
    day_s = 86_400

    assert [scenes(decide(told, viewer(), now_s=NOW_S + days * day_s)) for days in (-1, 0, 1)] == [
        ["y"], ["x", "y"], ["y"],
    ]  # fmt: skip


def test_checked_attributes_and_raw_ones_give_the_same_story() -> None:
    raw = viewer(**HOME, tenure_years="7", claims=[CLAIM])
    checked = Viewer(raw.viewer_id, raw.campaign_id, check_viewer(DEMO.schema, raw.attributes)[0])

    assert decide(DEMO, checked, now_s=NOW_S) == decide(DEMO, raw, now_s=NOW_S)


def test_attributes_checked_against_another_schema_are_checked_again() -> None:
    other = campaign("  - {slot: a, scene: x}\n")
    stale = Viewer(ViewerId("v"), CampaignId("renewal"), check_viewer(other.schema, HOME)[0])

    assert decide(DEMO, stale, now_s=NOW_S) == decide(DEMO, viewer(**HOME), now_s=NOW_S)


def test_an_explanation_gives_the_rules_their_values_and_hides_personal_ones() -> None:
    told = campaign(
        "  - {slot: a, choose: [{when: busy && size(secret) > 0, scene: x}, {when: 1 / n > 0, scene: y}]}\n",
        "audiences: {busy: size(rows) > 0}\n",
    )
    explained = explain(told, viewer(n=0), now_s=NOW_S)

    assert explained.story == decide(told, viewer(n=0), now_s=NOW_S)
    assert explained.slots == (
        SlotTrace(
            "a",
            (),
            "rule_error: 1 / n > 0 could not be evaluated",
            (
                RuleTrace(
                    "busy && size(secret) > 0",
                    False,
                    "",
                    (Input("secret", None, shown=False), Input("rows", {"records": 0})),
                    (AudienceTrace("busy", "size(rows) > 0", False),),
                ),
                RuleTrace("1 / n > 0", None, "divide by zero", (Input("n", 0),), ()),
            ),
        ),
    )


def test_an_explanation_names_the_attributes_that_are_missing() -> None:
    explained = explain(DEMO, viewer(**HOME | {"product": "boat", "first_name": None}), now_s=NOW_S)

    assert [str(fault) for fault in explained.faults] == [
        "first_name: is missing; expected text",
        "product: is another word; expected one of home, motor, life",
    ]


CELLS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
CLAIMS = st.lists(st.fixed_dictionaries({"on": st.dates().map(str), "amount": st.integers(0, 999)}), max_size=6)
RIGHT = st.fixed_dictionaries(
    {"first_name": st.text("abc", min_size=1, max_size=9), "product": st.sampled_from(["home", "motor", "life"]),
     "renewal_on": st.dates().map(str)},
    optional={"tenure_years": st.integers(-1, 101), "claims": CLAIMS},
)  # fmt: skip
GARBAGE = st.dictionaries(
    st.sampled_from(sorted(DEMO.schema.fields)),
    st.recursive(CELLS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner)),
)


@given(RIGHT, GARBAGE, st.booleans())
def test_any_attributes_give_a_story_with_scenes_and_the_same_one_again(
    right: dict[str, object], garbage: dict[str, object], mixed: bool
) -> None:
    attributes = right | garbage if mixed else right
    story = decide(DEMO, viewer(**attributes), now_s=NOW_S)

    assert story.decisions
    assert {decision.scene_id for decision in story.decisions} <= DEMO.scene_ids()
    assert decide(DEMO, viewer(**attributes), now_s=NOW_S) == story
    assert explain(DEMO, viewer(**attributes), now_s=NOW_S).story == story


PROGRAM = f"""
from streamsrv.core.campaign import load_campaign
from streamsrv.core.model import Viewer
from streamsrv.core.rules import decide, document, explain
demo = load_campaign(open({str(ROOT / "config/campaigns/renewal.yaml")!r}).read(), where="x", scenes=None)
for attributes in ({HOME!r}, {HOME | {"tenure_years": 9, "claims": [CLAIM] * 3}!r}, {{}}):
    viewer = Viewer("v", "renewal", attributes)
    print(demo.release, demo.schema.fingerprint, decide(demo, viewer, now_s=1))
    print(document(explain(demo, viewer, now_s=1)))
"""


def test_processes_with_other_hash_seeds_tell_the_same_stories() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM], env={**os.environ, "PYTHONHASHSEED": seed}, cwd=ROOT, check=True,
            capture_output=True, text=True,
        ).stdout
        for seed in ("0", "1", "12345")
    }  # fmt: skip

    assert len(told) == 1
