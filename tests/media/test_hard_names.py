"""Two hundred hard names in fifteen scripts: none clipped, none without a glyph, none drawn otherwise than before."""

import numpy as np
import pytest

from streamsrv.core.hard_names import HARD_NAMES
from streamsrv.media.draw.painter import SHORTENED, Painter
from tests.media.contact_sheets import BOX, FOLDER, KIT, PICTURE, draw_sheet, plan_of, read_sheet

NAMES = [(script, language, name) for script, (language, names) in HARD_NAMES.items() for name in names]
MARGIN = 0.05
"""Of the picture's height: how far accents may reach beyond the box before they are cut."""
painter = Painter(KIT)


def test_there_are_two_hundred_names_in_twelve_scripts_and_more() -> None:
    assert (len(NAMES) >= 200, len(HARD_NAMES) >= 12) == (True, True)


@pytest.mark.parametrize("script", HARD_NAMES)
def test_no_name_lacks_a_glyph_or_leaves_its_box(script: str) -> None:
    language, names = HARD_NAMES[script]
    findings = {
        name: {one.what for one in painter.measure(plan_of(name, language), width=width, height=height)} - {SHORTENED}
        for name in names
        for width, height in (PICTURE, (1920, 1080))
    }

    assert {} == {name: found for name, found in findings.items() if found}


@pytest.mark.parametrize("script", HARD_NAMES)
def test_no_ink_reaches_the_edge_of_what_is_painted(script: str) -> None:
    language, names = HARD_NAMES[script]
    width, height = PICTURE
    room = MARGIN * height
    left, top = BOX[0] * width - room, BOX[1] * height - room
    right, bottom = (BOX[0] + BOX[2]) * width + room, (BOX[1] + BOX[3]) * height + room
    for name in names:
        (layer,) = painter.layers(plan_of(name, language), width=width, height=height)(10)
        tall, wide = layer.pixels.shape[:2]

        assert layer.left >= max(0, left - 2), name
        assert layer.top > max(-1, top - 2), name
        assert layer.left + wide <= right + 2, name
        assert layer.top + tall < bottom + 2, name


@pytest.mark.parametrize("script", HARD_NAMES)
def test_names_are_drawn_as_they_were_when_a_person_looked(script: str) -> None:
    language, names = HARD_NAMES[script]
    golden = read_sheet(FOLDER / f"{script.lower()}.png").astype(np.int16)
    drawn = draw_sheet(painter, names, language).astype(np.int16)

    difference = abs(golden - drawn)
    assert golden.shape == drawn.shape
    assert float((difference > 48).mean()) < 0.002
    assert float(difference.mean()) < 0.5
