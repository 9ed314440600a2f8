"""Overlay slots: what their authors write, what they are told, and where a scene is cut for them."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.errors import Invalid
from streamsrv.core.grid import FRAME_RATES, grid_for
from streamsrv.core.manifest import MAX_OVERLAYS, parse_scene
from streamsrv.core.model import Ladder, Look, OverlaySlot, Scene, Track
from streamsrv.media.overlays import DeclaredSlot, load_overlays, parse_overlays
from streamsrv.media.packager import package_scene
from streamsrv.media.plan import WINDOW_SEGMENT_UNITS, plan_scene, window_on_grid
from streamsrv.media.request import PackageRequest
from tests.media.files import TINY, Sound, decoded_pictures, objects, read_barcode, times_at, tracks, write_source

_SLOT = "from_s = 1.0\nto_s = 4.0\nbox = [0.10, 0.70, 0.80, 0.20]\n"
_TWO_SLOTS = f"""
[premium]
kind = "money"
from_s = 4.5
to_s = 4.6
box = [0, 0, 1, 1]
default = {{de = "Ihr Beitrag", en = "Your premium"}}

[greeting]
{_SLOT}default = "Hello"
"""
_BOX = (0.1, 0.7, 0.8, 0.2)
_PLACED = {
    "greeting": OverlaySlot("text", 1, 8, _BOX, {"": "Hello"}),
    "premium": OverlaySlot("money", 8, 9, (0.0, 0.0, 1.0, 1.0), {"de": "Ihr Beitrag", "en": "Your premium"}),
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """8 s, 15 units, with sound."""
    return write_source(tmp_path_factory.mktemp("source") / "a.mkv", times_at(30, 240), sound=Sound(8.0))


def _package(source: Path, folder: Path, slots: str) -> Scene:
    (folder / "a.toml").write_text(slots)
    request = PackageRequest(source, "a", overlays=folder / "a.toml")
    return package_scene(request, ladder=TINY, store=folder / "store")


def _stored(folder: Path) -> Scene:
    return parse_scene(json.loads((folder / "store/scenes/a/scene.json").read_bytes()), where="scene.json")


def _places(scene: Scene) -> list[list[tuple[int, int]]]:
    return [[(segment.start_units, segment.units) for segment in track.segments] for track in tracks(scene)]


def test_a_file_declares_slots_by_name() -> None:
    assert {
        "premium": DeclaredSlot(
            "money",
            4500,
            4600,
            (0.0, 0.0, 1.0, 1.0),
            {"de": "Ihr Beitrag", "en": "Your premium"},
            where="a.toml:5: premium.to_s",
        ),
        "greeting": DeclaredSlot("text", 1000, 4000, _BOX, {"": "Hello"}, where="a.toml:11: greeting.to_s"),
    } == parse_overlays(_TWO_SLOTS, where="a.toml")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["a.toml: declares no overlay slot; expected a table for each slot, such as [greeting]"]),
        (
            "[greeting]\nfrom_s 1",
            [
                "a.toml:2: is not TOML: expected '=' after a key in a key/value pair; "
                "expected a table for each slot, such as [greeting]"
            ],
        ),
        (
            "[greeting",
            [
                "a.toml:1: is not TOML: expected ']' at the end of a table declaration; "
                "expected a table for each slot, such as [greeting]"
            ],
        ),
        (
            "a = " + "[" * 5000,
            [
                "a.toml: nests too deeply or holds a number too large; "
                "expected a table for each slot, such as [greeting]"
            ],
        ),
        ("kind = 'text'", ['a.toml:1: kind: is "text"; expected a table for each slot, such as [greeting]']),
        (
            "[Greeting]\n" + _SLOT,
            [
                "a.toml:1: Greeting: is not a name; "
                "expected a lower-case letter, then letters, digits and _ (at most 40)"
            ],
        ),
        (
            "[greeting]\n" + _SLOT.replace("from_s", "form_s"),
            [
                'a.toml:2: greeting.form_s: is not a key of an overlay slot (did you mean "from_s"?); '
                "expected one of kind, from_s, to_s, box, default, style, align, fit, motion, chart",
            ],
        ),
        (
            f"[greeting]\n{_SLOT}kind = 'txt'",
            [
                'a.toml:5: greeting.kind: is "txt" (did you mean "text"?); '
                "expected one of text, number, money, date, image, chart, qr"
            ],
        ),
        (
            "[a]\nfrom_s = '1'\nto_s = nan\nbox = [0, 0, 1]\n[b]\nfrom_s = true\nto_s = 1e300\nbox = [0, 0, 1, '1']",
            [
                'a.toml:2: a.from_s: is "1"; expected seconds from the scene\'s start, 0 to 86400',
                "a.toml:3: a.to_s: is nan; expected seconds from the scene's start, 0 to 86400",
                "a.toml:4: a.box: is a list of 3; "
                "expected [left, top, width, height], each from 0 to 1: fractions of the picture",
                "a.toml:6: b.from_s: is true; expected seconds from the scene's start, 0 to 86400",
                "a.toml:7: b.to_s: is 1e+300; expected seconds from the scene's start, 0 to 86400",
                'a.toml:8: b.box: is [0, 0, 1, "1"]; '
                "expected [left, top, width, height], each from 0 to 1: fractions of the picture",
            ],
        ),
        (
            "a = {from_s = 2, to_s = 2, box = [0, 0, 0.5, 0]}\nb.box = [-0.1, 0.5, 0.5, 0.6]\nb.from_s = 0\nb.to_s = 1",
            [
                "a.toml:1: a.box: is 0.5 wide and 0 high; expected a box that is not empty",
                "a.toml:1: a.to_s: is 2 s; expected a time after from_s, 2 s",
                "a.toml:2: b.box: reaches from -0.1 to 0.4 across and from 0.5 to 1.1 down; "
                "expected a box inside the picture, from 0 to 1 both ways",
            ],
        ),
        (
            f"[a]\n{_SLOT}[a.default]\nen = '{'x' * 301}'\ndeutsch = 5\nfr = \"a\\nb\"\n[b]\n{_SLOT}default = 5",
            [
                "a.toml:6: a.default.en: has 301 characters; expected at most 300",
                "a.toml:7: a.default.deutsch: is not a language; expected a language tag such as en or pt-BR (BCP 47)",
                "a.toml:7: a.default.deutsch: is 5; expected a text",
                "a.toml:8: a.default.fr: has a character that cannot be shown; "
                "expected printable characters on one line",
                'a.toml:13: b.default: is 5; expected a text, or one for each language: {en = "Hello", de = "Hallo"}',
            ],
        ),
        (
            "".join(f"[slot_{number}]\n{_SLOT}" for number in range(22)),
            ["a.toml:81: slot_20: is slot 21 of 22; expected at most 20"],
        ),
    ],
)
def test_every_mistake_is_told_with_its_line(text: str, problems: list[str]) -> None:
    with pytest.raises(Invalid) as caught:
        parse_overlays(text, where="a.toml")

    assert problems == [str(problem) for problem in caught.value.problems]


def test_joiners_and_no_break_spaces_are_part_of_a_text() -> None:
    text = "می\u200cخواهم \N{MAN}\u200d\N{WOMAN} 5\u202f000\u00a0€"

    (slot,) = parse_overlays(f'[a]\n{_SLOT}default = "{text}"', where="a.toml").values()

    assert {"": text} == slot.default


_TOKENS = """
    [greeting] [a] [a.default] ["b"] kind from_s to_s box default = . { } [ ] , # ' " ''' \\
    0 1 2.5 -1 nan inf true 1979-05-27 0xFFFFFFFFFFFFFFFFFF 'text' 'en' [0,0,1,1]
