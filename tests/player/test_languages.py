"""What the player's scripts know of languages is what the server knows; controls have words wherever the page has."""

import json
import subprocess
from pathlib import Path
from typing import Any

from streamsrv.core.languages import RIGHT_TO_LEFT, direction_of
from streamsrv.web.templates import load_texts
from tests.browser.node import node

PLAYER = Path(__file__).parents[2] / "streamsrv" / "player"
SOURCE = PLAYER / "src"


def evaluated(module: str, expression: str) -> Any:
    """What Node makes of an expression over one of the player's modules, called `it`."""
    script = f"import * as it from {json.dumps((SOURCE / module).as_uri())}; console.log(JSON.stringify({expression}))"
    done = subprocess.run(
        [*node(), "--input-type=module", "-e", script], capture_output=True, text=True, timeout=30, check=True
    )
    return json.loads(done.stdout)


def test_script_and_server_agree_on_the_direction_of_every_language() -> None:
    tags = [*sorted(RIGHT_TO_LEFT), "ar-EG", "az-Arab", "pa-Arab-PK", "sd-Deva", "az", "en", "de-CH", "zh-Hant-TW", ""]

    assert [direction_of(tag) for tag in tags] == evaluated("direction.js", f"{json.dumps(tags)}.map(it.directionOf)")


def test_the_controls_have_the_same_words_in_dutch_and_in_arabic() -> None:
    assert evaluated("labels-nl.js", "Object.keys(it.Nl)") == evaluated("labels-ar.js", "Object.keys(it.Ar)")


def test_the_controls_have_words_in_every_language_of_the_page() -> None:
    controls = (SOURCE / "controls.js").read_text("utf-8")
    languages = [language for language in load_texts(PLAYER / "templates") if language != "en"]

    assert [] == [language for language in languages if f'addTranslation("{language}"' not in controls]
