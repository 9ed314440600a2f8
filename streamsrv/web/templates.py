"""The page templates, compiled once, with the words they share with the player's script."""

import secrets
from collections.abc import Mapping
from pathlib import Path

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from streamsrv.core import urls
from streamsrv.core.text import Text
from streamsrv.web.assets import Asset
from streamsrv.web.errors import Refusal
from streamsrv.web.languages import preferred_language

TEXTS = "texts.json"
"""Every word of the pages that is not a campaign's own, by language; the script is built with the same file."""
FALLBACK_LANGUAGE = "en"
AGAIN_S = 3
"""A page that cannot be had for now loads itself again after this, and up to the spread more: not all at once."""
AGAIN_SPREAD_S = 8
_KINDS = {
    "not_found": "missing",
    "expired": "expired",
    "not_shown": "not_shown",
    "unavailable": "busy",
    "too_many": "busy",
}
"""Which words tell a refusal, by its code."""
_FILES = {"script": "player.js", "style": "player.css", "playback": "playback.js", "controls": "controls.js"}

Texts = Mapping[str, Mapping[str, str]]


def page_environment(folder: Path, assets: Mapping[str, Asset], **more: str) -> Environment:
    """Templates of `folder` that know the player's files as `assets` and its words as `texts_in(language)`.

    `more` names further files of `assets` that a template asks for.
    """
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, auto_reload=False
    )
    texts, files = load_texts(folder), _FILES | more
    environment.globals["assets"] = {"brand": None} | {name: assets[file].url for name, file in files.items()}
    environment.globals["texts_in"] = lambda language: texts_in(texts, language)
    # All of them now: a template that another one imports would be read from disk by the first request.
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)
    return environment


def load_texts(folder: Path) -> Texts:
    """The words in `folder`, by language."""
    texts: Texts = orjson.loads((folder / TEXTS).read_bytes())
    return texts


def texts_in(texts: Texts, language: str) -> Mapping[str, str]:
    """The words for a BCP 47 tag; English stands in for languages that have none."""
    return texts.get(language.partition("-")[0].lower(), texts[FALLBACK_LANGUAGE])


class Templates:
    """What people are shown."""

    def __init__(self, folder: Path, assets: Mapping[str, Asset], *, brand: str) -> None:
        environment = page_environment(folder, assets)
        watch = environment.get_template("watch.html")
        self._texts = load_texts(folder)
        self.watch = {language: Text(watch.render(page=_nobodys(language))) for language in self._texts}
        """The page at `/watch`, by language: it is the same for everybody."""
        self._landing = environment.get_template("landing.html")
        self._error = environment.get_template("error.html")
        self._brand = brand

    def landing(self, page: Mapping[str, object]) -> str:
        return self._landing.render(page=page)

    def error(self, refusal: Refusal, accept_language: str) -> str:
        """A refusal for a person, in the language of theirs that we have. What passes is asked for again by itself."""
        language = self.language_for(accept_language)
        words, kind = self._texts[language], _KINDS.get(refusal.code, "error")
        again_s = AGAIN_S + secrets.randbelow(AGAIN_SPREAD_S) if kind == "busy" else None
        return self._error.render(
            heading=words[f"{kind}_heading"],
            message=words[f"{kind}_detail"],
            again_s=again_s,
            lang=language,
            brand_name=self._brand,
        )

    def language_for(self, accept_language: str) -> str:
        """The language for someone of whom only their browser's wishes are known."""
        return preferred_language(accept_language, tuple(self._texts), otherwise=FALLBACK_LANGUAGE)


def _nobodys(language: str) -> dict[str, object]:
    """The page without a viewer or a campaign: its script fills it with what the tab has kept."""
    words = dict.fromkeys(("title", "description", "brand_name", "sessions_url", "cta_label"), "")
    nothing = dict.fromkeys(("poster_url", "cta_url"))
    return {**words, **nothing, "lang": language, "watch_url": urls.WATCH_PATH, "autoplay": False}