"""
_WORDS = st.sampled_from([*_TOKENS.split(), '"""', "\n", "\r\n", " ", _SLOT])


@given(st.lists(_WORDS | st.text(max_size=3), max_size=30).map("".join))
def test_any_text_gives_slots_or_problems_at_lines_that_exist(text: str) -> None:
    try:
        found = parse_overlays(text, where="a.toml")
    except Invalid as error:
        lines = [int(problem.where.split(":")[1]) for problem in error.problems if ":" in problem.where]
        assert all(1 <= line <= text.count("\n") + 1 for line in lines)
    else:
        assert 1 <= len(found) <= MAX_OVERLAYS
        assert all(0 <= slot.from_ms < slot.to_ms for slot in found.values())


@pytest.mark.parametrize(
    ("content", "what"),
    [(None, "does not exist"), (b"\xff\xfe", "is not UTF-8 text"), (b"#" * 70_000, "has 70000 bytes")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, what: str) -> None:
    path = tmp_path / "a.toml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(Invalid) as caught:
        load_overlays(path)

    assert str(caught.value).startswith(f"{path}: {what}; expected ")


@given(frame_rate=st.sampled_from(FRAME_RATES), from_ms=st.integers(0, 10**7), lasts_ms=st.integers(1, 10**5))
def test_a_window_grows_outward_to_the_nearest_units(frame_rate: int, from_ms: int, lasts_ms: int) -> None:
    grid = grid_for(frame_rate)

    start, end = window_on_grid(from_ms, from_ms + lasts_ms, grid=grid)

    assert grid.duration_ms(start) <= from_ms < grid.duration_ms(start + 1)
    assert grid.duration_ms(end - 1) < from_ms + lasts_ms <= grid.duration_ms(end)


@given(
    units=st.integers(1, 500),
    frame_rate=st.sampled_from(FRAME_RATES),
    places=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=6),
    cut_share=st.none() | st.floats(0.01, 0.99),
)
def test_no_segment_straddles_a_window_and_those_inside_are_short(
    units: int, frame_rate: int, places: list[tuple[float, float]], cut_share: float | None
) -> None:
    grid, ladder = grid_for(frame_rate), Ladder(frame_rate=frame_rate, rungs=(), audio_bps=96_000)
    starts = [(int(start * (units - 1)), share) for start, share in places]
    windows = [(start, start + 1 + int(share * (units - 1 - start))) for start, share in starts]
    cuts_ms = [grid.duration_ms(int(cut_share * units))] if cut_share and int(cut_share * units) else []

    plan = plan_scene(units, cuts_ms=cuts_ms, ladder=ladder, grid=grid, windows=windows)

    spans = [(cut.start_units, cut.start_units + cut.units) for cut in plan.cuts]
    assert [end for _, end in spans] == [*(start for start, _ in spans[1:]), units]
    assert (spans[0][0], plan.units) == (0, units)
    assert all(start < end and grid.duration_ms(end - start) <= ladder.segment_ms for start, end in spans)
    for border in {border for window in windows for border in window}:
        assert not any(start < border < end for start, end in spans)
    inside = [(start, end) for start, end in spans if any(first <= start < last for first, last in windows)]
    assert all(end - start <= WINDOW_SEGMENT_UNITS for start, end in inside)
    edges = {0, units, *(border for window in windows for border in window)}
    edges |= {start for start, _ in spans if grid.duration_ms(start) in cuts_ms}
    for (start, middle), (_, end) in pairwise(inside):
        # Two neighbours with no border between them would not fit into one.
        assert middle in edges or end - start > min(WINDOW_SEGMENT_UNITS, grid.longest_segment_units(ladder.segment_ms))


