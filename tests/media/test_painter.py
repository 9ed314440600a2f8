"""Overlays as pixels: inside their boxes, the same each time, and never a missing letter."""

import struct
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamsrv.core.brand import Kit, Style, parse_kit
from streamsrv.core.errors import Invalid
from streamsrv.core.model import Align, ChartKind, Look, Mark, OverlayKind
from streamsrv.core.overlays import Drawn, DrawPlan
from streamsrv.media.draw.painter import MOTION_FRAMES, Finding, Painter
from streamsrv.media.draw.shapes import load_image
from tests.core.test_overlays import drawn

ROOT = Path(__file__).resolve().parents[2]
WIDTH, HEIGHT = 640, 360
KIT = Kit({"title": Style(size=0.1, min_size=0.04), "plate": Style(plate="#000000cc"), "shade": Style(shadow=True)})
NAMES = {
    "Latin": "Zoë Łukasiewicz-Ångström",
    "Greek": "Παπαδοπούλου",
    "Cyrillic": "Дмитрий Щербаков",
    "Arabic": "محمد عبد الرحمن",
    "Hebrew": "שרה לוי",
    "Devanagari": "श्रीनिवासन राजगोपालाचारी",
    "Thai": "สมชาย ศรีสุวรรณ",
    "Han": "王小明",
    "Kana": "たかはし サクラ",
    "Hangul": "김민준",
    "Bengali": "রবীন্দ্রনাথ",
    "Tamil": "சுப்பிரமணியன்",
    "Georgian": "ნინო",
    "Armenian": "Արամ",
    "Emoji": "👩‍👩‍👧‍👦🇩🇪👍🏽",
}


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter(KIT)


def _item(
    text: str = "Hello", *, style: str = "title", align: Align = "start", kind: OverlayKind = "text",
    chart: ChartKind = "bar", marks: tuple[Mark, ...] = (),
) -> Drawn:  # fmt: skip
    return replace(drawn(text, marks=marks), kind=kind, look=Look(style, align, chart=chart))


