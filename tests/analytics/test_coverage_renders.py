"""What coverage says of overlays and of what has to be drawn for a sample of viewers."""

import pytest

from streamsrv.analytics.renders import OverlayValues, Renders, Window
from streamsrv.core.model import SceneId, Viewer
from tests.analytics.samples import ALWAYS, WORDS, cover, load, people, person, scene, stock


def test_renders_are_combinations_of_what_stands_in_one_window() -> None:
    scenes = stock(scene("next", 4, 4, 4, name=(0, 8), premium=(4, 8), note=(8, 12)), scene("sorry"))
    campaign = load(WORDS.replace('"{name|text}"', '{text: "{name}", default: You}'), scenes=scenes)
    viewers = people(
        {"name": "Ana", "premium": 1}, {"name": "Ana", "premium": 2}, {"name": "Ben", "premium": 1}, {"name": "Ben"},
        {"name": "Ana", "premium": "1.00"},
    )  # fmt: skip
    report = cover(campaign, viewers, scenes)

    assert (
        OverlayValues("next", SceneId("next"), "name", True, 5, 2, 0, 0.0),
        OverlayValues("next", SceneId("next"), "note", False, 5, 1, 5, 1.0),
        OverlayValues("next", SceneId("next"), "premium", True, 5, 3, 1, 0.2),
    ) == report.overlays
    assert (
        Window(SceneId("next"), ("next",), ("name", "premium"), 0.0, 4.267, 5, 5, 4, (2, 3), 2, 3, 24),
        Window(SceneId("next"), ("next",), ("note",), 4.267, 6.4, 5, 5, 1, (1,), 1, 3, 3),
    ) == report.windows
    assert Renders(27, 45, 0.4) == report.renders
    assert "overlay note of scene next in slot next is never filled: every viewer sees its default" in report.findings


def test_defaults_in_the_fallback_story_are_meant_to_be_seen() -> None:
    scenes = stock(scene("sorry", name=(0, 15)), scene("bye"))
    report = cover(load(ALWAYS, scenes=scenes), people({}, {"product": None}), scenes)

    assert (OverlayValues("fallback", SceneId("sorry"), "name", False, 1, 1, 1, 1.0),) == report.overlays
    assert [] == [finding for finding in report.findings if "overlay" in finding]


def test_the_same_scene_in_two_slots_shares_its_renders() -> None:
    scenes = stock(scene("next", name=(0, 15)), scene("sorry"))
    overlays = 'overlays: {name: {text: "{name}", default: You}}'
    story = f"  - {{slot: a, scene: next, {overlays}}}\n  - {{slot: b, scene: next, {overlays}}}\n"
    report = cover(load(story, scenes=scenes), people({"name": "Ana"}), scenes)

    assert (Window(SceneId("next"), ("a", "b"), ("name",), 0.0, 8.0, 1, 2, 1, (1,), 1, 3, 3),) == report.windows


def together(names: int, premiums: int) -> list[Viewer]:
    """A viewer for each pair of a name and a premium."""
    return [
        person(f"v{name}-{premium}", name=f"N{name}", premium=premium)
        for name in range(names)
        for premium in range(premiums)
    ]


@pytest.mark.parametrize(
    ("names", "premiums", "stands_out"),
    [(9, 9, True), (8, 8, False), (60, 2, True)],
    ids=["more than 4 times the single values", "just 4 times", "nearly one for each viewer"],
)
def test_a_window_whose_renders_explode_stands_out(names: int, premiums: int, stands_out: bool) -> None:
    scenes = stock(scene("next", name=(0, 15), premium=(0, 15)), scene("sorry"))
    campaign = load(WORDS.replace('"{name|text}"', '{text: "{name}", default: You}'), scenes=scenes)
    report = cover(campaign, together(names, premiums), scenes)
    count = names * premiums
    sentence = (
        f"slot next: name and premium stand in one window of scene next: {count} renders for {count} viewers;"
        f" in 2 windows {names} + {premiums}"
    )

    assert stands_out == (sentence in report.findings)


def test_an_overlay_that_is_everyones_own_stands_out_from_100_viewers_on() -> None:
    scenes = stock(scene("next", name=(0, 15)), scene("sorry"))
    campaign = load('  - {slot: a, scene: next, overlays: {name: {text: "{name}", default: You}}}\n', scenes=scenes)
    viewers = [person(f"v{number}", name=f"N{number}") for number in range(100)]
    sentence = "slot a: name is nearly everyone's own: 100 renders for 100 viewers"

    assert sentence in cover(campaign, viewers, scenes).findings
    assert sentence.replace("100", "99") not in cover(campaign, viewers[:99], scenes).findings


def test_of_overlays_in_one_window_the_one_that_is_everyones_own_is_named() -> None:
    scenes = stock(scene("next", name=(0, 15), premium=(0, 15)), scene("sorry"))
    campaign = load(WORDS.replace('"{name|text}"', '{text: "{name}", default: You}'), scenes=scenes)
    viewers = [person(f"v{number}", name=f"N{number}", premium=number % 3) for number in range(100)]

    assert (
        "slot next: name is nearly everyone's own: 100 renders for 100 viewers"
        in cover(campaign, viewers, scenes).findings
    )
