"""What a sample of viewers gets to see of a campaign, branch by branch and render by render."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.analytics.coverage_report import (
    ArmShare,
    AttributeFault,
    Bin,
    CoverageReport,
    Length,
    Lengths,
    Records,
    SceneShare,
    Share,
    StoryShare,
)
from streamsrv.core.model import SceneId
from tests.analytics.samples import ALWAYS, cover, load, people, person, scene, stock


def branches(report: CoverageReport, slot: str) -> list[tuple[str, str, str | None, int]]:
    """Kind, label, scene and viewers of each branch of a slot."""
    found = next(one for one in report.slots if one.slot == slot)
    return [(one.kind, one.label, one.scene, one.viewers) for one in found.branches]


CHOOSE = """\
  - slot: offer
    choose:
      - {when: 'years > 4', scene: bonus}
      - {when: 'product == "life"', scene: life}
    otherwise: plain
"""


def test_each_option_has_its_share_and_what_nobody_takes_is_said() -> None:
    report = cover(load(CHOOSE), people({"years": 9}, {"years": 5}, {}, {"years": 4}))

    assert [
        ("option", "years > 4", "bonus", 2),
        ("option", 'product == "life"', "life", 0),
        ("otherwise", "otherwise", "plain", 2),
    ] == branches(report, "offer")
    assert [0.5, 0.0, 0.5] == [branch.share for branch in report.slots[0].branches]
    assert "scene life is never reached in this sample (slot offer)" in report.findings


def test_a_branch_whose_scene_is_reached_elsewhere_is_named_by_its_rule() -> None:
    report = cover(load(CHOOSE + "  - {slot: more, scene: life}\n"), people({}))

    assert 'slot offer: the option product == "life" is never taken' in report.findings


def test_without_otherwise_nothing_is_a_branch() -> None:
    story = "  - slot: offer\n    choose: [{when: 'years > 4', scene: bonus}]\n" + ALWAYS
    report = cover(load(story), people({}, {"years": 5}))

    assert [
        ("option", "years > 4", "bonus", 1),
        ("skipped", "no rule of this slot is true", None, 1),
    ] == branches(report, "offer")


def test_a_slot_with_a_condition_says_who_skips_it() -> None:
    report = cover(
        load("  - {slot: thanks, when: 'years > 4', scene: thanks}\n" + ALWAYS), people({}, {}, {"years": 5})
    )

    assert [
        ("shown", "years > 4 is true", "thanks", 1),
        ("skipped", "years > 4 is false", None, 2),
    ] == branches(report, "thanks")


def test_a_condition_that_never_decides_is_said_either_way() -> None:
    story = "  - {slot: never, when: 'years > 4', scene: bye}\n  - {slot: always, when: 'years < 5', scene: bye}\n"
    report = cover(load(story), people({}, {}))

    assert (
        "slot never: years > 4 is never true",
        "slot always: years < 5 is never false",
        "no scenes are packaged yet: lengths and renders are not known",
    ) == report.findings[1:]


def test_records_are_counted_for_those_who_have_any() -> None:
    one = {"amount": 1}
    viewers = people({}, {"claims": [one]}, {"claims": [one] * 4}, {"claims": [one] * 5})
    report = cover(load("  - {slot: claims, for_each: claims, max: 4, scene: card}\n" + ALWAYS), viewers)

    assert [
        ("records", "once for each record in claims", "card", 3),
        ("skipped", "claims is empty", None, 1),
    ] == branches(report, "claims")
    assert Records(least=1, mean=3.0, most=4, viewers_with_dropped=0) == report.slots[0].records


def test_what_is_dropped_for_length_is_told_whole_and_in_part() -> None:
    scenes = stock(scene("card"), scene("bye"), scene("sorry"), scene("extra"))  # 8 s each
    story = (
        "  - {slot: claims, for_each: claims, scene: card, drop_order: 2}\n"
        "  - {slot: extra, scene: extra, drop_order: 1}\n" + ALWAYS
    )
    campaign = load(story, head="max_duration_s: 25\n", scenes=scenes)
    viewers = people({}, {"claims": [{"amount": 1}] * 2}, {"claims": [{"amount": 1}] * 3})
    report = cover(campaign, viewers, scenes)

    assert [
        ("shown", "shown to everyone", "extra", 1),
        ("dropped", "dropped: the video would be too long", None, 2),
    ] == branches(report, "extra")
    assert Records(least=2, mean=2.0, most=2, viewers_with_dropped=1) == report.slots[0].records


def test_a_list_that_is_dropped_whole_is_a_branch_and_no_record_count() -> None:
    scenes = stock(scene("card"), scene("bye"), scene("sorry"))  # 8 s each
    story = "  - {slot: claims, for_each: claims, scene: card, drop_order: 1}\n" + ALWAYS
    campaign = load(story, head="max_duration_s: 9\n", scenes=scenes)
    report = cover(campaign, people({"claims": [{"amount": 1}]}), scenes)

    assert [
        ("records", "once for each record in claims", "card", 0),
        ("skipped", "claims is empty", None, 0),
        ("dropped", "dropped: the video would be too long", None, 1),
    ] == branches(report, "claims")
    assert report.slots[0].records is None


def test_records_dropped_for_one_viewer_are_not_counted_for_a_viewer_without_any_shown() -> None:
    scenes = stock(scene("card"), scene("bye"), scene("sorry"))  # 8 s each
    story = "  - {slot: claims, for_each: claims, when: years < 5, scene: card, drop_order: 1}\n" + ALWAYS
    campaign = load(story, head="max_duration_s: 17\n", scenes=scenes)
    two = [{"amount": 1}] * 2
    report = cover(campaign, people({"claims": two}, {"claims": two, "years": 5}), scenes)

    assert Records(least=1, mean=1.0, most=1, viewers_with_dropped=1) == report.slots[0].records


def test_a_slot_that_is_left_out_with_its_group_says_so() -> None:
    story = """\
  - group: history
    when: years > 0
    slots:
      - {slot: intro, scene: intro}
      - {slot: cards, for_each: claims, scene: card}
