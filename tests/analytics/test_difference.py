"""What viewers would see otherwise with one campaign in place of another."""

import orjson
import pytest

from streamsrv.analytics.difference import Change, ChangeGroup, Difference, DifferenceReport, Group, LengthChange
from streamsrv.core.campaign import Campaign, load_campaign
from streamsrv.core.model import Viewer, ViewerId
from tests.analytics.samples import SCHEMA, all_read, load, people, person, scene, stock

OFFER = """\
  - slot: offer
    choose: [{{when: years > {years}, scene: bonus}}]
    otherwise: plain
"""


def compared(before: Campaign, after: Campaign, viewers: list[Viewer]) -> DifferenceReport:
    difference = Difference(before, after, now_s=0)
    for viewer in viewers:
        difference.add(viewer)
    return difference.report(all_read(len(viewers)))


def changes(
    before: str, after: str, *attributes: dict[str, object], head: str = "", new_head: str | None = None
) -> list[Change]:
    """What changes for one viewer of each of these attributes."""
    difference = Difference(load(before, head=head), load(after, head=head if new_head is None else new_head), now_s=0)
    return [change for viewer in people(*attributes) for change in difference.add(viewer)]


def test_viewers_are_grouped_by_what_changes_in_which_slot() -> None:
    viewers = people({"years": 1}, {"years": 3}, {"years": 9}, {"years": 4}, {"years": 5}, {"years": 3})
    report = compared(load(OFFER.format(years=5)), load(OFFER.format(years=2)), viewers)

    assert (2, 4) == (report.same, report.changed)
    assert {"story": 0, "scenes": 4, "words": 0, "cta": 0, "language": 0} == report.kinds
    assert (
        ChangeGroup(
            "slot offer: plain → bonus", 4, 0.666667, (ViewerId("v1"), ViewerId("v3"), ViewerId("v4")), "scenes"
        ),
    ) == report.changes


def test_a_campaign_is_the_same_as_itself() -> None:
    campaign = load(OFFER.format(years=5))
    report = compared(campaign, campaign, people({}, {"product": None}))

    assert (2, 0, (), ()) == (report.same, report.changed, report.changes, report.arms_moved)


def test_a_slot_that_comes_or_goes_is_told() -> None:
    before = "  - {slot: a, scene: one}\n  - {slot: b, scene: two}\n"
    after = "  - {slot: b, scene: two}\n  - {slot: c, for_each: claims, scene: card}\n"

    assert [
        Change("scenes", "slot a: one → nothing"),
        Change("scenes", "slot c: nothing → card × 2"),
    ] == changes(before, after, {"claims": [{"amount": 1}] * 2})


def test_the_same_scenes_in_another_order_are_other_scenes() -> None:
    before, after = "  - {slot: a, scene: one}\n", "  - {slot: b, scene: two}\n"

    assert [Change("scenes", "the same scenes in another order")] == changes(before + after, after + before, {})


def test_a_slot_with_another_name_changes_nothing_to_see() -> None:
    assert [] == changes("  - {slot: a, scene: one}\n", "  - {slot: b, scene: one}\n", {})


def test_another_rule_for_the_same_scene_changes_nothing_to_see() -> None:
    assert [] == changes("  - {slot: a, scene: one}\n", "  - {slot: a, when: years < 5, scene: one}\n", {})


WORDS = '  - {{slot: a, scene: one, overlays: {{hi: {{text: "{hi} {{name}}", default: Hi}}, bye: Bye}}}}\n'


def test_other_words_are_named_by_their_overlay_and_never_shown() -> None:
    before, after = WORDS.format(hi="Hello"), WORDS.format(hi="Dear")
    report = compared(load(before), load(after), people({"name": "Zuzanna"}, {}))

    assert (1, 1) == (report.same, report.kinds["words"])
    assert (ChangeGroup("slot a: other words in overlay hi", 1, 0.5, (ViewerId("v0"),), "words"),) == report.changes
    assert b"Zuzanna" not in orjson.dumps(report)


def test_an_overlay_that_is_no_longer_given_is_other_words() -> None:
    after = "  - {slot: a, scene: one, overlays: {bye: Bye}}\n"

    assert [Change("words", "slot a: other words in overlay hi")] == changes(WORDS.format(hi="Hello"), after, {})


