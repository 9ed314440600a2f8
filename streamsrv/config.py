"""Settings: defaults, then a TOML file, then `STREAMSRV_*` from the environment. Frozen; secrets are never shown.

`STREAMSRV_SERVER_PORT=8080` sets `port` in `[server]`. An unknown key is an error that names it and its file.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import field
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from streamsrv.core.errors import Invalid, invalid
from streamsrv.core.grid import FRAME_RATES
from streamsrv.core.model import Ladder, Rung
from streamsrv.core.origins import ALLOWED_RULE, is_entry
from streamsrv.core.toml_files import KeyPath, faults_of, key_lines, not_toml, written_as

T = TypeVar("T")
LISTS = frozenset({"cta_hosts", "allow_hosts", "allow_private"})
"""Keys that hold several words; in the environment they are separated by commas."""
SECRETS = (("links", "secret"), ("vault", "keys"))
"""Keys that may not stand in a settings file."""
SECRET_OF_SOURCES = "STREAMSRV_SECRET_"
"""Begins the environment's names for the secrets of sources' headers."""
SECTIONS = frozenset({"api", "server", "storage", "links", "vault", "campaigns", "state", "sources", "rendering"})
_STRICT = ConfigDict(extra="forbid")
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Port = Annotated[int, Field(ge=0, le=65_535)]


@checked(config=_STRICT, frozen=True, slots=True)
class ServerSettings:
    """The two listeners and their deadlines. Port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: Port = 8080
    internal_host: str = "127.0.0.1"
    internal_port: Port = 8081
    base_url: str = ""
    """How viewers reach the server, for the links it prints; empty: http://host:port."""
    header_deadline_s: Seconds = 10.0
    idle_deadline_s: Seconds = 75.0
    write_deadline_s: Seconds = 30.0
    """How long a reader may make no progress."""
    request_deadline_s: Seconds = 30.0
    drain_s: Seconds = 20.0
    workers: Annotated[int, Field(ge=1, le=256)] = 1
    """Processes that answer viewers."""
    ready_deadline_s: Seconds = 60.0
    """How long a worker may take to start."""
    silence_deadline_s: Seconds = 30.0
    """A worker speaks to its supervisor every second; one that has not for this long hangs, and is ended."""
    max_connections: Annotated[int, Field(ge=1)] = 10_000
    backlog: Annotated[int, Field(ge=1)] = 1024


@checked(config=_STRICT, frozen=True, slots=True)
class StorageSettings:
    """Where scenes, campaigns, viewers and events are."""

    segments: str = "segments"
    """A folder, or an s3://, gs:// or az:// URL."""
    campaigns: Path = Path("config/campaigns")
    viewers: Path = Path("config/demo/viewers.ndjson")
    ladder: Path = Path("config/ladder.toml")
    events: Path = Path("var/events")
    cache_bytes: Annotated[int, Field(ge=0)] = 512 * 1024 * 1024
    read_deadline_s: Seconds = 5.0


@checked(config=_STRICT, frozen=True, slots=True)
class LinkSettings:
    """Signing of links and playback tokens. The secret comes from the environment or a file, never from TOML."""

    key_id: Annotated[int, Field(ge=0, le=255)] = 1
    """The id of a secret that stands alone. Of several, `2:secret,1:secret`, the first signs and all verify."""
    secret_file: Path | None = None
    secret: str = field(default="", repr=False)
    link_s: Annotated[int, Field(gt=0)] = 90 * 86_400
    session_s: Annotated[int, Field(gt=0, le=14 * 86_400)] = 6 * 3600
    """How long a session may play. Revocations are told to running sessions for as long as the longest may last."""


@checked(config=_STRICT, frozen=True, slots=True)
class VaultSettings:
    """Keys under which viewers' own keys are kept. From the environment or a file, never from TOML."""

    keys_file: Path | None = None
    keys: str = field(default="", repr=False)
    """64 hex digits; several as `2:hex,1:hex`, of which the first is current."""


@checked(config=_STRICT, frozen=True, slots=True)
class CampaignSettings:
    """What every campaign of this server is held to."""

    cta_hosts: tuple[str, ...] = ()
    """Hosts that calls to action may lead to, such as www.example.com or *.example.com; any when empty."""


def _origin_entry(text: str) -> str:
    if not is_entry(text):
        raise ValueError(f"expected {ALLOWED_RULE}")
    return text


def _network(text: str) -> str:
    try:
        ip_network(text)
    except ValueError:
        raise ValueError("expected a network such as 10.1.0.0/16") from None
    return text


