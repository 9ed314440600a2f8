"""A made-up world for load and tests: scenes with the right boxes and random pictures, many viewers, real tokens.

What is served is real in every byte that the server looks at; only the pictures cannot be seen.
"""

import asyncio
import hashlib
import random
import struct
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import orjson

from streamsrv.config import load_settings
from streamsrv.core import tokens
from streamsrv.core.cut import cut_of
from streamsrv.core.grid import grid_for
from streamsrv.core.identity import Identity
from streamsrv.core.manifest import format_scene, scene_key
from streamsrv.core.model import (
    CampaignId,
    Cue,
    Cut,
    LinkId,
    Scene,
    SceneId,
    Segment,
    Session,
    SessionId,
    Track,
    Viewer,
    ViewerId,
)  # fmt: skip
from streamsrv.core.rules import decide
from streamsrv.stores.campaigns import Against, load_campaigns
from streamsrv.stores.register import Register, own_folder
from streamsrv.stores.samples import keep_samples
from streamsrv.stores.scenes import load_catalog
from streamsrv.stores.segments import open_store
from streamsrv.stores.state import names, open_state
from streamsrv.stores.vault import open_vault

SECRET = "a secret for load tests of 32 bytes or more"
KEYS = tokens.TokenKeys(current=1, secrets={1: SECRET.encode()})
IDENTITY = Identity(b"an identity for load tests, 32 bytes or more")
VAULT_KEYS = "1:" + "5a" * 32
ENVIRON = {"STREAMSRV_LINKS_SECRET": SECRET, "STREAMSRV_VAULT_KEYS": VAULT_KEYS}
"""What a server over this world finds in its environment."""
CAMPAIGNS = Path(__file__).resolve().parent / "campaigns"
"""One campaign over these scenes. The demo's own shows words that no scene of noise has a place for."""
TARGET_DURATION_S = 6
FRAME_RATE = 30
CUTS = (3, 9, 12)
"""Units of the segments of every scene: 1.6 s, 4.8 s, 6.4 s, as the packager cuts."""
RUNGS = (("234p", 416, 234, 12_000), ("432p", 768, 432, 90_000), ("720p", 1280, 720, 166_000))
SCENES = (
    "hello", "hello-any", "explain-home", "explain-motor", "explain-life", "explain-any", "no-claims", "claim-card",
    "thanks-loyal", "offer-plain", "offer-bonus", "next-step",
)  # fmt: skip


def box(kind: bytes, *content: bytes) -> bytes:
    """One ISO base media box."""
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def fragment_bytes(size_bytes: int, *, start_ticks: int = 0, seed: object = 0) -> bytes:
    """A media segment of about `size_bytes`: `styp`, `moof` with a version 1 `tfdt`, and `mdat` of noise."""
    decode_time = box(b"tfdt", struct.pack(">IQ", 1 << 24, start_ticks))
    traf = box(b"traf", box(b"tfhd", bytes(8)), decode_time, box(b"trun", bytes(12)))
    moof = box(b"moof", box(b"mfhd", struct.pack(">II", 0, 1)), traf)
    noise = random.Random(repr(seed)).randbytes(max(16, size_bytes - 140))
    return box(b"styp", b"msdh" + bytes(4)) + moof + box(b"mdat", noise)


def write_store(folder: Path, *, scene_ids: Sequence[str] = SCENES, captions: Iterable[str] = ("en",)) -> list[Scene]:
    """A segment store with every scene of the demo, in the packager's layout."""
    return [_write_scene(folder, scene_id, tuple(captions)) for scene_id in scene_ids]


