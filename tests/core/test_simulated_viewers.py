"""200,000 viewers through `decide`: arms get their shares, experiments leave each other alone (C18, C28)."""

from collections import Counter
from functools import lru_cache

import pytest
from scipy.stats import binomtest, chi2_contingency, chisquare

from streamsrv.core.campaign import check_viewer, load_campaign
from streamsrv.core.model import CampaignId, Viewer, ViewerId
from streamsrv.core.rules import decide
from tests.timelines import make_scenes

VIEWERS = 200_000
HELD_OUT_SHARE = 0.1
OFFER, LOOK = {"plain": 50, "bonus": 30, "gift": 20}, {"calm": 1, "loud": 1}
CAMPAIGN = """\
campaign: trial
schema: {{loyal: {{type: bool}}}}
require: [loyal]
story:
  - slot: hello
    scene: hello
  - slot: offer
    when: loyal
    experiment: offer
    arms: {offer}
  - slot: look
    experiment: look
    arms: {look}
fallback: [hello]
holdout: {{share: {share}, control: [control]}}
"""
Arms = tuple[tuple[str, str], ...]


def arms_of(weights: dict[str, int]) -> str:
    listed = ", ".join(f"{arm}: {{weight: {weight}, scene: {arm}}}" for arm, weight in weights.items())
    return f"{{{listed}}}"


# Bounded by the tests below: each holds the arms of all viewers, some megabytes.
@lru_cache(maxsize=4)
def told(offer: tuple[tuple[str, int], ...] = tuple(OFFER.items()), share: float = HELD_OUT_SHARE) -> list[Arms | None]:
    """The arms of every viewer; None for who is held out."""
    text = CAMPAIGN.format(offer=arms_of(dict(offer)), look=arms_of(LOOK), share=share)
    scenes = make_scenes("hello", "control", "new", *OFFER, *LOOK)
    campaign = load_campaign(text, where="trial.yaml", scenes=scenes)
    attributes, _ = check_viewer(campaign.schema, {"loyal": True})
    found: list[Arms | None] = []
    for number in range(VIEWERS):
        story = decide(campaign, Viewer(ViewerId(f"v-{number:06}"), CampaignId("trial"), attributes), now_s=0)
        shown = [str(decision.scene_id) for decision in story.decisions]
        assert shown == (["control"] if story.held_out else ["hello", *[arm for _, arm in story.arms]])
        found.append(None if story.held_out else story.arms)
    return found


def counted(stories: list[Arms | None], experiment: str) -> Counter[str]:
    return Counter(dict(arms)[experiment] for arms in stories if arms is not None)


@pytest.mark.parametrize(("experiment", "weights"), [("offer", OFFER), ("look", LOOK)])
def test_arms_get_their_shares_of_those_who_are_told_the_story(experiment: str, weights: dict[str, int]) -> None:
    counts = counted(told(), experiment)
    expected = [counts.total() * weight / sum(weights.values()) for weight in weights.values()]

    assert chisquare([counts[arm] for arm in weights], expected).pvalue > 0.001


def test_the_holdout_has_its_share_and_sees_the_control_story_only() -> None:
    held_out = told().count(None)

    assert binomtest(held_out, VIEWERS, HELD_OUT_SHARE).pvalue > 0.001


def test_the_arm_of_one_experiment_says_nothing_about_the_other() -> None:
    pairs = Counter(tuple(arm for _, arm in arms) for arms in told() if arms is not None)

    assert chi2_contingency([[pairs[offer, look] for look in LOOK] for offer in OFFER]).pvalue > 0.001


def test_other_weights_and_arms_of_one_experiment_move_nobody_in_the_other() -> None:
    before, after = told(), told((("plain", 5), ("new", 95)))

    assert {"plain", "new"} == counted(after, "offer").keys()
    assert [arms and arms[1] for arms in before] == [arms and arms[1] for arms in after]


def test_a_larger_holdout_moves_nobody_between_arms() -> None:
    before, after = told(), told(share=0.2)

    assert after == [None if later is None else earlier for earlier, later in zip(before, after, strict=True)]
    assert binomtest(after.count(None), VIEWERS, 0.2).pvalue > 0.001
