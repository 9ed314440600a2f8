"""The grid, the rates, byte ranges, the cache and the catalog."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.bandwidth import Rates, measure
from streamsrv.core.cache import LruCache
from streamsrv.core.catalog import build_catalog
from streamsrv.core.errors import BadRange, Invalid
from streamsrv.core.grid import AUDIO_TIMESCALE, FRAME_RATES, VIDEO_TIMESCALE, grid_for
from streamsrv.core.languages import direction_of, display_name
from streamsrv.core.manifest import format_scene, parse_scene
from streamsrv.core.model import OverlaySlot
from streamsrv.core.ranges import parse_range
from tests.timelines import make_scene


@pytest.mark.parametrize("frame_rate", FRAME_RATES)
def test_a_unit_is_whole_in_frames_and_in_sound(frame_rate: int) -> None:
    grid = grid_for(frame_rate)
    assert grid.video_ticks * frame_rate == grid.frames * VIDEO_TIMESCALE
    assert grid.video_ticks * AUDIO_TIMESCALE == grid.audio_ticks * VIDEO_TIMESCALE
    assert grid.audio_ticks == grid.aac_frames * 1024


@pytest.mark.parametrize(("frame_rate", "longest"), [(24, 2), (25, 20), (30, 12), (50, 20), (60, 12)])
def test_the_longest_segment_is_at_most_6_4_s(frame_rate: int, longest: int) -> None:
    assert longest == grid_for(frame_rate).longest_segment_units(6400)


def test_frames_are_padded_and_never_trimmed() -> None:
    assert [grid_for(30).units_for_frames(frames) for frames in (0, 1, 16, 17)] == [1, 1, 1, 2]


@given(st.sampled_from(FRAME_RATES), st.integers(0, 10**7))
def test_seconds_are_exact_to_the_microsecond(frame_rate: int, units: int) -> None:
    grid = grid_for(frame_rate)
    micros = int(grid.seconds(units).replace(".", ""))
    assert abs(micros * VIDEO_TIMESCALE - units * grid.video_ticks * 1_000_000) <= VIDEO_TIMESCALE // 2


def test_the_peak_is_the_worst_run_of_half_to_one_and_a_half_targets() -> None:
    grid = grid_for(30)
    # 3.2 s each: one is a run of its own, two are 6.4 s, three would be 9.6 s.
    assert Rates(peak_bps=250_000, average_bps=150_000) == measure(
        [40_000, 100_000, 40_000], [6, 6, 6], grid=grid, target_duration_s=6
    )
    # 1.6 s is too short to be a run: the worst is the first two together.
    assert (
        measure([50_000, 10_000, 10_000], [3, 3, 3], grid=grid, target_duration_s=6).peak_bps == 8 * 60_000 * 10 // 32
    )


def test_a_track_shorter_than_any_run_is_its_own_peak() -> None:
    rates = measure([1000], [1], grid=grid_for(30), target_duration_s=6)
    assert Rates(15_000, 15_000) == rates


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-", (0, 100)),
        ("bytes=0-0", (0, 1)),
        ("bytes=10-19", (10, 20)),
        ("bytes=90-1000", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-1000", (0, 100)),
        ("Bytes = 5-6", (5, 7)),
        ("bytes=0-1,3-4", None),
        ("bytes=5-1", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("lines=0-1", None),
        ("bytes=٣-", None),
        ("", None),
    ],
)
def test_ranges(header: str, expected: tuple[int, int] | None) -> None:
    assert expected == parse_range(header, 100)


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_outside_the_body_is_refused(header: str) -> None:
    with pytest.raises(BadRange):
        parse_range(header, 100)


@given(st.text(max_size=60), st.integers(0, 1000))
def test_any_range_header_gives_a_part_of_the_body(header: str, size_bytes: int) -> None:
    for text in (header, f"bytes={header}"):
        try:
            found = parse_range(text, size_bytes)
        except BadRange:
            continue
        assert found is None or 0 <= found[0] < found[1] <= size_bytes


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 6)), max_size=60))
def test_the_cache_stays_under_its_bound_and_keeps_what_was_used_last(puts: list[tuple[int, int]]) -> None:
    cache: LruCache[int, int] = LruCache(10)
    for key, cost in puts:
        cache.put(key, cost, cost=cost)
        assert cache.cost <= 10
        assert cost == cache.get(key)


def test_a_value_that_can_never_fit_is_not_held_and_evicts_nothing() -> None:
    cache: LruCache[str, int] = LruCache(10)
    cache.put("small", 1, cost=10)
    cache.put("large", 2, cost=11)
    assert (cache.get("small"), cache.get("large")) == (1, None)


def test_a_manifest_gives_its_scene_back() -> None:
    scene = make_scene(languages=("en", "de"), caption_languages=("en", "de"))
    assert scene == parse_scene(format_scene(scene), where="scene.json")


def test_a_manifest_gives_its_overlays_back_by_name_and_language() -> None:
    slots = {
        "premium": OverlaySlot("money", 12, 15, (0.35, 0.0, 0.65, 1.0), {"de": "Beitrag", "": "Premium"}),
        "greeting": OverlaySlot("text", 0, 12, (0.1, 0.7, 0.8, 0.2)),
    }
    scene = replace(make_scene(), overlays=slots)

    document = format_scene(scene)

    assert scene == parse_scene(document, where="scene.json")
    assert ["greeting", "premium"] == list(document["scene"]["overlays"])
    assert ["", "de"] == list(document["scene"]["overlays"]["premium"]["default"])


def test_a_manifest_that_says_nothing_of_overlays_has_none() -> None:
    document = format_scene(make_scene())
    del document["scene"]["overlays"]

    assert make_scene() == parse_scene(document, where="scene.json")


@pytest.mark.parametrize(
    ("name", "field", "value", "message"),
    [
        ("greeting", "kind", "txt", "scene.json: scene.overlays.greeting.kind: Input should be 'text', 'number', "),
        ("greeting", "box", [0, 0, 1], "scene.json: scene.overlays.greeting.box.3: Field required"),
        ("greeting", "surprise", 1, "scene.json: scene.overlays.greeting.surprise: "),
        (
            "Greeting",
            "kind",
            "text",
            "scene.json: overlays: 'Greeting' is not a name, "
            "expected a lower-case letter, then letters, digits and _ (at most 40)",
        ),
        (
            "greeting",
            "box",
            [0, 0.5, 1, float("nan")],
            "scene.json: overlays.greeting.box reaches from 0 to 1 across and from 0.5 to nan down, "
            "expected a box inside the picture, from 0 to 1 both ways",
        ),
        (
            "greeting",
            "end_units",
            16,
            "scene.json: overlays.greeting lasts from unit 0 to 16, "
            "expected a window from one segment's start to another's end",
        ),
        (
            "greeting",
            "start_units",
            12,
            "scene.json: overlays.greeting lasts from unit 12 to 12, "
            "expected a window from one segment's start to another's end",
        ),
        (
            "greeting",
            "default",
            {"": "x" * 301},
            "scene.json: overlays.greeting.default has 301 characters, expected at most 300",
        ),
        (
            "greeting",
            "default",
            {"deutsch": "x"},
            "scene.json: overlays.greeting.default: 'deutsch' is not a language tag such as en or pt-BR (BCP 47)",
        ),
    ],
)
def test_a_broken_overlay_in_a_manifest_is_refused(name: str, field: str, value: object, message: str) -> None:
    document = format_scene(replace(make_scene(), overlays={name: OverlaySlot("text", 0, 12, (0.0, 0.0, 1.0, 1.0))}))
    document["scene"]["overlays"][name][field] = value

    with pytest.raises(Invalid) as caught:
        parse_scene(document, where="scene.json")

    assert str(caught.value).startswith(message)


def test_a_manifest_has_at_most_20_overlays() -> None:
    slots = {f"slot_{number}": OverlaySlot("text", 0, 12, (0.0, 0.0, 1.0, 1.0)) for number in range(21)}

    with pytest.raises(Invalid, match=r"^scene.json: has 21 overlay slots, expected at most 20$"):
        parse_scene(format_scene(replace(make_scene(), overlays=slots)), where="scene.json")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("schema_version",), 99, "schema_version"),
        (("scene", "units"), "many", "scene.units"),
        (("scene", "units"), 14, "do not add up"),
        (("scene", "frame_rate"), 29, "frame_rate is 29"),
        (("scene", "key"), "0" * 16, "key is"),
        (("scene", "surprise"), 1, "surprise"),
        (("scene", "video"), [], "at least one video"),
    ],
)
def test_a_broken_manifest_is_refused_by_field(path: tuple[str, ...], value: object, message: str) -> None:
    document = format_scene(make_scene())
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(Invalid, match=message):
        parse_scene(document, where="scenes/hello/scene.json")


def test_scenes_of_two_ladders_are_refused_by_name() -> None:
    with pytest.raises(Invalid, match="scene slow: was packaged with another ladder"):
        build_catalog([make_scene("hello"), make_scene("slow", (3,), frame_rate=25)], target_duration_s=6)


def test_languages_are_named_as_their_speakers_write_them() -> None:
    assert [display_name(tag) for tag in ("en", "de", "pt-BR", "xx-nonsense")] == [
        "English",
        "Deutsch",
        "Português (Brasil)",
        "xx-nonsense",
    ]


def test_a_language_runs_as_its_script_does() -> None:
    right = ("ar", "ar-EG", "he", "fa-AF", "ur", "ps", "sd", "ug", "yi", "dv", "ckb", "az-Arab", "pa-Arab-PK")
    left = ("en", "de-CH", "sd-Deva", "az", "zh-Hant-TW", "arn", "xx-nonsense", "")

    assert ["rtl"] * len(right) + ["ltr"] * len(left) == [direction_of(tag) for tag in (*right, *left)]
