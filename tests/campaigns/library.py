"""What made-up campaigns are made of: languages, words, formats, pictures, and scenes with slots of every kind."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from streamsrv.core.model import OverlaySlot, Scene, SceneId
from tests.timelines import make_scene

LANGUAGES = ("en", "de", "pt-BR", "ar", "zh-Hant")
WORDS = ("Hello", "Grüße an alle", "你好", "مرحبا", "a {{b}} c", "1 < 2 & 3", "👩‍👩‍👧 ok", "yes")
FORMATS: Mapping[str, tuple[str, ...]] = {
    "string": ("", "|text"),
    "enum": ("", "|text"),
    "int": ("", "|number", "| number:2", "|percent", "|plural:other=# points"),
    "number": ("", "|number:0", "|percent:1"),
    "money": ("", "|money", "|money:whole"),
    "date": ("", "|date", "|date:short", "|date:full"),
    "datetime": ("", "|date:medium", "|time", "|time:medium", "|datetime:short", "|datetime:long"),
    "list": ("|count", "|plural:other=# times"),
}
PICTURES = ("any.png", "home.jpg", "motor-2.webp")


@lru_cache(maxsize=64)
def make_library(languages: tuple[str, ...], captions: tuple[str, ...], frame_rate: int) -> Mapping[SceneId, Scene]:
    """Scenes with and without places for a viewer's own words, some of which must be filled."""
    must = OverlaySlot("text", 0, 1, (0.1, 0.1, 0.8, 0.2))
    may = replace(must, kind="number", default={"": "0"})
    spoken = replace(must, default={languages[0]: "Hello", "en": "Hello"})
    chart, code = replace(must, kind="chart", default={"": "-"}), replace(must, kind="qr", default={"": "https://a.b"})
    picture = replace(must, kind="image", default={"": "any.png"})
    overlays: Mapping[str, Mapping[str, OverlaySlot]] = {
        "plain": {}, "long": {}, "soft": {"note": may}, "card": {"line": must, "note": spoken}, "full": {"line": must},
        "other": {"line": spoken, "more": must}, "drawn": {"line": may, "chart": chart, "code": code, "sign": picture},
    }  # fmt: skip
    cuts = {"long": (12, 12, 9)}
    return {
        SceneId(name): replace(
            make_scene(
                name,
                cuts.get(name, (3, len(name))),
                frame_rate=frame_rate,
                languages=languages,
                caption_languages=captions,
            ),
            overlays=slots,
        )
        for name, slots in overlays.items()
    }
