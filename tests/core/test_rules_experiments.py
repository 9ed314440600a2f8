"""Who is in which arm, who is held out, and what each of them is told."""

import pytest

from streamsrv.core.campaign import Campaign
from streamsrv.core.model import CallToAction, Decision, SceneId, Story
from streamsrv.core.rules import assigned_unit, assignments, decide
from tests.core.authored import NOW_S, cut, load, packaged, problems, scene, tell, viewer, words

HEAD = """\
campaign: test
schema:
  name: {type: string, default: you}
  household: {type: string}
  years: {type: int, default: 1}
story:
  - slot: offer
    experiment: offer
    arms:
      none: {weight: 1, skip: true}
      plain: {weight: 1, scene: plain-offer}
      bonus: {weight: 2, scene: bonus-offer, overlays: {text: "{years} for {name}"}}
    overlays: {text: "For {name}"}
  - {slot: end, scene: end, cta: {label: Go, url: "https://example.com/"}}
  - slot: again
    experiment: offer
    arms: {none: {weight: 1, scene: end}, plain: {weight: 1, skip: true}, bonus: {weight: 2, skip: true}}
fallback: [any, end]
"""
SCENES = packaged(scene("plain-offer", "text"), scene("bonus-offer", "text"), "end", "any", "control")
BY_HOUSEHOLD = "randomize_by: household\n"
HALF = "holdout: {share: 0.5, control: [control]}\n"
ASK = CallToAction("Go", "https://example.com/")


def loaded(extra: str = "", text: str = HEAD) -> Campaign:
    return load(text + extra, SCENES)


def arm_of(campaign: Campaign, name: str, **attributes: object) -> str:
    return dict(decide(campaign, viewer(name, **attributes), now_s=NOW_S).arms)["offer"]


def test_an_arm_is_shown_in_every_slot_of_its_experiment_with_its_own_words_or_the_slots() -> None:
    campaign = loaded()
    arms = ("none", "plain", "bonus")
    stories = [tell(campaign, assigned={"offer": arm}, name="Ana") for arm in arms]

    assert [cut(story) for story in stories] == [["end", "end"], ["plain-offer", "end"], ["bonus-offer", "end"]]
    assert [words(story)[0] for story in stories[1:]] == [{"text": "For Ana"}, {"text": "1 for Ana"}]
    assert [story.arms for story in stories] == [(("offer", arm),) for arm in arms]


def test_an_arm_that_shows_nothing_says_so() -> None:
    assert tell(loaded(), assigned={"offer": "none"}) == Story(
        decisions=(
            Decision("end", SceneId("end"), "shown to everyone", cta=ASK),
            Decision("again", SceneId("end"), "arm none of experiment offer"),
        ),
        skipped=(("offer", "arm none of experiment offer shows nothing"),),
        arms=(("offer", "none"),),
    )


def test_viewers_are_shared_out_by_the_weights_and_everybody_always_gets_the_same() -> None:
    campaign = loaded()
    arms = [arm_of(campaign, f"viewer-{number}") for number in range(400)]

    assert arms == [arm_of(campaign, f"viewer-{number}") for number in range(400)]
    assert {arm: arms.count(arm) for arm in ("none", "plain", "bonus")} == {"none": 106, "plain": 100, "bonus": 194}


def test_what_the_ledger_holds_goes_before_the_hash() -> None:
    campaign = loaded()
    other = {"none": "plain", "plain": "bonus", "bonus": "none"}[arm_of(campaign, "v")]

    assert tell(campaign, assigned={"offer": other}).arms == (("offer", other),)


def test_an_arm_that_was_taken_out_of_the_file_or_never_recorded_is_assigned_by_the_hash() -> None:
    campaign = loaded()

    assert [tell(campaign, assigned=assigned) for assigned in ({"offer": "gone"}, {}, {"other": "plain"})] == [
        tell(campaign)
    ] * 3


def test_the_members_of_a_household_are_in_one_arm() -> None:
    campaign = loaded(BY_HOUSEHOLD)
    arms = {arm_of(campaign, f"member-{number}", household="h-1") for number in range(30)}

    assert arms == {assignments(campaign, "h-1")["offer"]}
    assert len({arm_of(campaign, "v", household=f"h-{number}") for number in range(30)}) == 3
    assert assigned_unit(campaign, viewer("member", household="h-1")) == "h-1"


@pytest.mark.parametrize("household", [None, 7])
def test_without_what_it_is_randomized_by_a_viewer_is_told_the_fallback_and_is_in_no_arm(household: object) -> None:
    campaign = loaded(BY_HOUSEHOLD)

    assert assigned_unit(campaign, viewer(household=household)) is None
    assert tell(campaign, household=household) == Story(
        decisions=(
            Decision("fallback", SceneId("any"), "fallback story: data_missing"),
            Decision("fallback", SceneId("end"), "fallback story: data_missing", cta=ASK),
        ),
        fallback="data_missing",
    )


@pytest.mark.parametrize("attributes", [{}, {"years": "many"}, {"name": "Ana"}])
def test_whoever_is_held_out_is_told_the_control_story_whatever_their_data(attributes: dict[str, object]) -> None:
    story = tell(loaded(HALF), assigned={"holdout": "held_out"}, **attributes)

    assert story == Story(
        decisions=(Decision("control", SceneId("control"), "control story: held out"),), held_out=True
    )
    assert story.kind == "control"