def _bounds(painter: Painter, item: Drawn, language: str = "en") -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is painted, in pixels."""
    (layer,) = painter.layers(DrawPlan(language, (item,)), width=WIDTH, height=HEIGHT)(40)
    height, width = layer.pixels.shape[:2]
    return layer.left, layer.top, layer.left + width, layer.top + height


def test_a_number_on_its_way_takes_no_more_lines_than_its_value() -> None:
    item = replace(
        _item("1.284,90 € im Jahr", kind="money"), box=(0.0729, 0.66, 0.38, 0.095), from_frame=0, to_frame=96,
        look=Look("amount", motion="count"),
    )  # fmt: skip
    painter = Painter(parse_kit((ROOT / "config/brand.toml").read_text(), where="brand.toml"))
    layers = painter.layers(DrawPlan("de", (item,)), width=WIDTH, height=HEIGHT)

    heights = {layers(frame)[0].pixels.shape[0] for frame in range(12, 84)}
    assert max(heights) < 0.095 * HEIGHT + 8


@pytest.mark.parametrize(
    ("style", "behind", "is_on_plate"),
    [("title", (0.9, 1.0), True), ("title", (0.0, 0.05), False), ("title", None, False), ("dark", (0.9, 1.0), False)],
)
def test_words_that_the_picture_swallows_stand_on_a_plate(
    style: str, behind: tuple[float, float] | None, is_on_plate: bool
) -> None:
    painter = Painter(Kit({"title": Style(colour="#ffffff"), "dark": Style(colour="#101010")}))
    item = replace(_item(style=style), behind=behind)
    (layer,) = painter.layers(DrawPlan("en", (item,)), width=WIDTH, height=HEIGHT)(40)

    # A plate has more dark or light area than letters have ink.
    covered = float((layer.pixels[..., 3] > 200).mean())
    assert is_on_plate == (covered > 0.8)


@pytest.mark.parametrize("script", NAMES)
@pytest.mark.parametrize("style", ["title", "plate", "shade"])
def test_a_name_in_any_script_fits_its_box_whole(painter: Painter, script: str, style: str) -> None:
    item = _item(NAMES[script], style=style)

    assert () == painter.measure(DrawPlan("en", (item,)), width=WIDTH, height=HEIGHT)
    left, top, right, bottom = _bounds(painter, item)
    box = [item.box[0] * WIDTH, item.box[1] * HEIGHT, (item.box[0] + item.box[2]) * WIDTH]
    assert left >= box[0] - 8
    assert right <= box[2] + 8
    assert top >= box[1] - 14
    assert bottom <= (item.box[1] + item.box[3]) * HEIGHT + 14


def test_a_letter_that_no_font_has_is_told(painter: Painter) -> None:
    plan = DrawPlan("en", (_item("𓀀 hieroglyph"),))

    assert (Finding("greeting", "has a character that no font of the set has"),) == painter.measure(
        plan, width=WIDTH, height=HEIGHT
    )


def test_a_text_too_long_at_the_smallest_size_is_shortened_and_told(painter: Painter) -> None:
    item = _item("word " * 100)

    assert (Finding("greeting", "is shortened"),) == painter.measure(
        DrawPlan("en", (item,)), width=WIDTH, height=HEIGHT
    )
    assert _bounds(painter, item)[2] <= (item.box[0] + item.box[2]) * WIDTH + 8


def test_without_a_policy_a_long_text_sticks_out_and_is_told(painter: Painter) -> None:
    item = replace(_item("word " * 12), look=Look("title", fit=()))

    assert (Finding("greeting", "sticks out of its box at the smallest size"),) == painter.measure(
        DrawPlan("en", (item,)), width=WIDTH, height=HEIGHT
    )


def test_a_language_from_right_to_left_starts_at_the_right(painter: Painter) -> None:
    left_start = _bounds(painter, _item("Hello"))
    right_start = _bounds(painter, _item("שלום"), "he")

    assert left_start[0] < WIDTH * 0.15
    assert right_start[2] > WIDTH * 0.55


def test_what_does_not_move_is_the_same_layer_frame_after_frame(painter: Painter) -> None:
    at = painter.layers(DrawPlan("en", (_item(),)), width=WIDTH, height=HEIGHT)

    still = [at(frame)[0] for frame in range(16 + MOTION_FRAMES, 80 - MOTION_FRAMES)]
    assert all(layer is still[0] for layer in still)
    assert [[], []] == [at(15), at(80)]
    faint, bright = at(17)[0].pixels[..., 3].max(), still[0].pixels[..., 3].max()
    assert 0 < faint < bright


def test_equal_plans_give_equal_pixels_from_any_painter() -> None:
    plan = DrawPlan("ar", (_item(NAMES["Arabic"], style="shade"), _item("1.312,40", style="plate")))

    one, other = (
        [layer.pixels.tobytes() for layer in Painter(KIT).layers(plan, width=WIDTH, height=HEIGHT)(20)] for _ in "ab"
    )
    assert one == other


@pytest.mark.parametrize("chart", ["bar", "line", "donut"])
@pytest.mark.parametrize("values", [(1.0,), (3.0, 0.0, 7.5), (-4.0, 2.0), (0.0, 0.0), (float("nan"), 1.0)])
def test_a_chart_of_any_values_stays_in_its_box(painter: Painter, chart: ChartKind, values: tuple[float, ...]) -> None:
    marks = tuple(Mark(f"M{at}", value, f"{value:g}") for at, value in enumerate(values))
    item = _item("", kind="chart", chart=chart, marks=marks)

    left, top, right, bottom = _bounds(painter, item)
    assert left >= item.box[0] * WIDTH - 18
    assert right <= (item.box[0] + item.box[2]) * WIDTH + 18
    assert top >= item.box[1] * HEIGHT - 18
    assert bottom <= (item.box[1] + item.box[3]) * HEIGHT + 18


@pytest.mark.parametrize("chart", ["bar", "line", "donut"])
def test_a_label_of_a_chart_that_is_shortened_is_told_once(painter: Painter, chart: ChartKind) -> None:
    short = (Mark("2024", 1.0, "1 €"), Mark("2025", 2.0, "2 €"))
    long = tuple(Mark("Water damage in the cellar and in the whole of the ground floor " * 2, 1.0, "1 €") for _ in "ab")
    found = [
        painter.measure(
            DrawPlan("en", (replace(_item("", kind="chart", chart=chart, marks=marks), box=box),)),
            width=WIDTH, height=HEIGHT,
        )
        for marks, box in ((short, (0.1, 0.1, 0.8, 0.6)), (long, (0.1, 0.1, 0.8, 0.6)), (short, (0.1, 0.1, 0.8, 0.01)))
    ]  # fmt: skip

    assert [
        (),
        (Finding("greeting", "has a label that is shortened"),),
        (Finding("greeting", "has a label that sticks out of its place at the smallest size"),),
    ] == found


def test_a_code_has_modules_of_whole_pixels_on_white(painter: Painter) -> None:
    (layer,) = painter.layers(
        DrawPlan("en", (_item("https://example.com/r?ref=1", kind="qr"),)), width=WIDTH, height=HEIGHT
    )(40)

    assert {(255, 255, 255, 255)} < {tuple(map(int, pixel)) for pixel in layer.pixels.reshape(-1, 4)}
    assert 2 == len(np.unique(layer.pixels.reshape(-1, 4), axis=0))


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=600), st.sampled_from(["en", "ar", "th"]))
def test_any_text_at_all_is_painted_or_left_out(text: str, language: str) -> None:
    Painter(KIT).layers(DrawPlan(language, (_item(text),)), width=WIDTH, height=HEIGHT)(30)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "is no picture"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be read"),
        ("b.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "cannot be"),
        ("c.png", b"x" * (4 * 1024 * 1024 + 1), "bytes"),
    ],
)
def test_what_is_no_harmless_picture_is_refused(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(data)

    with pytest.raises(ValueError, match=told):
        load_image(tmp_path / name)


def test_a_picture_that_would_unfold_to_gigabytes_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 6, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(10_000_000), 9)) + chunk(b"IEND", b"")
    (tmp_path / "bomb.png").write_bytes(bomb)

    with pytest.raises(ValueError, match="30000x30000 pixels"):
        load_image(tmp_path / "bomb.png")


def test_the_brand_kit_that_ships_is_in_order() -> None:
    kit = parse_kit((ROOT / "config/brand.toml").read_text(), where="brand.toml")

    assert ["greeting", "amount", "label", "chart", "code", "plate"] == list(kit.styles)


def test_every_mistake_of_a_brand_kit_is_told_at_once() -> None:
    text = '[style.Big]\nsize = 3\ncolor = "#fff"\n[style.ok]\nsize = 0.03\nmin_size = 0.05\n'

    with pytest.raises(Invalid) as caught:
        parse_kit(text, where="brand.toml")
    told = str(caught.value)
    assert "brand.toml:2: style.Big.size" in told
    assert 'did you mean "colour"' in told
