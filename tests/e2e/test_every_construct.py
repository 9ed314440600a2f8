"""One campaign that uses every construct of the language, in three languages: what players get of it.

The campaign, its viewers and what is expected for each are in tests/e2e/every. What viewers are told around the video,
and what is written down, is in test_every_construct_told.py.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser

from tests.browser.node import refused_by_hls_parser
from tests.browser.pages import AUTOPLAY, chromium, page_origin, watch_together
from tests.e2e.barcode import FRAME_RATE, SAMPLE_RATE, Samples, chirp, read
from tests.e2e.conftest import need
from tests.e2e.every.expected import CAMPAIGN, EXPECTED, VIEWERS, Expected
from tests.e2e.every.scenes import SCENES, UNIT_FRAMES, caption_of
from tests.e2e.every.sessions import Opened, open_session
from tests.e2e.server import Server
from tests.e2e.test_landing_page import settled_cues
from tests.e2e.test_players import MODULES
from tests.e2e.test_stitching import LEAD_IN, decode, decode_sound
from tests.hls.media_rules import MEDIA_RULES, load
from tests.hls.rules import TEXT_RULES
from tests.player.page import LandingPage


@pytest.mark.parametrize("viewer", VIEWERS)
def test_every_rule_of_hls_holds(every_sessions: Mapping[str, Opened], viewer: str) -> None:
    asset = every_sessions[viewer].asset
    for rule in TEXT_RULES.values():
        rule(asset)
    renditions = load(asset)
    # As in test_stitching: the rates of a board of squares say nothing about ordinary footage.
    for name, media_rule in MEDIA_RULES.items():
        if name != "rules_33_and_34_declared_rates_hold":
            media_rule(renditions, asset)


def test_hls_parser_in_strict_mode_accepts_every_playlist(every_sessions: Mapping[str, Opened]) -> None:
    texts = {
        f"{viewer} {uri}": playlist.text
        for viewer, opened in every_sessions.items()
        for uri, playlist in {"multivariant.m3u8": opened.asset.multivariant, **opened.asset.playlists}.items()
    }

    assert {} == refused_by_hls_parser(texts)


@pytest.mark.ffmpeg
@pytest.mark.parametrize("viewer", VIEWERS)
def test_every_decoded_frame_is_the_expected_one(every_sessions: Mapping[str, Opened], viewer: str) -> None:
    # The variant nearest to 2 Mbit/s stands first: 360p.
    raw = decode(every_sessions[viewer].url, "-map", "0:p:0:v:0", "-f", "rawvideo", "-pix_fmt", "gray")
    pictures: NDArray[np.uint8] = np.frombuffer(raw, np.uint8).reshape(-1, 360, 640)

    assert EXPECTED[viewer].pictures == [read(picture) for picture in pictures]


@pytest.mark.ffmpeg
@pytest.mark.parametrize("viewer", VIEWERS)
def test_each_scene_is_heard_in_the_viewers_language_or_what_stands_in(
    every_sessions: Mapping[str, Opened], viewer: str
) -> None:
    expected = EXPECTED[viewer]
    defaults = [
        tag.text("LANGUAGE")
        for tag, _ in every_sessions[viewer].asset.renditions("AUDIO")
        if tag.attributes["DEFAULT"] == "YES"
    ]
    assert [expected.language] == defaults
    # ffmpeg takes the first rendition that is listed.
    sound = decode_sound(every_sessions[viewer].url)

    assert expected.starts[-1] * SAMPLE_RATE // FRAME_RATE == len(sound)
    assert [heard for _, heard, _ in expected.rows] == [
        language_of(sound[first * SAMPLE_RATE // FRAME_RATE :], scene)
        for scene, first in zip(expected.scenes, expected.starts, strict=False)
    ]


def language_of(sound: Samples, scene_id: str) -> str:
    """The one language whose chirp is heard from the start of `sound`; the scene's others must not be."""
    scene = SCENES[scene_id]
    samples = scene.frames * SAMPLE_RATE // FRAME_RATE
    heard = sound[LEAD_IN:samples]
    likeness = {}
    for language in scene.spoken:
        voice = chirp(scene.voice(language), samples)[LEAD_IN:]
        likeness[language] = float(np.dot(heard, voice) / (np.linalg.norm(heard) * np.linalg.norm(voice)))
    (found,) = [language for language, alike in likeness.items() if alike > 0.98]
    assert all(abs(alike) < 0.2 for language, alike in likeness.items() if language != found), likeness
    return found


@pytest.mark.parametrize("viewer", VIEWERS)
def test_captions_are_in_the_viewers_language_or_what_stands_in(
    every_sessions: Mapping[str, Opened], viewer: str
) -> None:
    expected, asset = EXPECTED[viewer], every_sessions[viewer].asset
    assert expected.language in [tag.text("LANGUAGE") for tag, _ in asset.renditions("SUBTITLES")]
    assert asset.fetch is not None
    text = asset.fetch(f"text/{expected.language}.vtt").decode()

    assert [
        (f"00:00:{first / FRAME_RATE + 0.1:06.3f}", caption_of(scene, language))
        for (scene, _, language), first in zip(expected.rows, expected.starts, strict=False)
        if language != "-"
    ] == [(start, cue) for start, cue in cues_of(text) if is_spoken(cue)]