CTA = "  - {{slot: a, scene: one, cta: {{label: {label}, url: 'https://example.com/{path}'}}}}\n"


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (CTA.format(label="Renew today", path="a"), 'call to action "Renew now" → "Renew today"'),
        (CTA.format(label="Renew now", path="b"), 'call to action "Renew now" leads elsewhere'),
        ("  - {slot: a, scene: one}\n", 'call to action "Renew now" → none'),
    ],
)
def test_another_call_to_action_is_told_by_its_label(after: str, told: str) -> None:
    assert [Change("cta", f"slot a: {told}")] == changes(CTA.format(label="Renew now", path="a"), after, {})


def test_a_viewer_who_falls_back_counts_once_and_not_slot_by_slot() -> None:
    story = "  - {slot: a, scene: one}\n  - {slot: b, scene: two}\n"
    schema = SCHEMA.replace("[product]", "[product, premium]")
    before, after = load(story), load_campaign(f"{schema}story:\n{story}", where="test.yaml", scenes=None)
    report = compared(before, after, people({"premium": 1}, {}))

    assert {"story": 1, "scenes": 1, "words": 0, "cta": 0, "language": 0} == report.kinds
    assert (
        ChangeGroup("personal story → fallback story (data_missing)", 1, 0.5, (ViewerId("v1"),), "story"),
    ) == report.changes


def test_another_language_is_told_once_for_all_its_words() -> None:
    one = "  - {slot: a, scene: one, overlays: {hi: Hello}}\n"
    two = "  - {slot: a, scene: one, overlays: {hi: {en: Hello, de: Hallo}}}\n"
    new_head = "languages: {attribute: name, offered: [en, de]}\n"

    assert [Change("language", "language: en → de")] == changes(
        one, two, {"name": "de"}, {"name": "en"}, new_head=new_head
    )


def test_each_campaign_reads_a_viewer_by_its_own_schema() -> None:
    story = "  - slot: a\n    choose: [{when: 'years > 4', scene: bonus}]\n    otherwise: plain\n"
    other = load_campaign(
        f"{SCHEMA.replace('default: 0', 'default: 9')}story:\n{story}", where="test.yaml", scenes=None
    )
    report = compared(load(story), other, people({}, {"years": 1}))

    assert ("slot a: plain → bonus", 1, (ViewerId("v0"),)) == (
        report.changes[0].what, report.changes[0].viewers, report.changes[0].examples
    )  # fmt: skip


ARMS = "  - {{slot: a, experiment: e, arms: {{x: {{weight: {x}, scene: one}}, y: {{weight: 1, scene: {y}}}}}}}\n"


def test_viewers_who_move_to_another_arm_are_told_even_where_both_show_the_same() -> None:
    viewers = [person(f"v{number}") for number in range(50)]
    report = compared(load(ARMS.format(x=1, y="one")), load(ARMS.format(x=0, y="one")), viewers)
    moved = report.arms_moved[0]

    assert (50, 0) == (report.same, report.changed)
    assert Group("experiment e: x → y", moved.viewers, moved.viewers / 50, moved.examples) == moved
    assert 10 < moved.viewers < 40


def test_an_experiment_that_comes_or_goes_moves_nobody() -> None:
    without, with_arms = load("  - {slot: a, scene: one}\n"), load(ARMS.format(x=1, y="one"))

    assert () == compared(without, with_arms, people({}, {})).arms_moved
    assert () == compared(with_arms, without, people({}, {})).arms_moved


def test_the_largest_changes_in_length_name_their_viewer() -> None:
    scenes = stock(scene("card"), scene("end", 3), scene("sorry"))  # 8 s, 1.6 s, 8 s
    claims = "  - {slot: a, for_each: claims, scene: card}\n"
    end = "  - {slot: b, scene: end}\n"
    viewers = people(*({"claims": [{"amount": 1}] * count} for count in (2, 0, 3, 1)))
    report = compared(load(end, scenes=scenes), load(claims + end, scenes=scenes), viewers)
    back = compared(load(claims + end, scenes=scenes), load(end, scenes=scenes), viewers)

    assert (LengthChange(ViewerId("v2"), 1.6, 25.6, 24.0), None) == (report.longer, report.shorter)
    assert (None, LengthChange(ViewerId("v2"), 25.6, 1.6, -24.0)) == (back.longer, back.shorter)
