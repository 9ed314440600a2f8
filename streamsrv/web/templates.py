"""The page templates, compiled once, with the words they share with the player's script."""

import secrets
from collections.abc import Mapping
from pathlib import Path

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from streamsrv.core import urls
from streamsrv.core.campaign import Campaign
from streamsrv.core.languages import direction_of
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

Forms = Mapping[str, str]
"""A text that counts, by CLDR's plural category; only the script tells these."""
Words = Mapping[str, str | Forms]
Texts = Mapping[str, Words]


def page_environment(folder: Path, assets: Mapping[str, Asset], **more: str) -> Environment:
    """Templates of `folder` that know the player's files as `assets`, and of a language its words as `texts_in`.

    `language_of_texts` says which language these are in, `direction_of` how one is written. `more` names further files
    of `assets` that a template asks for.
    """
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, auto_reload=False
    )
    texts, files = load_texts(folder), _FILES | more
    environment.globals["assets"] = {"brand": None} | {name: assets[file].url for name, file in files.items()}
    environment.globals["texts_in"] = lambda language: texts[language_of_texts(texts, language)]
    environment.globals["language_of_texts"] = lambda language: language_of_texts(texts, language)
    environment.globals["direction_of"] = direction_of
    # All of them now: a template that another one imports would be read from disk by the first request.
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)
    return environment


def load_texts(folder: Path) -> Texts:
    """The words in `folder`, by language."""
    texts: Texts = orjson.loads((folder / TEXTS).read_bytes())
    return texts


def language_of_texts(texts: Texts, language: str) -> str:
    """The language of our words for a BCP 47 tag; English stands in for languages that have none."""
    primary = language.partition("-")[0].lower()
    return primary if primary in texts else FALLBACK_LANGUAGE


def campaign_words(campaign: Campaign, language: str) -> dict[str, object]:
    """What pages show of a campaign's own words, each with the language it is in: another one may stand in."""
    found: dict[str, object] = {"lang": language}
    told = {"title": campaign.titles, "description": campaign.descriptions, "brand": campaign.brands}
    for name, words in told.items():
        found["brand_name" if name == "brand" else name] = campaign.told(words, language)
        found[f"{name}_lang"] = campaign.told_in(words, language)
    return found


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
    languages = dict.fromkeys(("lang", "title_lang", "description_lang", "brand_lang"), language)
    return {**words, **nothing, **languages, "watch_url": urls.WATCH_PATH, "autoplay": False}