def _unmeasured(scene: Scene) -> dict[str, OverlaySlot]:
    """The slots as they were declared, without what is behind them."""
    return {name: replace(slot, behind=None) for name, slot in scene.overlays.items()}


def test_segments_are_cut_around_windows_alike_in_picture_and_sound(source: Path, tmp_path: Path) -> None:
    scene = _package(source, tmp_path, _TWO_SLOTS)

    assert [[(0, 1), (1, 3), (4, 4), (8, 1), (9, 6)]] * 3 == _places(scene)
    assert list(range(240)) == [read_barcode(frame) for frame in decoded_pictures(tmp_path / "store", scene.video[0])]
    assert (_PLACED, scene) == (_unmeasured(scene), _stored(tmp_path))


def test_slots_are_stored_in_one_order_whatever_the_author_s_was(source: Path, tmp_path: Path) -> None:
    _package(source, tmp_path, _TWO_SLOTS)

    document = json.loads((tmp_path / "store/scenes/a/scene.json").read_bytes())["scene"]["overlays"]

    assert ["greeting", "premium"] == list(document)
    look = {"style": "", "align": "start", "fit": ["wrap", "shrink", "ellipsis"], "motion": "fade", "chart": "bar"}
    low, high = document["greeting"].pop("behind")
    assert 0 <= low < high <= 1
    assert {
        "kind": "text", "start_units": 1, "end_units": 8, "box": [0.1, 0.7, 0.8, 0.2], "default": {"": "Hello"},
        "look": look,
    } == document["greeting"]  # fmt: skip