def is_spoken(cue: str) -> bool:
    """Whether a cue is the scene's own, and not words that are shown on it."""
    return re.fullmatch(r"[a-z-]+ in [a-z]{2}", cue) is not None


def cues_of(text: str) -> list[tuple[str, str]]:
    """When each cue begins, and what it says."""
    lines = text.splitlines()
    return [(line.partition(" --> ")[0], lines[at + 1]) for at, line in enumerate(lines) if " --> " in line]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not MODULES.is_dir():
        pytest.fail("tests/browser/node_modules is missing: run the tests by `make test`")
    with chromium(need("chromium"), AUTOPLAY) as running:
        yield running


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with page_origin() as running:
        yield running


@pytest.mark.chromium
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(
    "plays",
    [
        (("hlsjs", "ana"), ("hlsjs", "ben"), ("hlsjs", "omar"), ("hlsjs", "mia")),
        (("hlsjs", "bo"), ("hlsjs", "lea"), ("hlsjs", "hala"), ("hlsjs", "noor")),
        (("shaka", "dieter"), ("videojs", "amal"), ("native", "long")),
    ],
    ids=["hlsjs", "hlsjs again", "others"],
)
def test_players_play_to_the_end_without_a_stall_and_in_the_viewers_language(
    every_server: Server, browser: Browser, origin: str, plays: tuple[tuple[str, str], ...]
) -> None:
    opened = [open_session(every_server, viewer) for _, viewer in plays]
    watched = [(player, session.url) for (player, _), session in zip(plays, opened, strict=True)]
    longest_s = max(EXPECTED[viewer].starts[-1] for _, viewer in plays) / FRAME_RATE
    records = watch_together(browser, origin, watched, barcode=True, deadline_s=longest_s * 3 + 30)

    smooth = {"errors": [], "seeks": [], "backwards": 0, "gaps": [], "ended": True}
    assert dict.fromkeys(plays, smooth) == {
        play: {key: record[key] for key in smooth} for play, record in zip(plays, records, strict=True)
    }
    assert {} == {
        play: wrong
        for play, record in zip(plays, records, strict=True)
        if (wrong := unexpected(record, EXPECTED[play[1]]))
    }
    fetched = {session.session_id: set[tuple[int, str]]() for session in opened}
    for event in every_server.events():
        if event["type"] == "segment" and event["session"] in fetched and event["rendition"].startswith("audio-"):
            fetched[event["session"]].add((event["base"], event["rendition"]))
    assert {play: sounds_of(EXPECTED[play[1]], session) for play, session in zip(plays, opened, strict=True)} == {
        play: fetched[session.session_id] for play, session in zip(plays, opened, strict=True)
    }


def unexpected(record: Mapping[str, Any], expected: Expected) -> list[object]:
    """What was shown and should not have been."""
    shown = expected.pictures
    # A busy machine may draw the board one frame after the callback that names it.
    wrong: list[object] = [
        [media_time, scene, frame]
        for media_time, scene, frame in record["frames"]
        if (scene, frame) not in shown[round(media_time * FRAME_RATE) : round(media_time * FRAME_RATE) + 3]
    ]
    seconds = len(shown) / FRAME_RATE
    wrong += [length for length in (record["duration"], *ends(record)) if abs(length - seconds) >= 0.01]
    return wrong or ([] if len(record["frames"]) > len(shown) / 8 else ["too few frames to say anything"])


def ends(record: Mapping[str, Any]) -> list[float]:
    """Where each kind of media ends; infinite for one with a hole."""
    return [ranges[0][1] if len(ranges) == 1 else float("inf") for ranges in record["ranges"].values()]


def sounds_of(expected: Expected, session: Opened) -> set[tuple[int, str]]:
    """The sound segments that the viewer's language is made of: where each begins, and in which language it is."""
    _, playlist = next(
        found for found in session.asset.renditions("AUDIO") if found[0].text("LANGUAGE") == expected.language
    )
    bases = [int(entry.uri.rpartition("-")[2].removesuffix(".m4s")) for entry in playlist.entries]
    units = [start // UNIT_FRAMES for start in expected.starts]
    return {
        (base, f"audio-{heard}")
        for (_, heard, _), start, end in zip(expected.rows, units, units[1:], strict=False)
        for base in bases
        if start <= base < end
    }


@pytest.mark.chromium
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_pages_player_speaks_and_captions_in_the_viewers_language(every_server: Server, browser: Browser) -> None:
    link = every_server.base_url + every_server.link("ben", CAMPAIGN)
    # Turned on by their key, captions are in the browser's own language where there are any.
    with LandingPage.open(browser, link, locale="nl-NL") as landing:
        landing.wait_for_state("ready")
        landing.start()
        landing.press("k", "c")
        landing.seek(0.3)
        cues = settled_cues(landing)
        fetched = landing.page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
        # What else was fetched by now is a matter of time.
        sounds = {found[1] for url in fetched if (found := re.search(r"/(audio-[a-z]+)/0-0\.m4s", url))}

        assert ({"audio-de"}, "de", [caption_of("hello", "de")]) == (
            sounds, landing.shown_captions(), [cue for cue in cues if is_spoken(cue)],
        )  # fmt: skip
        assert ([], []) == (landing.complaints, landing.csp_violations())
