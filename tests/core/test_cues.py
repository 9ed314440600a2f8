"""Viewers' own words in captions and transcripts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.campaign.languages import Languages
from streamsrv.core.captions import parse_captions
from streamsrv.core.catalog import build_catalog
from streamsrv.core.cues import directed, escaped, names_in
from streamsrv.core.model import Cue, Decision, Mark, Overlay, OverlayKind, OverlaySlot, Scene, SceneId
from streamsrv.core.timeline import Timeline, build_timeline
from tests.timelines import make_scene


def slot(kind: OverlayKind = "text", start: int = 1, end: int = 3, default: str = "", top: float = 0.1) -> OverlaySlot:
    return OverlaySlot(kind, start, end, (0.1, top, 0.8, 0.2), {"": default} if default else {})


def scene(*cues: Cue, title: str = "Hello", **slots: OverlaySlot) -> Scene:
    """Of 10 units: 5.333 s."""
    return replace(make_scene("a", (1, 2, 7)), title=title, captions={"en": cues}, overlays=slots)


def told(one: Scene, *overlays: Overlay, times: int = 1) -> tuple[Timeline, list[Decision]]:
    decisions = [Decision("s", one.scene_id, "", overlays=overlays)] * times
    return build_timeline(decisions, build_catalog([one], target_duration_s=10)), decisions


def cues_of(timeline: Timeline, decisions: list[Decision] | None) -> list[tuple[int, int, str]]:
    return [
        (cue.start_ms, cue.end_ms, cue.text)
        for cue in parse_captions(timeline.captions("en", decisions), where="told.vtt")
    ]


SAID = Cue(100, 2000, "{greeting} This is\nyour {thing}.")


def test_a_cue_that_names_a_slot_tells_what_is_shown_there() -> None:
    timeline, decisions = told(scene(SAID, greeting=slot()), Overlay("greeting", "Hello, Ana!"), times=2)

    text = "Hello, Ana! This is\nyour {thing}."
    assert [(100, 2000, text), (5433, 7333, text)] == cues_of(timeline, decisions)


def test_without_decisions_the_scenes_default_stands_there_and_nothing_else() -> None:
    timeline, _ = told(scene(SAID, greeting=slot(default="Hello!"), more=slot(default="More")))

    assert [(100, 2000, "Hello! This is\nyour {thing}.")] == cues_of(timeline, None)


def test_words_that_no_cue_names_have_a_cue_of_their_own_while_they_are_shown() -> None:
    one = scene(
        Cue(100, 2000, "Said"), amount=slot("money", top=0.5), when=slot("date"), late=slot("text", 3, 10),
        face=slot("image"), code=slot("qr"), history=slot("chart"),
    )  # fmt: skip
    timeline, decisions = told(
        one, Overlay("when", "May 3"), Overlay("amount", "€5"), Overlay("late", "Late"), Overlay("face", "a.png"),
        Overlay("code", "https://a.example/"), Overlay("history", "", marks=(Mark("a", 1.0, "€1"),)),
    )  # fmt: skip

    assert [(100, 2000, "Said"), (533, 1600, "May 3\n€5"), (1600, 5333, "Late")] == cues_of(timeline, decisions)


def test_a_slot_that_shows_nothing_leaves_no_blank_line_and_no_empty_cue() -> None:
    one = scene(Cue(0, 500, "{greeting}"), Cue(500, 900, "{greeting}\nWelcome  {greeting} back"), greeting=slot())
    timeline, decisions = told(one)

    assert [(500, 900, "Welcome back")] == cues_of(timeline, decisions)


def test_a_transcript_tells_what_is_said_and_shown_scene_by_scene() -> None:
    one = scene(
        SAID, Cue(2000, 3000, "<i>R&amp;D</i> & more"), greeting=slot(), history=slot("chart"), code=slot("qr"),
        face=slot("image"),
    )  # fmt: skip
    chart = (Mark("May", 1.0, "€1"), Mark("", 2.0, "€2"))
    timeline, decisions = told(
        one, Overlay("greeting", "Hi <b>!"), Overlay("history", "", marks=chart),
        Overlay("code", "https://a.example/"), Overlay("face", "a.png"), times=2,
    )  # fmt: skip

    said = "Hi <b>! This is your {thing}.\nR&D & more\n[May: €1; €2]\n[https://a.example/]\n"
    assert f"Hello\n{said}{said}" == timeline.transcript("en", decisions)


def test_a_language_that_a_scene_has_no_captions_in_still_shows_what_is_drawn() -> None:
    one = replace(scene(greeting=slot()), captions={"en": (), "de": ()})
    timeline, decisions = told(one, Overlay("greeting", "Hallo"))

    assert "Hello\n[Hallo]\n" == timeline.transcript("de", decisions)


def test_a_scene_captioned_in_one_language_only_tells_each_viewers_words_in_their_own_direction() -> None:
    """English cues stand in for Arabic ones, and run from the left; the viewer's words run from the right."""
    one = scene(Cue(0, 500, "ليلى, your car."), greeting=slot())
    arabic = replace(scene(Cue(0, 500, "سيارتك.")), scene_id=SceneId("other"))
    both = [replace(one, captions={"en": one.captions["en"]}), replace(arabic, captions={"ar": arabic.captions["en"]})]
    decisions = [Decision("s", both[0].scene_id, "", overlays=(Overlay("greeting", "BMW X5 سيارتك"),))]
    decisions.append(Decision("t", both[1].scene_id, ""))
    speech = Languages(("en", "ar"), "language", {"ar": ("en",), "en": ("ar",)})
    timeline = build_timeline(decisions, build_catalog(both, target_duration_s=10), speech)
    expected = ["\u200eليلى, your car.", "\u200fBMW X5 سيارتك", "سيارتك."]

    for language in ("ar", "en"):
        told = parse_captions(timeline.captions(language, decisions, told_in="ar"), where="told.vtt")
        assert expected == [cue.text for cue in told]


