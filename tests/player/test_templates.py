"""The pages carry a campaign's words as words, whatever they contain."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from streamsrv.core.campaign.policy import MAX_TRIES
from streamsrv.core.errors import Unavailable
from streamsrv.web.assets import Asset
from streamsrv.web.errors import refusal_for
from streamsrv.web.headers import PAGE
from streamsrv.web.templates import AGAIN_S, AGAIN_SPREAD_S, Templates, load_texts, page_environment

TEMPLATES = Path(__file__).parents[2] / "streamsrv" / "player" / "templates"
_PLACE = re.compile(r"\{\w+\}")
HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
ASSETS = {
    name: Asset(url=f"/assets/{name}", policy=PAGE, body=b"", gzipped=b"", etag="")
    for name in ("player.js", "player.css", "playback.js", "controls.js")
}


class Outline(HTMLParser):
    """What a browser would make of a page: its tags with their attributes, its title, and the text of its headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[str] = []
        self.title = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "h1":
            self.headings.append(data)
        elif self._inside == "title":
            self.title += data

    def all(self, tag: str, attribute: str) -> list[str | None]:
        return [attrs.get(attribute) for name, attrs in self.tags if name == tag]


def render(name: str, **variables: Any) -> Outline:
    return Outline(page_environment(TEMPLATES, ASSETS).get_template(name).render(**variables))


def landing(**changes: Any) -> Outline:
    page = {
        "title": "Your renewal",
        "description": "What changes",
        "lang": "en",
        "title_lang": "en",
        "description_lang": "en",
        "brand_lang": "en",
        "brand_name": "Acme",
        "poster_url": None,
        "sessions_url": "/v/t/sessions",
        "watch_url": "/watch",
        "multivariant_url": "/v/t/multivariant.m3u8",
        "cta_label": "Renew now",
        "cta_url": "https://example.com/renew",
        "autoplay": False,
    }
    return render("landing.html", page=page | changes)


@pytest.mark.parametrize("field", ["title", "description", "brand_name", "cta_label", "poster_url"])
def test_hostile_words_add_no_element(field: str) -> None:
    outline = landing(**{field: HOSTILE})

    assert outline.all("script", "src") == ["/assets/player.js"]
    assert [attrs for _, attrs in outline.tags if "onerror" in attrs] == []


def test_hostile_words_are_shown_as_they_are() -> None:
    assert "".join(landing(title=HOSTILE).headings) == HOSTILE


def test_the_brand_stands_in_the_masthead_and_the_window_title() -> None:
    outline = landing()

    assert ("Your renewal – Acme", 1) == (outline.title, len(outline.all("header", "class")))


def test_a_campaign_without_a_brand_has_no_masthead_and_no_dash() -> None:
    outline = landing(brand_name="")

    assert ("Your renewal", []) == (outline.title, outline.all("header", "class"))


def test_no_call_to_action_is_shown_without_its_address() -> None:
    links = [attrs for tag, attrs in landing(cta_url=None).tags if tag == "a"]

    assert [(attrs.get("href"), "hidden" in attrs) for attrs in links] == [
        (None, True),
        ("/v/t/multivariant.m3u8", False),
        (None, True),
    ]


def test_the_call_to_action_stands_at_the_end_and_under_the_video() -> None:
    expected = ["https://example.com/renew", "/v/t/multivariant.m3u8", "https://example.com/renew"]

    assert landing().all("a", "href") == expected


@pytest.mark.parametrize("lang", ["en", "nl-NL", "de", "fr-CA", "ar-EG", "sv"])
def test_every_language_has_a_word_for_starting_the_video(lang: str) -> None:
    labels = {
        "en": "Watch the video",
        "nl": "Bekijk de video",
        "de": "Video ansehen",
        "fr": "Regarder la vidéo",
        "ar": "مشاهدة الفيديو",
    }
    expected = labels.get(lang[:2], labels["en"])

    assert landing(lang=lang).all("button", "aria-label")[0] == f"{expected}: Your renewal"


def test_every_language_has_every_text() -> None:
    texts = load_texts(TEMPLATES)

    assert {language: sorted(words) for language, words in texts.items()} == dict.fromkeys(
        ["en", "nl", "de", "fr", "ar"], sorted(texts["en"])
    )


