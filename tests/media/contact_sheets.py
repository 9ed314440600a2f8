"""Hard names as they are drawn, a sheet for each script. `python -m tests.media.contact_sheets` draws them anew.

The pictures in `golden/` were looked at by a person; whoever draws them anew looks at the difference.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import skia
from numpy.typing import NDArray

from streamsrv.core.brand import Kit, Style
from streamsrv.core.campaign.formats import clean_text
from streamsrv.core.hard_names import HARD_NAMES
from streamsrv.core.model import Look
from streamsrv.core.overlays import Drawn, DrawPlan
from streamsrv.media.draw.painter import Painter

FOLDER = Path(__file__).parent / "golden"
PICTURE = (480, 270)
BOX = (0.02, 0.04, 0.46, 0.11)
CELL = (240, 42)
COLUMNS = 3
KIT = Kit({"name": Style(font="Manrope-ExtraBold", size=0.08, min_size=0.04, colour="#12224d")})
Sheet = NDArray[np.uint8]


def plan_of(name: str, language: str) -> DrawPlan:
    """A name at rest in its box."""
    look = Look("name", motion="none")
    return DrawPlan(language, (Drawn("name", "text", BOX, 0, 90, look, clean_text(name), ()),))


def draw_cell(painter: Painter, name: str, language: str) -> Sheet:
    """The name on white, in grey."""
    cell = np.full((CELL[1], CELL[0]), 255, np.uint16)
    for layer in painter.layers(plan_of(name, language), width=PICTURE[0], height=PICTURE[1])(10):
        height, width = layer.pixels.shape[:2]
        height, width = min(height, CELL[1] - layer.top), min(width, CELL[0] - layer.left)
        ink = layer.pixels[:height, :width].astype(np.uint16)
        place = cell[layer.top : layer.top + height, layer.left : layer.left + width]
        place[:] = ink[..., :3].mean(axis=2).astype(np.uint16) + place * (255 - ink[..., 3]) // 255
    return np.clip(cell, 0, 255).astype(np.uint8)


def draw_sheet(painter: Painter, names: Sequence[str], language: str) -> Sheet:
    """Cells in rows, in the names' order."""
    cells = [draw_cell(painter, name, language) for name in names]
    blank = np.full((CELL[1], CELL[0]), 255, np.uint8)
    cells += [blank] * (-len(cells) % COLUMNS)
    rows = [np.hstack(cells[at : at + COLUMNS]) for at in range(0, len(cells), COLUMNS)]
    return np.vstack(rows)


def read_sheet(path: Path) -> Sheet:
    """A stored sheet, in grey."""
    pixels = np.asarray(skia.Image.open(str(path)).toarray(colorType=skia.kRGBA_8888_ColorType))
    return np.ascontiguousarray(pixels[..., 0])


def main() -> None:
    painter = Painter(KIT)
    FOLDER.mkdir(exist_ok=True)
    for script, (language, names) in HARD_NAMES.items():
        grey = draw_sheet(painter, names, language)
        image = skia.Image.fromarray(np.ascontiguousarray(grey), colorType=skia.kGray_8_ColorType)
        image.save(str(FOLDER / f"{script.lower()}.png"), skia.kPNG)


if __name__ == "__main__":
    main()
