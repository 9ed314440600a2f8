"""The pages carry a campaign's words as words, whatever they contain."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from streamsrv.core.errors import Unavailable
from streamsrv.web.assets import Asset
from streamsrv.web.errors import refusal_for
from streamsrv.web.headers import PAGE
from streamsrv.web.templates import AGAIN_S, AGAIN_SPREAD_S, Templates, load_texts, page_environment

TEMPLATES = Path(__file__).parents[2] / "streamsrv" / "player" / "templates"
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


@pytest.mark.parametrize("lang", ["en", "nl-NL", "de", "fr-CA", "sv"])
def test_every_language_has_a_word_for_starting_the_video(lang: str) -> None:
    labels = {
        "en": "Watch the video",
        "nl": "Bekijk de video",
        "de": "Video ansehen",
        "fr": "Regarder la vidéo",
    }
    expected = labels.get(lang[:2], labels["en"])

    assert landing(lang=lang).all("button", "aria-label")[0] == f"{expected}: Your renewal"


def test_every_language_has_every_text() -> None:
    texts = load_texts(TEMPLATES)

    assert {language: sorted(words) for language, words in texts.items()} == dict.fromkeys(
        ["en", "nl", "de", "fr"], sorted(texts["en"])
    )


def test_the_address_without_a_link_says_to_open_the_link_again() -> None:
    pages = Templates(TEMPLATES, ASSETS, brand="").watch

    assert {language: "".join(Outline(str(page)).headings) for language, page in pages.items()} == {
        "en": "Please open your link again",
        "nl": "Open uw link opnieuw",
        "de": "Bitte öffnen Sie Ihren Link noch einmal",
        "fr": "Veuillez ouvrir à nouveau votre lien",
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