def test_every_text_has_the_same_places_in_every_language() -> None:
    texts = load_texts(TEMPLATES)
    places = {
        language: {key: set(_PLACE.findall(text)) for key, text in words.items() if isinstance(text, str)}
        for language, words in texts.items()
    }

    assert dict.fromkeys(texts, places["en"]) == places


def test_every_language_has_the_form_for_each_number_of_tries() -> None:
    lacking = [
        (language, tries)
        for language, words in load_texts(TEMPLATES).items()
        for tries in range(1, MAX_TRIES + 1)
        if Locale(language).plural_form(tries) not in words["ask_tries"]
    ]

    assert [] == lacking


def test_a_form_names_its_number_unless_it_says_it_in_a_word() -> None:
    forms = [words["ask_tries"] for words in load_texts(TEMPLATES).values()]
    nameless = {
        name for each in forms if not isinstance(each, str) for name, text in each.items() if "{count}" not in text
    }

    assert {"one", "two"} == nameless


@pytest.mark.parametrize(
    ("lang", "page", "ours"),
    [
        ("ar-EG", ("ar-EG", "rtl"), (None, None)),
        ("fr-CA", ("fr-CA", "ltr"), (None, None)),
        ("he", ("he", "rtl"), ("en", "ltr")),
        ("sv", ("sv", "ltr"), ("en", "ltr")),
    ],
)
def test_words_of_ours_say_what_they_are_in_where_english_stands_in(
    lang: str, page: tuple[str, str], ours: tuple[str | None, str | None]
) -> None:
    outline = landing(lang=lang, title_lang=lang, description_lang="de")
    marked = {(attrs.get("lang"), attrs.get("dir")) for _, attrs in outline.tags if "data-ours" in attrs}
    described = [attrs.get("lang") for _, attrs in outline.tags if attrs.get("class") == "description"]

    assert [page] == [*zip(outline.all("html", "lang"), outline.all("html", "dir"), strict=True)]
    assert [page] == [*zip(outline.all("h1", "lang"), outline.all("h1", "dir"), strict=True)]
    assert ({ours}, ["de"]) == (marked, described)


def test_every_word_that_the_script_rewrites_is_marked_as_ours() -> None:
    pages = [landing(), Outline(str(Templates(TEMPLATES, ASSETS, brand="").watch["ar"]))]

    assert [] == [
        attrs for page in pages for _, attrs in page.tags if "data-word" in attrs and "data-ours" not in attrs
    ]


def test_the_address_without_a_link_says_to_open_the_link_again() -> None:
    pages = Templates(TEMPLATES, ASSETS, brand="").watch

    assert {language: "".join(Outline(str(page)).headings) for language, page in pages.items()} == {
        "en": "Please open your link again",
        "nl": "Open uw link opnieuw",
        "de": "Bitte öffnen Sie Ihren Link noch einmal",
        "fr": "Veuillez ouvrir à nouveau votre lien",
        "ar": "يُرجى إعادة فتح الرابط",
    }


def test_the_error_page_shows_its_message_and_runs_nothing() -> None:
    words = {"heading": HOSTILE, "message": "Ask for a new link.", "lang": "en", "brand_name": "Acme"}
    outline = render("error.html", again_s=None, **words)

    assert ("".join(outline.headings), outline.all("script", "src")) == (HOSTILE, [])


def test_a_page_that_cannot_be_had_for_now_loads_itself_again_each_at_another_moment() -> None:
    templates = Templates(TEMPLATES, ASSETS, brand="")
    refusal = refusal_for(Unavailable("the viewers"))
    pages = [Outline(templates.error(refusal, "de")) for _ in range(60)]
    after_s = {attrs["content"] for page in pages for tag, attrs in page.tags if attrs.get("http-equiv") == "refresh"}

    assert {"Einen Moment, bitte"} == {"".join(page.headings) for page in pages}
    assert after_s <= {str(seconds) for seconds in range(AGAIN_S, AGAIN_S + AGAIN_SPREAD_S)}
    assert 2 < len(after_s)
    assert [""] == pages[0].all("a", "href")
