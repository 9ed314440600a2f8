"""What a preview draws and what its page says of it: the viewer's words, defaults, and what could not be drawn."""

import json
import re
import shutil
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from urllib.error import HTTPError

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, expect

from streamsrv.core.captions import parse_captions
from streamsrv.stores.scenes import load_catalog
from streamsrv.stores.segments import open_store
from tests.browser.pages import AUTOPLAY, chromium
from tests.e2e.conftest import need
from tests.e2e.previewing import Preview, previewing
from tests.e2e.server import Answer, fetch
from tests.player.page import DESKTOP, PHONE, LandingPage

LARGEST_BYTES = 500_000
CAMPAIGN = """\
campaign: words
languages: {attribute: language, offered: [en, ar], fallback: {ar: [en]}}
schema:
  name: {type: string, personal: true}
  language: {type: enum, values: [en, ar], default: en}
story:
  - slot: hello
    scene: hello
    overlays: {greeting: {text: {en: "Hello {name}", ar: "مرحبًا {name}!"}, default: {en: "Good day", ar: "أهلًا"}}}
  - {slot: again, scene: hello}
  - {slot: end, scene: end}
fallback: [hello, end]
"""
VIEWERS = """\
{"viewer": "ana", "campaign": "words", "attributes": {"name": "Ana"}}
{"viewer": "another-ana", "campaign": "words", "attributes": {"name": "Ana"}}
{"viewer": "layla", "campaign": "words", "attributes": {"name": "ليلى", "language": "ar"}}
{"viewer": "nobody", "campaign": "words", "attributes": {}}
"""


@contextmanager
def previewed(folder: Path, segments: Path, ladder: Path) -> Iterator[Preview]:
    file, viewers = folder / "words.yaml", folder / "viewers.ndjson"
    file.write_text(CAMPAIGN, encoding="utf-8")
    viewers.write_text(VIEWERS, encoding="utf-8")
    with previewing(folder, file, viewers, segments, ladder) as url:
        yield Preview(url, file)