def viewers(count: int) -> list[Viewer]:
    """Viewers of the campaign, with every combination of product, tenure and claims."""
    made = []
    for number in range(count):
        claim_count = number % 4
        claims = [{"on": f"2026-0{1 + at}-11", "amount": f"{100 + number % 900}.50"} for at in range(claim_count)]
        attributes = {
            "first_name": f"Viewer{number}",
            "product": ("home", "motor", "life")[number // 4 % 3],
            "premium": f"{300 + number % 500}.25",
            "renewal_on": "2027-03-01",
            "tenure_years": number // 12 % 10,
            "claims": claims,
        }
        made.append(Viewer(ViewerId(f"viewer-{number}"), CampaignId("renewal"), attributes))
    return made


def write_viewers(path: Path, people: Iterable[Viewer]) -> None:
    """The file that the server's viewer store reads."""
    lines = [
        orjson.dumps({"viewer": one.viewer_id, "campaign": one.campaign_id, "attributes": one.attributes})
        for one in people
    ]
    path.write_bytes(b"\n".join(lines) + b"\n")


def cuts(people: Iterable[Viewer], *, segments: Path, now_s: int) -> list[Cut]:
    """What each viewer is shown by the campaign, over the scenes of the store in `segments`."""
    catalog = load_catalog(open_store(str(segments)), target_duration_s=TARGET_DURATION_S)
    campaigns = load_campaigns(CAMPAIGNS, Against(catalog.scenes))
    return [
        cut_of(campaigns[one.campaign_id], decide(campaigns[one.campaign_id], one, now_s=now_s), catalog)
        for one in people
    ]


def playback_tokens(
    people: Sequence[Viewer], count: int, *, segments: Path, now_s: int, life_s: int = 3600
) -> Iterator[str]:
    """Distinct valid playback tokens, one viewer after the other: each is a session that nobody has seen before."""
    links = [link_id(viewer) for viewer in people]
    shown = cuts(people, segments=segments, now_s=now_s)
    ids = random.Random(now_s)
    for number in range(count):
        at = number % len(links)
        session = Session(SessionId(ids.randbytes(16).hex()), links[at], 0, KEYS.current, now_s, now_s + life_s)
        yield tokens.sign_playback(session, shown[at], keys=KEYS)


def link_id(viewer: Viewer) -> LinkId:
    return IDENTITY.link_id(viewer.campaign_id, viewer.viewer_id)


def link_token(viewer: Viewer, *, now_s: int, life_s: int = 3600, serial: int = 0) -> str:
    return tokens.sign_link(link_id(viewer), serial=serial, expires_at_s=now_s + life_s, keys=KEYS)


async def put(config: Path, people: Iterable[Viewer], environ: Mapping[str, str] = ENVIRON) -> None:
    """Put viewers into the store of a settings file, before its server starts.

    Before them the identity of this world, so that its links lead to them.
    """
    settings = load_settings(config, environ)
    vault = open_vault(settings.vault, own_folder(settings.state))
    bound_to = names.IDENTITY.encode()
    sealed = vault.seal_record(bound_to, vault.new_key(bound_to), IDENTITY.secret)
    async with open_state(settings.state) as state:
        await state.client.set(names.IDENTITY, sealed, nx=True)
        await keep_samples(Register(state, vault, IDENTITY), people, at_s=int(time.time()))


def fill(config: Path, people: Iterable[Viewer], environ: Mapping[str, str] = ENVIRON) -> None:
    """`put`, for who has no event loop."""
    asyncio.run(put(config, people, environ))


def write_settings(
    folder: Path, *, segments: Path, viewers_file: Path, root: Path, campaigns: Path = CAMPAIGNS,
    ladder: Path | None = None, server: str = "",
) -> Path:  # fmt: skip
    """A settings file for `streamsrv serve` on free ports. The ladder is `root`'s unless another is given."""
    config = folder / "server.toml"
    config.write_text(
        f"""\
[server]
port = 0
internal_port = 0
{server}
[storage]
segments = "{segments}"
campaigns = "{campaigns}"
viewers = "{viewers_file}"
ladder = "{ladder or root / "config/ladder.toml"}"
events = "{folder / "events"}"
[state]
dir = "{folder / "state"}"
[rendering]
store = "{folder / "rendered"}"
""",
        encoding="utf-8",
    )
    return config


def _write_scene(folder: Path, scene_id: str, captions: tuple[str, ...]) -> Scene:
    video = tuple(
        _track(folder, scene_id, name, bytes_per_unit=size // 2, width=width, height=height)
        for name, width, height, size in RUNGS
    )
    audio = {"en": _track(folder, scene_id, "audio-en", bytes_per_unit=6_400, width=0, height=0)}
    end_ms = grid_for(FRAME_RATE).duration_ms(sum(CUTS))
    scene = Scene(
        scene_id=SceneId(scene_id),
        key=scene_key((*video, *audio.values())),
        title=scene_id.replace("-", " ").capitalize(),
        frame_rate=FRAME_RATE,
        units=sum(CUTS),
        video=video,
        audio=audio,
        captions={language: (Cue(0, end_ms, f"{scene_id} in {language}"),) for language in captions},
        source_sha256=hashlib.sha256(scene_id.encode()).hexdigest(),
        recipe_sha256=hashlib.sha256(b"recipe").hexdigest(),
        poster_name=_store_object(folder, b"poster"),
    )
    manifest = folder / "scenes" / scene_id / "scene.json"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_bytes(orjson.dumps(format_scene(scene)))
    return scene


def _track(folder: Path, scene_id: str, name: str, *, bytes_per_unit: int, width: int, height: int) -> Track:
    ticks = grid_for(FRAME_RATE).video_ticks if width else grid_for(FRAME_RATE).audio_ticks
    segments = []
    start_units = 0
    for index, units in enumerate(CUTS):
        data = fragment_bytes(units * bytes_per_unit, start_ticks=start_units * ticks, seed=(scene_id, name, index))
        segments.append(
            Segment(
                name=_store_object(folder, data),
                size_bytes=len(data),
                start_units=start_units,
                units=units,
                key_frame_bytes=len(data) // 3 if width else 0,
            )
        )
        start_units += units
    return Track(
        name=name,
        init_name=_store_object(folder, box(b"ftyp", b"iso6" + bytes(4)) + box(b"moov", name.encode())),
        parameters_sha256=hashlib.sha256(name.encode()).hexdigest(),
        codec="avc1.64001f" if width else "mp4a.40.2",
        average_bps=1,
        peak_bps=2,
        segments=tuple(segments),
        width=width,
        height=height,
    )


def _store_object(folder: Path, data: bytes) -> str:
    name = hashlib.sha256(data).hexdigest()
    path = folder / "objects" / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return name