@checked(config=_STRICT, frozen=True, slots=True)
class SourceSettings:
    """Data that campaigns ask for at the click. Nothing is asked of a host that is not listed."""

    allow_hosts: tuple[Annotated[str, AfterValidator(_origin_entry)], ...] = ()
    """Hosts that may be asked: https on its own port, unless another is written, as in `core.origins`."""
    allow_private: tuple[Annotated[str, AfterValidator(_network)], ...] = ()
    """Networks that may be reached although they are not public, for hosts of an intranet."""
    budget_ms: Annotated[int, Field(ge=10, le=2_000)] = 150
    """What all sources of one session may take together."""
    secrets_dir: Path | None = None
    """A folder with a file for each secret of headers; STREAMSRV_SECRET_NAME goes before it."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What STREAMSRV_SECRET_NAME of the environment holds, by NAME."""
    ca_file: Path | None = None
    """Certificate authorities in PEM that are trusted besides the system's."""


@checked(config=_STRICT, frozen=True, slots=True)
class StateSettings:
    """Where viewers, sessions and everything else that changes is kept, and how long a call to it may take."""

    redis_url: str = field(default="", repr=False)
    """redis://, rediss://, unix://, redis+sentinel:// or redis+cluster://; empty: a Valkey of our own under `dir`."""
    dir: Path = Path("var/state")
    budget_ms: Annotated[int, Field(ge=10, le=60_000)] = 250
    pool_size: Annotated[int, Field(ge=1, le=10_000)] = 64
    """Calls that may be under way at once."""
    pool_wait_ms: Annotated[int, Field(ge=1, le=60_000)] = 100


@checked(config=_STRICT, frozen=True, slots=True)
class RenderingSettings:
    """How viewers' own segments are drawn, and where they are kept."""

    kit: Path = Path("config/brand.toml")
    """The brand kit; the folder of the same name beside it holds its pictures."""
    store: str = "var/rendered"
    """A folder, or an s3://, gs:// or az:// URL where several machines share them."""
    store_bytes: Annotated[int, Field(ge=16 * 1024 * 1024)] = 10 * 1024**3
    """What the folder may hold; a bucket has lifecycle rules of its own."""
    cache_bytes: Annotated[int, Field(ge=0)] = 128 * 1024 * 1024
    """Hot rendered segments in memory."""
    processes: Annotated[int, Field(ge=0, le=256)] | None = None
    """Renderer processes of each worker; one for each core together if not given. 0: other machines render."""
    jobs_a_process: Annotated[int, Field(ge=1)] = 500
    rss_bytes: Annotated[int, Field(ge=256 * 1024 * 1024)] = 1024**3
    """A process that has grown beyond this is renewed."""


@checked(config=_STRICT, frozen=True, slots=True)
class ApiSettings:
    """How often one API key may call one process."""

    requests_per_s: Annotated[float, Field(gt=0, le=100_000)] = 50.0
    burst: Annotated[int, Field(ge=1, le=100_000)] = 100
    """Requests that may come at once after a pause."""