"""
    report = cover(load(story + ALWAYS), people({}, {"years": 1}, {"years": 1, "claims": [{"amount": 1}]}))

    assert [
        ("shown", "years > 0 is true", "intro", 1),
        ("skipped", "years > 0 is false", None, 1),
        ("left_out", "left out with its group history: slot cards shows nothing", None, 1),
    ] == branches(report, "intro")


def test_a_rule_that_fails_stands_out() -> None:
    story = "  - slot: offer\n    choose: [{when: '10 / years > 1', scene: bonus}]\n    otherwise: plain\n"
    report = cover(load(story), people({}, {"years": 1}, {"years": 100}))

    assert ("rule_error", "otherwise (rule_error: 10 / years > 1 could not be evaluated)", "plain", 1) in branches(
        report, "offer"
    )
    assert (
        "slot offer: a rule fails for 1 viewer (otherwise (rule_error: 10 / years > 1 could not be evaluated))"
        in report.findings
    )


ARMS = """\
  - slot: offer
    experiment: e
    arms: {plain: {weight: 1, scene: plain}, bonus: {weight: 0, scene: bonus}, none: {weight: 1, skip: true}}
"""


def test_arms_have_shares_beside_the_planned_ones_and_an_arm_of_weight_0_is_no_branch() -> None:
    report = cover(load(ARMS + ALWAYS), [person(f"v{number}") for number in range(100)])
    plain, none = report.experiments["e"][0].viewers, report.experiments["e"][2].viewers

    assert (100, True) == (plain + none, plain > 30 < none)
    assert {
        "e": (
            ArmShare("plain", plain, plain / 100, 0.5),
            ArmShare("bonus", 0, 0.0, 0.0),
            ArmShare("none", none, none / 100, 0.5),
        )
    } == report.experiments
    assert [("arm", "arm plain", "plain", plain), ("arm", "arm none", None, none)] == branches(report, "offer")


def test_a_scene_that_nobody_can_get_is_told_from_one_that_nobody_here_gets() -> None:
    report = cover(load(ARMS + "  - {slot: late, when: 'years > 4', scene: late}\n" + ALWAYS), people({}))

    assert SceneShare(SceneId("bonus"), ("offer",), 0, 0.0, reachable=False) in report.scenes
    assert SceneShare(SceneId("late"), ("late",), 0, 0.0, reachable=True) in report.scenes
    assert "scene bonus can be reached by nobody: slot offer shows it to a share of 0" in report.findings
    assert "scene sorry is never reached in this sample (the fallback story)" in report.findings


def test_the_fallback_is_counted_by_reason_and_attribute() -> None:
    viewers = people({}, {"product": None}, {"product": "boat"}, {"premium": "much"})
    report = cover(load(ALWAYS), viewers)

    assert (
        StoryShare("personal", 2, 0.5, None, None),
        StoryShare("fallback", 2, 0.5, None, None),
    ) == report.stories
    assert (Share("data_missing", 2, 0.5),) == report.fallbacks
    assert (
        AttributeFault("name", 4, 0, 1.0, needed=False, fallbacks=0),
        AttributeFault("product", 1, 1, 0.5, needed=True, fallbacks=2),
        AttributeFault("premium", 3, 1, 1.0, needed=False, fallbacks=0),
    ) == report.attributes
    assert "attribute product is missing for 1 viewer and does not fit for 1 viewer" in report.findings
    assert 2 == report.asked


def test_attributes_that_the_schema_does_not_know_stand_out() -> None:
    report = cover(load(ALWAYS), people({"nmae": "Ana"}))

    assert '"nmae" is given for 1 viewer and no attribute of this campaign' in report.findings


def test_a_story_whose_rules_leave_nothing_counts_as_asked() -> None:
    report = cover(load("  - {slot: a, when: 'years > 4', scene: bye}\n"), people({}))

    assert (1, (Share("policy", 1, 1.0),)) == (report.asked, report.fallbacks)
    assert [
        ("shown", "years > 4 is true", "bye", 0),
        ("skipped", "years > 4 is false", None, 1),
    ] == branches(report, "a")


def test_held_out_viewers_are_told_beside_the_planned_share() -> None:
    head = "holdout: {share: 0.5, control: [sorry]}\n"
    report = cover(load(ALWAYS, head=head), [person(f"v{number}") for number in range(100)])
    held_out = report.stories[2].viewers

    assert ArmShare("held out", held_out, held_out / 100, 0.5) == report.holdout
    assert 100 - held_out == report.asked == report.stories[0].viewers


def test_languages_have_shares_those_nobody_speaks_too() -> None:
    head = "languages: {attribute: name, offered: [en, de, fr]}\n"
    report = cover(load(ALWAYS, head=head), people({"name": "de-CH"}, {"name": "de"}, {"name": "en"}))

    assert (Share("de", 2, 0.666667), Share("en", 1, 0.333333), Share("fr", 0, 0.0)) == report.languages


def test_lengths_name_their_viewers_and_fall_into_bins() -> None:
    scenes = stock(scene("card"), scene("bye"), scene("sorry"))  # 8 s each
    story = "  - {slot: claims, for_each: claims, scene: card}\n" + ALWAYS
    viewers = people({}, {}, {}, {}, {"claims": [{"amount": 1}] * 2}, {"product": None})
    report = cover(load(story, scenes=scenes), viewers, scenes)
    lengths = report.lengths

    assert isinstance(lengths, Lengths)
    assert Length(8.0, 4, ("v0", "v1", "v2")) == lengths.shortest
    assert Length(24.0, 1, ("v4",)) == lengths.longest
    assert (11.2, 8.0) == (lengths.mean_s, lengths.median_s)
    assert (Bin(8, 10, 4, 0.8), Bin(24, 26, 1, 0.2)) == (lengths.bins[0], lengths.bins[-1])
    assert 9 == len(lengths.bins)
    assert StoryShare("fallback", 1, 0.166667, 8.0, 8.0) == report.stories[1]


def test_working_outlines_out_early_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    scenes = stock(scene("bonus"), scene("life"), scene("plain"), scene("bye"), scene("sorry"))
    campaign = load(CHOOSE + ALWAYS, scenes=scenes)
    viewers = people(*({"years": number % 7} for number in range(20)), {"product": None})
    at_once = cover(campaign, viewers, scenes)
    monkeypatch.setattr("streamsrv.analytics.coverage.KEPT_OUTLINES", 1)

    assert at_once == cover(campaign, viewers, scenes)
    assert at_once.lengths is not None
    assert Length(16.0, 20, ("v0", "v1", "v2")) == at_once.lengths.shortest


def test_packaged_scenes_that_the_campaign_does_not_name_are_counted_and_not_judged() -> None:
    scenes = stock(scene("bye"), scene("sorry"), scene("winter"), scene("winter-end"))
    report = cover(load(ALWAYS, scenes=scenes), people({}), scenes)

    assert 2 == report.further_scenes
    assert [] == [finding for finding in report.findings if "winter" in finding]


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "product": st.sampled_from(["home", "motor", "boat", None]),
                "years": st.one_of(st.integers(0, 9), st.just("x")),
                "claims": st.lists(st.just({"amount": 1}), max_size=6),
            }
        ),
        min_size=1,
        max_size=20,
    )
)
def test_every_viewer_takes_one_branch_of_every_slot_and_is_told_one_story(given_: list[dict[str, object]]) -> None:
    story = (
        "  - group: g\n    slots:\n      - {slot: a, when: 'years > 2', scene: bye}\n"
        "      - {slot: b, for_each: claims, scene: card}\n" + CHOOSE + ARMS.replace("offer", "arms")
    )
    report = cover(load(story), people(*given_))

    assert len(given_) == sum(one.viewers for one in report.stories) == sum(one.viewers for one in report.languages)
    assert [report.asked] * 4 == [sum(branch.viewers for branch in slot.branches) for slot in report.slots]
    assert all(branch.label for slot in report.slots for branch in slot.branches)
