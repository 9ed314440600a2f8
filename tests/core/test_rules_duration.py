"""A video is no longer than its campaign says: slots and records are dropped in the order their author gave."""

import pytest

from streamsrv.core.campaign import Campaign
from streamsrv.core.model import Story
from tests.core.authored import cut, load, packaged, problems, scene, tell

SCHEMA = """\
campaign: test
schema:
  n: {type: int, default: 0}
  rows: {type: list, max_items: 4, of: {v: {type: int}}}
"""
# 15 units of 8/15 s are 8 s.
SCENES = packaged(*(scene(name) for name in ("a", "b", "c", "d", "row", "any")), scene("short", units=5))
ROWS = [{"v": 3}, {"v": 1}, {"v": 2}]


def loaded(story: str, most_s: int, scenes: bool = True) -> Campaign:
    text = f"{SCHEMA}max_duration_s: {most_s}\nstory:\n{story}fallback: [any]\n"
    return load(text, SCENES if scenes else None)


def slot(name: str, extra: str = "") -> str:
    return f"  - {{slot: {name}, scene: {name}{extra}}}\n"


def dropped(story: Story) -> dict[str, str]:
    return dict(story.skipped)


def test_a_video_that_is_short_enough_keeps_everything() -> None:
    campaign = loaded(slot("a") + slot("b", ", drop_order: 1") + slot("c"), most_s=24)

    assert cut(tell(campaign)) == ["a", "b", "c"]


def test_the_lowest_drop_order_goes_first_and_no_more_than_must() -> None:
    story = slot("a", ", drop_order: 3") + slot("b", ", drop_order: 1") + slot("c", ", drop_order: 2") + slot("d")

    assert [cut(tell(loaded(story, most_s))) for most_s in (32, 31, 24, 23, 16, 15, 8)] == [
        ["a", "b", "c", "d"], ["a", "c", "d"], ["a", "c", "d"], ["a", "d"], ["a", "d"], ["d"], ["d"],
    ]  # fmt: skip


def test_of_equal_drop_orders_the_later_slot_goes_first() -> None:
    story = slot("a", ", drop_order: 1") + slot("b", ", drop_order: 1") + slot("c")

    assert cut(tell(loaded(story, 16))) == ["a", "c"]


def test_what_is_dropped_says_how_long_the_video_was_and_may_be() -> None:
    story = slot("a", ", drop_order: 2") + slot("b", ", drop_order: 1") + slot("c")

    assert dropped(tell(loaded(story, 9))) == {
        "b": "dropped: the video would take 24 s, at most 9 s",
        "a": "dropped: the video would take 16 s, at most 9 s",
    }


def test_records_are_dropped_one_by_one_from_the_end_of_their_order() -> None:
    rows = "  - {slot: rows, for_each: rows, order_by: v, scene: row, drop_order: 1}\n"
    stories = [tell(loaded(slot("a") + rows, most_s), rows=ROWS) for most_s in (32, 31, 23, 15)]

    assert [[decision.item for decision in story.decisions] for story in stories] == [
        [None, 1, 2, 0], [None, 1, 2], [None, 1], [None],
    ]  # fmt: skip
    assert [decision.reason for decision in stories[1].decisions] == [
        "shown to everyone", "record 1 of 2 in rows", "record 2 of 2 in rows",
    ]  # fmt: skip
    assert dropped(stories[3]) == {"rows": "dropped: the video would take 16 s, at most 15 s"}


def test_a_group_is_dropped_whole() -> None:
    group = "  - group: g\n    drop_order: 1\n    slots: [{slot: b, scene: b}, {slot: c, scene: short}]\n"
    story = slot("a") + group + slot("d", ", drop_order: 2")

    assert cut(tell(loaded(story, 26))) == ["a", "d"]
    assert dropped(tell(loaded(story, 26))) == dict.fromkeys(
        ("b", "c"), "dropped: the video would take 26.667 s, at most 26 s"
    )


def test_what_nobody_is_shown_takes_no_time() -> None:
    story = slot("a") + slot("b", ", when: n == 1, drop_order: 1") + slot("c", ", when: n == 0, drop_order: 2")

    assert cut(tell(loaded(story, 16))) == ["a", "c"]


def test_a_story_of_which_all_is_dropped_is_the_fallback() -> None:
    text = f"{SCHEMA}max_duration_s: 7\nstory:\n{slot('a', ', drop_order: 1')}fallback: [short]\n"
    story = tell(load(text, SCENES))

    assert (cut(story), story.fallback) == (["short"], "policy")


def test_without_scenes_nothing_is_known_of_durations_and_nothing_is_dropped() -> None:
    assert cut(tell(loaded(slot("a") + slot("b", ", drop_order: 1"), 1, scenes=False))) == ["a", "b"]


@pytest.mark.parametrize(
    ("story", "most_s", "problem"),
    [
        (slot("a") + slot("b"), 15, "what is never dropped can take 16 s; expected at most 15 s"),
        ("  - {slot: s, choose: [{when: n == 1, scene: a}], otherwise: short}\n" + slot("b"), 15,
         "what is never dropped can take 16 s; expected at most 15 s"),
        (slot("a") + "  - {slot: rows, for_each: rows, scene: row}\n", 39,
         "what is never dropped can take 40 s; expected at most 39 s"),
        (slot("a") + "  - {slot: rows, for_each: rows, max: 2, scene: row}\n", 23,
         "what is never dropped can take 24 s; expected at most 23 s"),
        ("  - {group: g, slots: [{slot: a, scene: a}, {slot: b, scene: b}]}\n", 15,
         "what is never dropped can take 16 s; expected at most 15 s"),
        ("  - {slot: x, experiment: e, arms: {y: {skip: true}, n: {scene: a}}}\n" + slot("b"), 15,
         "what is never dropped can take 16 s; expected at most 15 s"),
        (slot("short"), 7, "the fallback story can take 8 s; expected at most 7 s"),
    ],
)  # fmt: skip
def test_what_cannot_be_dropped_and_can_be_too_long_is_found_at_load(story: str, most_s: int, problem: str) -> None:
    text = f"{SCHEMA}max_duration_s: {most_s}\nstory:\n{story}fallback: [any]\n"

    assert problems(text, SCENES) == [f"5:1: {problem}: shorter scenes, or drop_order on a slot"]


def test_a_control_story_that_is_too_long_is_found_at_load() -> None:
    text = f"{SCHEMA}max_duration_s: 8\nstory:\n{slot('a')}fallback: [any]\nholdout: {{share: 0.1, control: [a, b]}}\n"

    assert problems(text, SCENES) == [
        "5:1: the control story can take 16 s; expected at most 8 s: shorter scenes, or drop_order on a slot"
    ]


@pytest.mark.parametrize("most_s", ["0", "3601", "1.5", "1m"])
def test_a_video_takes_seconds_up_to_an_hour(most_s: str) -> None:
    text = f"{SCHEMA}max_duration_s: {most_s}\nstory:\n{slot('a')}fallback: [any]\n"

    assert problems(text, SCENES) == [f'5:17: "max_duration_s" is "{most_s}"; expected a whole number from 1 to 3600']