def test_without_a_control_story_the_held_out_see_the_fallbacks_scenes() -> None:
    assert tell(loaded("holdout: {share: 0.5}\n"), assigned={"holdout": "held_out"}) == Story(
        decisions=(
            Decision("control", SceneId("any"), "control story: held out"),
            Decision("control", SceneId("end"), "control story: held out", cta=ASK),
        ),
        held_out=True,
    )


def test_a_share_of_the_viewers_is_held_out_and_is_in_no_arm() -> None:
    campaign = loaded(HALF)
    stories = [decide(campaign, viewer(f"viewer-{number}"), now_s=NOW_S) for number in range(400)]
    held_out = [story for story in stories if story.held_out]

    assert len(held_out) == 208
    assert {story.arms for story in held_out} == {()}
    assert {len(story.arms) for story in stories if not story.held_out} == {1}


def test_the_ledger_is_given_the_arm_of_every_experiment_and_the_holdout() -> None:
    campaign = loaded(HALF)

    assert [assignments(campaign, unit) for unit in ("viewer-0", "viewer-2", "viewer-5")] == [
        {"holdout": "held_out"}, {"holdout": "told", "offer": "none"}, {"holdout": "told", "offer": "plain"},
    ]  # fmt: skip
    assert assignments(load("campaign: x\nstory: [{slot: a, scene: b}]\nfallback: [b]\n"), "viewer-0") == {}


def test_who_was_told_the_story_is_told_it_when_the_holdout_grows() -> None:
    campaign = loaded("holdout: {share: 0.999999, control: [control]}\n")

    assert tell(campaign).held_out
    assert not tell(campaign, assigned={"holdout": "told"}).held_out


def test_without_a_holdout_nobody_is_held_out_whatever_the_ledger_says() -> None:
    assert not tell(loaded(), assigned={"holdout": "held_out"}).held_out


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("bonus: {weight: 2, skip: true}}", "bonus: {weight: 3, skip: true}}",
         '17:5: experiment "offer" has other arms or weights in an earlier slot; expected the same in every slot of '
         "the experiment"),
        (", bonus: {weight: 2, skip: true}}", "}",
         '17:5: experiment "offer" has other arms or weights in an earlier slot; expected the same in every slot of '
         "the experiment"),
        ("experiment: offer\n    arms: {none", "experiment: holdout\n    arms: {none",
         '16:17: "holdout" is the name of the holdout; expected another name'),
        ("arms: {none: {weight: 1, scene: end}, plain: {weight: 1, skip: true}, bonus: {weight: 2, skip: true}}",
         "arms: {none: {weight: 1, scene: end}}", "17:5: 1 arms; expected 2 to 20"),
        ("arms: {none: {weight: 1, scene: end}, plain: {weight: 1, skip: true}, bonus: {weight: 2, skip: true}}",
         "arms: {none: {weight: 0, scene: end}, b: {weight: 0, skip: true}}",
         "17:5: every arm has the weight 0; expected at least one above 0"),
        ("none: {weight: 1, scene: end}", "none: {weight: 1, scene: end, skip: true}",
         '17:18: arm "none" of slot "again" shows both; expected a scene, or skip: true'),
        ("none: {weight: 1, scene: end}", "none: {weight: -1, scene: end}",
         '17:27: "weight" is "-1"; expected a whole number from 0 to 1000000'),
        ("slot: end, scene: end", "slot: end, scene: end, experiment: x",
         '14:29: "experiment" stands with "arms" only; expected "arms" in this slot'),
    ],
)  # fmt: skip
def test_a_wrong_experiment_is_one_problem(old: str, new: str, problem: str) -> None:
    assert HEAD.count(old) == 1
    assert problems(HEAD.replace(old, new), SCENES) == [problem]


@pytest.mark.parametrize(
    ("extra", "problem"),
    [
        ("holdout: {share: 0}", '19:18: "share" is "0"; expected a share above 0 and below 1, such as 0.1'),
        ("holdout: {share: 1.0}", '19:18: "share" is "1.0"; expected a share above 0 and below 1, such as 0.1'),
        ("holdout: {share: 0.0000001}",
         '19:18: "share" is "0.0000001"; expected a share above 0 and below 1, such as 0.1'),
        ("holdout: {control: [end]}", '19:10: the holdout has no "share"; expected this key here'),
        ("holdout: {share: 0.1, control: []}",
         '19:32: "control" is an empty list; expected a list of scenes: [hello-any, next-step]'),
        ("holdout: {share: 0.1, control: [contrl]}",
         '19:33: there is no scene "contrl" (did you mean "control"?); expected a packaged scene'),
        ("randomize_by: years",
         '19:15: "years" has a default: all who lack it would count as one; expected an attribute without a default'),
        ("randomize_by: hose",
         '19:15: "hose" is no attribute to randomize by (did you mean "household"?); expected one of: name, household, '
         "years"),
    ],
)  # fmt: skip
def test_a_wrong_holdout_or_unit_is_one_problem(extra: str, problem: str) -> None:
    assert problems(HEAD + extra, SCENES) == [problem]