def test_a_slot_says_how_it_looks(source: Path, tmp_path: Path) -> None:
    look = 'kind = "money"\nstyle = "amount"\nalign = "center"\nfit = ["shrink"]\nmotion = "count"\n'
    scene = _package(source, tmp_path, f"[premium]\n{_SLOT}{look}")

    assert Look("amount", "center", ("shrink",), "count") == scene.overlays["premium"].look


def test_every_mistake_in_a_look_is_told() -> None:
    look = 'style = 3\nalign = "left"\nfit = ["shrink", "shrink"]\nmotion = "count"\nchart = "pie"\n'
    with pytest.raises(Invalid) as caught:
        parse_overlays(f"[a]\n{_SLOT}{look}", where="a.toml")

    assert [
        "a.toml:5: a.style: is 3; expected a style's name in the brand kit",
        'a.toml:6: a.align: is "left"; expected one of start, center, end',
        'a.toml:7: a.fit: is ["shrink", "shrink"]; expected a list of wrap, shrink, ellipsis, each once, in any order',
        'a.toml:8: a.motion: is "count" in a slot of kind text; expected a number or money to run up, or a chart to '
        "grow",
        'a.toml:9: a.chart: is "pie"; expected one of bar, line, donut',
    ] == str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (f'{_SLOT}kind = "nubmer"\nmotion = "count"\n',
         '5: a.kind: is "nubmer" (did you mean "number"?); expected one of text, number, money, date'),
        (f'{_SLOT}knid = "number"\nmotion = "count"\n', "5: a.knid: is not a key of an overlay slot"),
    ],
)  # fmt: skip
def test_a_slip_is_told_once_and_nothing_that_only_follows_from_it(lines: str, problem: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_overlays(f"[a]\n{lines}", where="a.toml")

    (told,) = map(str, caught.value.problems)
    assert told.startswith(f"a.toml:{problem}")


def _without_slots(scene: Scene) -> Scene:
    """All but the slots, and where masters say that they are drawn on."""
    return replace(scene, overlays={}, video=tuple(_unlined(track) for track in scene.video))


def _unlined(track: Track) -> Track:
    segments = (replace(one, master=replace(one.master, lines=()) if one.master else None) for one in track.segments)
    return replace(track, segments=tuple(segments))


def test_what_a_slot_says_can_change_without_encoding_again(source: Path, tmp_path: Path) -> None:
    first = _package(source, tmp_path, _TWO_SLOTS)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "store/objects").rglob("*")}

    # 4.2 s is in the same unit as 4.0 s.
    changed = _TWO_SLOTS.replace("to_s = 4.0", 'kind = "qr"\nto_s = 4.2').replace("0.70", "0.60").replace("Hello", "Hi")
    second = _package(source, tmp_path, changed)

    slot = OverlaySlot("qr", 1, 8, (0.1, 0.6, 0.8, 0.2), {"": "Hi"})
    assert ({**_PLACED, "greeting": slot}, second) == (_unmeasured(second), _stored(tmp_path))
    assert _without_slots(first) == _without_slots(second)
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "store/objects").rglob("*")}


