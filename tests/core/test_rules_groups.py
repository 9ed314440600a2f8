"""The slots of a group stand or fall together, and each says why it is left out."""

from streamsrv.core.campaign import Campaign
from streamsrv.core.model import Decision, SceneId, Story
from tests.core.authored import cut, load, packaged, problems, tell

HEAD = """\
campaign: test
schema:
  n: {type: int, default: 0}
  rows: {type: list, of: {v: {type: int}}}
story:
  - {slot: first, scene: first}
  - group: back
    when: n != 1
    slots:
      - {slot: intro, scene: intro}
      - {slot: rows, for_each: rows, scene: row}
      - {slot: sum, when: 10 / n > 1, scene: sum}
      - {slot: choice, choose: [{when: n < 4, scene: few}, {when: n == 4, scene: four}]}
      - {slot: outro, scene: outro}
  - {slot: last, scene: last}
fallback: [plain]
"""
SCENES = packaged("first", "intro", "row", "sum", "few", "four", "outro", "last", "plain", "long")
FIRST = Decision("first", SceneId("first"), "shown to everyone")
LAST = Decision("last", SceneId("last"), "shown to everyone")


def loaded(text: str = HEAD) -> Campaign:
    return load(text, SCENES)


def test_a_group_is_told_when_all_of_its_slots_are() -> None:
    assert tell(loaded(), n=3, rows=[{"v": 1}, {"v": 2}]) == Story(
        decisions=(
            FIRST,
            Decision("intro", SceneId("intro"), "n != 1 is true"),
            Decision("rows", SceneId("row"), "record 1 of 2 in rows", item=0),
            Decision("rows", SceneId("row"), "record 2 of 2 in rows", item=1),
            Decision("sum", SceneId("sum"), "10 / n > 1 is true"),
            Decision("choice", SceneId("few"), "n < 4 is true"),
            Decision("outro", SceneId("outro"), "n != 1 is true"),
            LAST,
        )
    )


def test_a_group_whose_rule_is_false_is_left_out() -> None:
    reason = "n != 1 is false"

    assert tell(loaded(), n=1, rows=[{"v": 1}]) == Story(
        decisions=(FIRST, LAST),
        skipped=tuple((slot, reason) for slot in ("intro", "rows", "sum", "choice", "outro")),
    )


def test_a_group_with_an_empty_list_is_left_out_whole() -> None:
    reason = "left out with its group back: slot rows shows nothing"

    assert tell(loaded(), n=3) == Story(
        decisions=(FIRST, LAST),
        skipped=(
            ("intro", reason), ("rows", "rows is empty"), ("sum", reason), ("choice", reason), ("outro", reason),
        ),
    )  # fmt: skip


def test_a_group_with_a_slot_whose_rule_fails_is_left_out_whole() -> None:
    reason = "left out with its group back: slot sum shows nothing"

    assert tell(loaded(), n=0, rows=[{"v": 1}]) == Story(
        decisions=(FIRST, LAST),
        skipped=(
            ("intro", reason), ("rows", reason), ("sum", "rule_error: 10 / n > 1 could not be evaluated"),
            ("choice", reason), ("outro", reason),
        ),
    )  # fmt: skip


def test_a_group_names_the_first_of_its_empty_slots() -> None:
    reason = "left out with its group back: slot sum shows nothing"

    assert tell(loaded(), n=40, rows=[{"v": 1}]).skipped == (
        ("intro", reason), ("rows", reason), ("sum", "10 / n > 1 is false"),
        ("choice", "no rule of this slot is true"), ("outro", reason),
    )  # fmt: skip


def test_a_group_whose_own_rule_fails_is_left_out_and_no_other_slot_is() -> None:
    told = tell(loaded(HEAD.replace("when: n != 1", "when: 1 / n == 0")), n=0, rows=[{"v": 1}])

    assert cut(told) == ["first", "last"]
    assert {reason for _, reason in told.skipped} == {"rule_error: 1 / n == 0 could not be evaluated"}


def test_a_story_of_one_group_that_is_left_out_is_the_fallback() -> None:
    text = "story:\n  - group: g\n    slots: [{slot: a, scene: first}, {slot: b, when: n == 1, scene: last}]\n"
    campaign = loaded(f"campaign: test\nschema: {{n: {{type: int, default: 0}}}}\n{text}fallback: [plain]\n")

    assert (cut(tell(campaign, n=1)), cut(tell(campaign)), tell(campaign).fallback) == (
        ["first", "last"], ["plain"], "policy",
    )  # fmt: skip


def test_a_slot_and_a_group_share_no_name() -> None:
    text = HEAD.replace("slot: last", "slot: back")

    assert problems(text, SCENES) == [
        '15:12: a second "back" (first in line 7); expected each slot and group a name of its own'
    ]


def test_a_group_needs_a_name_and_slots() -> None:
    text = "campaign: test\nstory:\n  - {group: g}\n  - {slots: [{slot: a, scene: b}]}\nfallback: [b]\n"

    assert problems(text) == [
        '3:5: group "g" has no "slots"; expected this key here',
        '4:5: a group has no "group"; expected this key here',
    ]
