"""Contrast as WCAG counts it, and what is put behind words that the picture swallows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.brand import Style
from streamsrv.core.contrast import (
    READABLE,
    contrast,
    least_contrast,
    luminance,
    made_readable,
    on_plate,
    readability,
    remedy,
)

DARK, LIGHT, MIXED = (0.0, 0.03), (0.8, 1.0), (0.0, 1.0)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#0000ff", "#ffffff", 8.59)],
)
def test_ratios_are_those_of_wcag(one: str, other: str, ratio: float) -> None:
    assert ratio == round(contrast(luminance(one), luminance(other)), 2)


def test_a_colour_that_the_picture_has_cannot_be_told_from_it() -> None:
    assert [1.0, 13.5, 21.0] == [
        round(least_contrast("#000000", behind), 1) for behind in (MIXED, (0.625, 1.0), (1.0, 1.0))
    ]
    assert 1.0 == least_contrast("#808080", MIXED)


@pytest.mark.parametrize(
    ("style", "behind", "expected"),
    [
        (Style(colour="#ffffff"), DARK, ""),
        (Style(colour="#ffffff"), LIGHT, "plate"),
        (Style(colour="#ffffff", when_unreadable="shadow"), LIGHT, "shadow"),
        (Style(colour="#ffffff", when_unreadable="nothing"), LIGHT, "nothing"),
        (Style(colour="#ffffff", plate="#000000cc"), LIGHT, ""),
        (Style(colour="#ffffff", plate="#ffffffcc"), DARK, "plate"),
        (Style(colour="#ffffff"), None, ""),
    ],
)
def test_words_that_cannot_be_read_get_what_their_style_wants(
    style: Style, behind: tuple[float, float] | None, expected: str
) -> None:
    assert expected == remedy(style, "text", behind)


def test_a_chart_is_as_readable_as_the_worse_of_its_two_colours() -> None:
    style = Style(colour="#000000", accent="#ffff00")

    assert (True, False) == (
        readability(style, "text", LIGHT) >= READABLE, readability(style, "chart", LIGHT) >= READABLE
    )  # fmt: skip


def test_pictures_and_codes_bring_their_own_background() -> None:
    assert ["", ""] == [remedy(Style(), kind, LIGHT) for kind in ("qr", "image")]


luminances = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda pair: (min(pair), max(pair)))
colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@given(colours, luminances)
def test_words_are_readable_on_any_picture_once_a_plate_is_behind_them(
    colour: str, behind: tuple[float, float]
) -> None:
    style = Style(colour=colour)

    made = made_readable(style, "text", behind)

    assert readability(made, "text", behind) >= min(READABLE, readability(style, "text", behind)) - 1e-9
    assert made == style or readability(made, "text", behind) >= READABLE


@given(colours, luminances)
def test_a_plate_never_widens_what_is_behind(colour: str, behind: tuple[float, float]) -> None:
    low, high = on_plate(colour + "cc", behind)

    assert 0 <= low <= high <= 1
    assert high - low <= behind[1] - behind[0] + 1e-9