@pytest.fixture(scope="module")
def preview(greet_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    with previewed(tmp_path_factory.mktemp("preview"), greet_store / "segments", greet_store / "ladder.toml") as opened:
        yield opened


@pytest.fixture
def without_masters(greet_store: Path, tmp_path: Path) -> Iterator[Preview]:
    """A preview over a store that has lost what words are drawn on."""
    segments = tmp_path / "segments"
    shutil.copytree(greet_store / "segments", segments)
    scenes = load_catalog(open_store(str(segments)), target_duration_s=6).scenes.values()
    tracks = [track for scene in scenes for track in (*scene.video, *scene.audio.values())]
    kept = {track.init_name for track in tracks} | {one.name for track in tracks for one in track.segments}
    kept |= {scene.poster_name for scene in scenes}
    for path in [one for one in (segments / "objects").rglob("*") if one.is_file() and one.name not in kept]:
        path.unlink()
    with previewed(tmp_path, segments, greet_store / "ladder.toml") as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(need("chromium"), AUTOPLAY) as running:
        yield running


def picture(preview: Preview, viewer: str, name: str) -> Answer:
    """The picture that a viewer's page leads to."""
    page = fetch(preview.page(viewer)).body.decode()
    found = re.search(r'href="(/v/[^"]+)">[^<]*' + re.escape(name), page)
    assert found
    return fetch(preview.url.rstrip("/") + found[1])


def pictures_in(data: bytes) -> list[NDArray[np.int16]]:
    """The pictures of a JPEG file, or of a moving WebP file, in grey."""
    files = [data] if data[:2] == b"\xff\xd8" else _stills(data)
    return [frame.to_ndarray(format="gray").astype(np.int16) for one in files for frame in _decoded(one)]


def _decoded(data: bytes) -> Iterator[av.VideoFrame]:
    with av.open(BytesIO(data), "r") as container:
        yield from container.decode(video=0)


def _stills(webp: bytes) -> list[bytes]:
    """Each picture of an animation as a WebP file: what stands behind the 16 bytes of an ANMF chunk's own."""
    assert (b"RIFF", b"WEBP", len(webp) - 8) == (webp[:4], webp[8:12], struct.unpack("<I", webp[4:8])[0])
    found, at = [], 12
    while at < len(webp):
        size = struct.unpack("<I", webp[at + 4 : at + 8])[0]
        if webp[at : at + 4] == b"ANMF":
            picture = webp[at + 24 : at + 8 + size]
            found.append(b"RIFF" + struct.pack("<I", len(picture) + 4) + b"WEBP" + picture)
        at += 8 + size + size % 2
    return found


@pytest.mark.parametrize(
    ("name", "content_type", "moves"), [("still", "image/jpeg", False), ("moving", "image/webp", True)]
)
def test_pictures_for_e_mails_show_each_viewer_s_own_words(
    preview: Preview, name: str, content_type: str, moves: bool
) -> None:
    answers = {viewer: picture(preview, viewer, name) for viewer in ("ana", "another-ana", "layla")}
    found = {viewer: pictures_in(answer.body) for viewer, answer in answers.items()}
    ana, other, layla = (found[viewer][0] for viewer in ("ana", "another-ana", "layla"))

    assert {(200, content_type)} == {(answer.status, answer.headers["Content-Type"]) for answer in answers.values()}
    assert {moves} == {len(pictures) > 1 for pictures in found.values()}
    assert all(len(answer.body) < LARGEST_BYTES for answer in answers.values())
    assert [(360, 640)] * 3 == [one.shape for one in (ana, other, layla)]
    assert np.array_equal(ana, other)
    # Other words in their box, and the same picture above and below.
    differs = np.abs(ana - layla) > 60
    assert differs[158:202].any()
    assert not differs[:140].any()
    assert not differs[220:].any()


def test_an_arabic_viewer_of_scenes_with_english_captions_reads_those_and_their_own_words_in_arabic(
    preview: Preview,
) -> None:
    page, base = fetch(preview.page("layla")).body.decode(), preview.url.rstrip("/")
    sessions = re.search(r'data-sessions-url="([^"]+)"', page)
    assert sessions
    session = json.loads(fetch(base + sessions[1], method="POST").body)
    folder = base + session["multivariant_url"].rpartition("/")[0]
    captions = parse_captions(fetch(f"{folder}/text/en.vtt").body.decode(), where="en.vtt")

    assert ["Scene hello", "مرحبًا ليلى!", "Scene hello", "Hello", "Scene end"] == [cue.text for cue in captions]
    # Not one scene is captioned in Arabic: no track says that it is.
    with pytest.raises(HTTPError) as caught:
        fetch(f"{folder}/text/ar.vtt")
    with caught.value as answer:
        assert 404 == answer.code


def words(shown: LandingPage) -> list[str]:
    """What stands in each row of words, in order."""
    return [" ".join(text.split()) for text in shown.page.locator(".words > div").all_inner_texts()]


@pytest.mark.chromium
@pytest.mark.parametrize(
    ("viewer", "first"),
    [("ana", "Hello Ana personal"), ("nobody", "Good day the default: a value is missing")],
)
def test_each_row_says_what_is_drawn_when_and_which_words_are_defaults(
    preview: Preview, browser: Browser, viewer: str, first: str
) -> None:
    with LandingPage.open(browser, preview.page(viewer)) as shown:
        assert [
            f"greeting 0:00–0:02 {first}",
            "greeting 0:03–0:05 Hello the scene's own default: nothing else is decided for it",
        ] == words(shown)
        assert 0 == shown.page.locator(".fallback:visible").count()


@pytest.mark.chromium
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_arabic_words_run_from_the_right_between_the_quotes_of_an_english_page(
    preview: Preview, browser: Browser, size: tuple[int, int]
) -> None:
    with LandingPage.open(browser, preview.page("layla"), size=size) as shown:
        quote, said = shown.page.locator("q").first, shown.page.locator("q > bdi").first
        around, inside = quote.bounding_box(), said.bounding_box()
        assert around is not None
        assert inside is not None

        assert "مرحبًا ليلى!" == said.inner_text()
        assert ("ar", "rtl") == (said.get_attribute("lang"), said.get_attribute("dir"))
        assert "ltr" == quote.evaluate("(one) => getComputedStyle(one).direction")
        assert around["x"] + 2 < inside["x"]
        assert inside["x"] + inside["width"] + 2 < around["x"] + around["width"]


@pytest.mark.chromium
def test_words_that_cannot_be_drawn_are_told_beside_their_scene_and_the_video_plays(
    without_masters: Preview, browser: Browser
) -> None:
    with LandingPage.open(browser, without_masters.page("ana")) as shown:
        shown.wait_for_state("ready")
        shown.start()
        shown.wait_for_state("ended", timeout_s=30)
        told = shown.page.locator(".fallback:visible")

        expect(told).to_have_text(
            ["Drawing failed, and the scene is shown as it was packaged: the scene's media cannot be read"] * 2
        )
        assert [] == shown.csp_violations()