@pytest.mark.parametrize(
    ("text", "names"),
    [("{a} {b_2} {a}", ("a", "b_2")), ("{ a} {A} {} {a-b} {{a}", ("a",)), ("{\\an8}", ())],
)
def test_only_names_in_braces_name_slots(text: str, names: tuple[str, ...]) -> None:
    assert names == names_in(text)


@given(st.text(max_size=80))
def test_whatever_a_viewer_is_called_there_is_one_cue_on_its_line(words: str) -> None:
    timeline, decisions = told(scene(SAID, greeting=slot()), Overlay("greeting", words))

    (cue,) = cues_of(timeline, decisions)
    assert (100, 2000, 2) == (*cue[:2], cue[2].count("\n") + 1)


@given(st.text(max_size=80))
def test_escaped_words_hold_no_markup(words: str) -> None:
    text = escaped(words)

    assert not {"<", ">", "\n", "\r"} & set(text)
    assert "-->" not in text


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ar", "BMW X5 سيارتك", "\u200fBMW X5 سيارتك"),
        ("ar-EG", "12 سيارة\nBMW هي", "12 سيارة\n\u200fBMW هي"),
        ("ar", "<v BMW>سيارتك &amp; BMW", "<v BMW>سيارتك &amp; BMW"),
        ("ar", "Anna Müller", "Anna Müller"),
        ("en", "ليلى, this is yours!", "\u200eليلى, this is yours!"),
        ("en", "This is yours, ليلى!", "This is yours, ليلى!"),
        ("en", "<i>ليلى!</i>", "<i>ليلى!</i>"),
        ("he", "Northlight: החידוש שלך", "\u200fNorthlight: החידוש שלך"),
    ],
)
def test_a_line_of_both_directions_runs_in_its_languages_own(language: str, text: str, expected: str) -> None:
    assert [Cue(0, 900, expected, "line:0")] == list(directed([Cue(0, 900, text, "line:0")], language))


def test_a_name_from_the_other_direction_does_not_turn_its_caption_around() -> None:
    timeline, decisions = told(
        scene(Cue(100, 2000, "{name}, this is\nyour renewal."), name=slot()), Overlay("name", "ليلى")
    )

    assert [(100, 2000, "\u200eليلى, this is\nyour renewal.")] == cues_of(timeline, decisions)


@given(st.text("a1بא <>&;!\n", max_size=40), st.sampled_from(["ar", "en"]))
def test_a_mark_of_direction_is_all_that_is_put_into_a_caption(text: str, language: str) -> None:
    (cue,) = directed([Cue(0, 900, text)], language)
    lines = zip(text.split("\n"), cue.text.split("\n"), strict=True)

    assert [] == [pair for pair in lines if pair[1] not in {mark + pair[0] for mark in ("", "\u200e", "\u200f")}]
