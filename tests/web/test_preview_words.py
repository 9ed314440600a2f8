"""What a row of the preview says of each place for words."""

from dataclasses import replace

from streamsrv.core.model import Decision, Mark, Overlay, OverlaySlot, SceneId
from streamsrv.core.overlays import groups_of, plan_group
from streamsrv.core.timeline import Placement
from streamsrv.web.preview_words import words_on
from tests.timelines import make_scene

BOX = (0.1, 0.1, 0.5, 0.2)
SLOTS = {
    "greeting": OverlaySlot("text", 1, 4, BOX),
    "motto": OverlaySlot("text", 2, 4, BOX, default={"": "Always there"}),
    "empty": OverlaySlot("text", 3, 4, BOX),
    "history": OverlaySlot("chart", 6, 9, BOX),
    "none": OverlaySlot("chart", 6, 9, BOX),
}
SCENE = replace(make_scene("hello"), overlays=SLOTS)
DECISION = Decision(
    "hello",
    SceneId("hello"),
    "shown to everyone",
    overlays=(
        Overlay("greeting", "Hello \u202eAna", personal=True),
        Overlay("history", "", marks=(Mark("Jan", 3.5, "€3.50"), Mark("", 4, ""))),
        Overlay("none", ""),
    ),
)


def told(drawings: dict[str, bytes]) -> list[tuple[str, str, str, str]]:
    rows = words_on(Placement(SCENE, 100, "hello"), DECISION, drawings, str)
    texts = [row["text"] or "; ".join(f"{mark['label']}={mark['text']}" for mark in row["marks"]) for row in rows]
    return [
        (row["name"], text, f"{row['from']}-{row['to']}", ", ".join(row["notes"]))
        for row, text in zip(rows, texts, strict=True)
    ]


def test_rows_say_what_the_plans_draw_and_why_a_place_shows_nothing() -> None:
    plans = [
        plan_group(SCENE, group, DECISION, language="en", unit_frames=16, defaults={"motto": "Always there"})
        for group in groups_of(SLOTS)
    ]

    assert [
        ("greeting", "Hello Ana", "101-104", "personal"),
        ("motto", "Always there", "102-104", "the scene's own default: nothing else is decided for it"),
        ("empty", "", "103-104", "shows nothing: there are no words, and no default"),
        ("history", "Jan=€3.50; =4", "106-109", ""),
        ("none", "", "106-109", "shows nothing: the list has no records"),
    ] == told({str(number): plan.canonical() for number, plan in enumerate(plans)})


def test_words_of_a_scene_that_has_nothing_to_draw_them_on_are_told_as_not_drawn() -> None:
    not_drawn = "not drawn: the scene was packaged without what words are drawn on. Package it again"

    assert {"greeting": not_drawn, "motto": not_drawn, "history": not_drawn} == {
        name: note for name, _, _, note in told({}) if note.startswith("not")
    }