def test_a_caption_names_slots_of_its_scene_and_no_others(source: Path, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(f"[greeting]\n{_SLOT}")
    captions = {}
    for language, name in (("en", "greeting"), ("de", "greting")):
        captions[language] = tmp_path / f"{language}.vtt"
        captions[language].write_text(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{{{name}}} and {{more text}}\n")
    request = PackageRequest(source, "a", captions=captions, overlays=tmp_path / "a.toml")

    with pytest.raises(Invalid) as caught:
        package_scene(request, ladder=TINY, store=tmp_path / "store")

    what = "the caption at 1 s names {greting} (did you mean {greeting}?)"
    assert f"{captions['de']}: {what}; expected an overlay of the scene: greeting" == str(caught.value)


def test_another_window_packages_the_scene_again(source: Path, tmp_path: Path) -> None:
    first = _package(source, tmp_path, f"[greeting]\n{_SLOT}")
    second = _package(source, tmp_path, f"[greeting]\n{_SLOT.replace('4.0', '4.6')}")

    assert [[(0, 1), (1, 3), (4, 4), (8, 7)]] * 3 == _places(first)
    assert [[(0, 1), (1, 4), (5, 4), (9, 6)]] * 3 == _places(second)
    assert (second, False) == (_stored(tmp_path), first.key == second.key)


def test_a_scene_without_slots_is_cut_as_long_as_allowed(source: Path, tmp_path: Path) -> None:
    scene = package_scene(PackageRequest(source, "a"), ladder=TINY, store=tmp_path / "store")

    assert [[(0, 8), (8, 7)]] * 3 == _places(scene)
    assert {} == scene.overlays


def test_a_window_may_reach_into_the_padding_and_no_further(tmp_path: Path) -> None:
    short = write_source(tmp_path / "a.mp4", times_at(30, 40))
    # 40 frames are padded to 3 units, 1.6 s.
    inside, outside = _SLOT.replace("4.0", "1.6"), _SLOT.replace("4.0", "1.601")

    with pytest.raises(Invalid) as caught:
        _package(short, tmp_path, f"[a]\n{outside}\n[b]\n{outside}\n[c]\n{inside}")

    expected = "expected a window inside the scene, which lasts 1.6 s"
    assert str(caught.value).splitlines() == [
        f"{tmp_path}/a.toml:3: a.to_s: is 1.601 s; {expected}",
        f"{tmp_path}/a.toml:8: b.to_s: is 1.601 s; {expected}",
    ]
    assert {} == objects(tmp_path / "store")
    assert [[(0, 1), (1, 2)]] * 3 == _places(_package(short, tmp_path, f"[c]\n{inside}"))


def test_mistakes_in_slots_are_told_together_with_all_others(source: Path, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[a]\nfrom_s = 1\nto_s = 2\n")
    request = PackageRequest(source, "Not An Id", overlays=tmp_path / "a.toml")

    with pytest.raises(Invalid) as caught:
        package_scene(request, ladder=TINY, store=tmp_path / "store")

    assert str(caught.value).splitlines() == [
        "scene: 'Not An Id' is not a scene id; expected a-z, 0-9 and -, at most 63 characters",
        f"{tmp_path}/a.toml:1: a: has no box; expected from_s, to_s and box in every slot",
    ]