@checked(config=_STRICT, frozen=True, slots=True)
class Settings:
    server: ServerSettings = field(default_factory=ServerSettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    links: LinkSettings = field(default_factory=LinkSettings)
    vault: VaultSettings = field(default_factory=VaultSettings)
    campaigns: CampaignSettings = field(default_factory=CampaignSettings)
    state: StateSettings = field(default_factory=StateSettings)
    api: ApiSettings = field(default_factory=ApiSettings)
    sources: SourceSettings = field(default_factory=SourceSettings)
    rendering: RenderingSettings = field(default_factory=RenderingSettings)


@checked(config=_STRICT, frozen=True, slots=True)
class _Rung:
    name: Annotated[str, written_as(r"[a-z0-9]{1,16}", "small letters and digits, 16 at most")]
    width: Annotated[int, Field(ge=16, le=7680, multiple_of=2)]
    height: Annotated[int, Field(ge=16, le=4320, multiple_of=2)]
    average_bps: Annotated[int, Field(ge=10_000)]
    peak_bps: Annotated[int, Field(ge=10_000)]
    level: Annotated[str, written_as(r"[1-6](\.[0-3])?", 'a level of H.264 such as "3.1"')]


@checked(config=_STRICT, frozen=True, slots=True)
class _Ladder:
    frame_rate: int
    audio_bps: Annotated[int, Field(ge=65_000, le=320_000)]
    rung: Annotated[list[_Rung], Field(min_length=1, max_length=16)]
    segment_ms: Annotated[int, Field(ge=1000, le=6400)] = 6400
    gop_ms: Annotated[int, Field(ge=250, le=2000)] = 1600
    loudness_lufs: Annotated[float, Field(ge=-40, le=-8)] = -16.0


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Settings from `path` (None: defaults only) and the environment; raises `Invalid` with every mistake."""
    document, lines = _File({}, {}) if path is None else _read_toml(path)
    where = "environment" if path is None else str(path)
    _refuse_secrets(document, where)
    if secrets := {name.removeprefix(SECRET_OF_SOURCES): value for name, value in environ.items()
                   if name.startswith(SECRET_OF_SOURCES)}:  # fmt: skip
        document.setdefault("sources", {})["secrets"] = secrets
    origins: dict[KeyPath, str] = {}
    for name, value in environ.items():
        section, _, key = name.removeprefix("STREAMSRV_").lower().partition("_")
        if name.startswith("STREAMSRV_") and section in SECTIONS and _is_table(document, section):
            document.setdefault(section, {})[key] = value.split(",") if key in LISTS else value
            origins[section, key] = name
    return _validated(Settings, document, where, lines, origins)


def _refuse_secrets(document: dict[str, Any], where: str) -> None:
    for section, key in SECRETS:
        if _is_table(document, section) and key in document.get(section, {}):
            expected = f"STREAMSRV_{section.upper()}_{key.upper()} or {section}.{key}_file"
            raise invalid(f"{where}: {section}.{key}", "a secret in a settings file", expected)
    if _is_table(document, "state") and "@" in str(document.get("state", {}).get("redis_url", "")):
        raise invalid(f"{where}: state.redis_url", "a password in a settings file", "STREAMSRV_STATE_REDIS_URL")
    if _is_table(document, "sources") and "secrets" in document.get("sources", {}):
        expected = "STREAMSRV_SECRET_NAME, or a file in sources.secrets_dir"
        raise invalid(f"{where}: sources.secrets", "secrets in a settings file", expected)


def _is_table(document: dict[str, Any], section: str) -> bool:
    """Whether the section is one, or is not there at all."""
    return isinstance(document.get(section, {}), dict)


def load_ladder(path: Path) -> Ladder:
    """The ladder in `path`, lowest rung first; raises `Invalid` with every mistake."""
    document, lines = _read_toml(path)
    found = _validated(_Ladder, document, str(path), lines, {})
    if found.frame_rate not in FRAME_RATES:
        raise invalid(f"{path}: frame_rate", f"is {found.frame_rate}", f"one of {', '.join(map(str, FRAME_RATES))}")
    names = [rung.name for rung in found.rung]
    if len(set(names)) != len(names):
        raise invalid(f"{path}: rung", "two rungs have the same name", "names used once")
    for rung in found.rung:
        if not rung.average_bps <= rung.peak_bps <= 2 * rung.average_bps:
            raise invalid(
                f"{path}: rung {rung.name}", f"peak_bps is {rung.peak_bps}", "average_bps to twice that (Apple 1.30)"
            )
    return Ladder(
        frame_rate=found.frame_rate,
        rungs=tuple(
            Rung(rung.name, rung.width, rung.height, rung.average_bps, rung.peak_bps, rung.level)
            for rung in sorted(found.rung, key=lambda rung: (rung.height, rung.average_bps))
        ),
        audio_bps=found.audio_bps,
        segment_ms=found.segment_ms,
        gop_ms=found.gop_ms,
        loudness_lufs=found.loudness_lufs,
    )


class _File(NamedTuple):
    """A TOML file that was read."""

    document: dict[str, Any]
    lines: Mapping[KeyPath, int]


def _read_toml(path: Path) -> _File:
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        return _File(tomllib.loads(text), key_lines(text))
    except OSError as error:
        raise invalid(str(path), f"cannot be read: {error.strerror}", "a file in TOML") from error
    except UnicodeDecodeError as error:
        raise invalid(str(path), "is not UTF-8 text", "a file in TOML") from error
    except tomllib.TOMLDecodeError as error:
        raise Invalid([not_toml(error, text, str(path), 'lines such as key = "value", below [section]')]) from error


def _validated(
    shape: type[T], document: object, where: str, lines: Mapping[KeyPath, int], origins: Mapping[KeyPath, str]
) -> T:
    try:
        return TypeAdapter(shape).validate_python(document)
    except ValidationError as error:
        raise Invalid(faults_of(error, shape, where=where, lines=lines or None, origins=origins)) from error
