"""The values that travel along the request path, lowest first. Frozen; a change is a new value.

What a packaged scene is (`Scene` and below) is also the schema of `scene.json`: see `core.manifest`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, NewType

SceneId = NewType("SceneId", str)
"""The name authors give a scene. Never part of a media URL."""
TenantId = NewType("TenantId", str)
"""Whom a campaign, its viewers and an API key belong to. Tenants see nothing of one another."""
MAIN_TENANT = TenantId("main")
"""The one there is when nobody speaks of tenants."""
CampaignId = NewType("CampaignId", str)
"""Unique on a server, over all tenants."""
ViewerId = NewType("ViewerId", str)
"""The pseudonymous id a campaign team gives a viewer. Never part of a URL."""
SessionId = NewType("SessionId", str)
"""128 random bits, as hex."""
LinkId = NewType("LinkId", bytes)
"""21 bytes that stand for one viewer of one campaign: see `core.identity`."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: the picture's size and what it may cost."""

    name: str
    width: int
    height: int
    average_bps: int
    peak_bps: int
    level: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """The one set of encoder settings that all scenes of a store share, so that their init sections agree."""

    frame_rate: int
    rungs: tuple[Rung, ...]
    audio_bps: int
    segment_ms: int = 6400
    gop_ms: int = 1600
    loudness_lufs: float = -16.0

    def target_duration_s(self) -> int:
        """EXT-X-TARGETDURATION of every audio and video playlist (RFC 8216bis 4.4.3.1; Apple 7.5: about 6 s)."""
        return max(1, (self.segment_ms + 499) // 1000)


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of macroblocks that are encoded alone for a viewer, and stand in the whole picture as slices of their own.

    Rows are counted from the picture's top, from the first to the one before which they end.
    """

    name: str
    """SHA-256, in hex, of nearly lossless pictures of the strip: a file of its own with its init section."""
    size_bytes: int
    start: int
    end: int
    strip_start: int
    """The strip is the band with rows of the picture above and below, which are encoded and thrown away."""
    strip_end: int
    threads: int
    """How the strip is cut into slices: evenly into so many, and each of them into pieces of at most `slice_rows`."""
    slice_rows: int


@dataclass(frozen=True, slots=True)
class Splice:
    """What a viewer's own slices are put into, and how far that was seen to change the rest of the picture."""

    name: str
    """SHA-256, in hex, of a segment whose bands hold nothing worth seeing."""
    size_bytes: int
    bands: tuple[Band, ...]
    clear_lines: int
    """How far from a band's border inside the picture nothing may be drawn."""
    crf: int
    """The constant rate factor at which a strip is as good as the segment."""
    drift: float
    """In trials with two very different bands: by how many levels of 255 a block of 8x8 outside was off at most, less
    what its own edges and texture hide (`media.beside`)."""
    drift_db: float
    """And the PSNR, outside, of the picture that was off the most."""


@dataclass(frozen=True, slots=True)
class Master:
    """A nearly lossless version of one picture segment: drawn on and encoded again, it loses nothing that shows."""

    name: str
    """SHA-256 of the bytes, in hex. Decoded with the same init section as the segment."""
    size_bytes: int
    crf: int
    """The constant rate factor at which it, encoded again, is as good as the segment."""
    max_bytes: int
    """What a viewer's own segment may have: BANDWIDTH counts on it."""
    lines: tuple[tuple[int, int], ...] = ()
    """The lines of the picture on which something may be drawn, each from the first to the one before which they end:
    what `splice` was made for."""
    splice: Splice | None = None
    """How to encode only the rows that are drawn on; None where the whole picture is encoded."""
    whole: str = ""
    """Why the whole picture is encoded; empty where it is not."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One stored media segment: `moof` and `mdat` with `tfdt` counted from the scene's start."""

    name: str
    """SHA-256 of the bytes, in hex: the object's name in the segment store."""
    size_bytes: int
    start_units: int
    units: int
    key_frame_bytes: int
    """Bytes from the start of the segment to the end of its first sample: an I-frame's byte range. 0 for sound."""
    master: "Master | None" = None
    """What a viewer's own segment is made from, inside overlay windows."""


@dataclass(frozen=True, slots=True)
class Track:
    """One rendition of one scene: a rung of the picture, or the sound in one language."""

    name: str
    """The rung's name, or `audio-` and the language: the rendition in segment URLs."""
    init_name: str
    """SHA-256 of the init section, in hex. Equal for all scenes of a rung or sound rendition."""
    parameters_sha256: str
    """SHA-256 of the avcC or AudioSpecificConfig bytes alone."""
    codec: str
    average_bps: int
    peak_bps: int
    segments: tuple[Segment, ...]
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption on the scene's own clock. `text` is WebVTT cue text, `settings` a WebVTT settings list."""

    start_ms: int
    end_ms: int
    text: str
    settings: str = ""


OverlayKind = Literal["text", "number", "money", "date", "image", "chart", "qr"]
Align = Literal["start", "center", "end"]
Fit = Literal["wrap", "shrink", "ellipsis"]
Motion = Literal["none", "fade", "slide", "count"]
ChartKind = Literal["bar", "line", "donut"]


@dataclass(frozen=True, slots=True)
class Look:
    """How an overlay is drawn. None of it decides the scene's media."""

    style: str = ""
    """A style of the brand kit; the kit's first one when empty."""
    align: Align = "start"
    """In reading direction."""
    fit: tuple[Fit, ...] = ("wrap", "shrink", "ellipsis")
    """What is done, in this order, with a text that is too long for its box."""
    motion: Motion = "fade"
    """How it comes and goes; `count` is a number that runs up to its value."""
    chart: ChartKind = "bar"


@dataclass(frozen=True, slots=True)
class OverlaySlot:
    """A named place in a scene where a viewer's own words or numbers are drawn."""

    kind: OverlayKind
    start_units: int
    end_units: int
    box: tuple[float, float, float, float]
    """Left, top, width and height as fractions of the picture."""
    default: Mapping[str, str] = field(default_factory=dict)
    """What is shown where a campaign gives nothing, by language; the language "" stands for every one."""
    look: Look = field(default_factory=Look)
    behind: tuple[float, float] | None = None
    """How dark and how light the picture is in the box while it is shown: relative luminances, see `core.contrast`.

    Measured when packaged; None when it was not.
    """


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the scene came from, for the audit."""

    author: str = ""
    made_by: Literal["hand", "ai"] = "hand"
    ai_model: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """An authored clip, packaged: every rendition, on the grid, from 0."""

    scene_id: SceneId
    key: str
    """16 hex digits of the hash over everything a viewer can receive of it: the scene's name in media URLs."""
    title: str
    frame_rate: int
    units: int
    video: tuple[Track, ...]
    """In the ladder's order, lowest first."""
    audio: Mapping[str, Track]
    """By language (BCP 47); the first is the default."""
    captions: Mapping[str, tuple[Cue, ...]]
    source_sha256: str
    recipe_sha256: str
    """Of everything that decides the media: sources, ladder, cuts. Equal: packaging again would change nothing."""
    poster_name: str
    """SHA-256 of a JPEG still, in hex: its object's name in the segment store."""
    overlays: Mapping[str, OverlaySlot] = field(default_factory=dict)
    """By name."""
    provenance: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person, pseudonymous, with the data that rules read."""

    viewer_id: ViewerId
    campaign_id: CampaignId
    attributes: Mapping[str, object] = field(repr=False)
    link_ref: str = ""
    """Stands for the viewer in the addresses of calls to action: opaque, and the same for every link."""
    link_id: LinkId = LinkId(b"")
    """Stands for the viewer in links and in the store; empty for one who was only read from a file."""
    data_key: bytes = field(default=b"", repr=False)
    """What is kept of the viewer is sealed under this key, and lost with it."""


class ErasureTrace(NamedTuple):
    """What the store holds of a viewer after their erasure."""

    erased_at_s: int | None
    """None when they were not erased."""
    is_there: bool
    """Whether there is a record, without which nothing else of theirs can be opened."""


@dataclass(frozen=True, slots=True)
class CallToAction:
    label: str
    url: str


class Mark(NamedTuple):
    """One record of a chart."""

    label: str
    value: float
    text: str
    """The value as it is told."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """What one overlay slot shows one viewer."""

    name: str
    text: str = field(repr=False)
    defaulted: bool = False
    """Whether the text is the default, because a value of the viewer's is missing."""
    personal: bool = False
    """Whether the text holds something personal: kept out of events and explanations."""
    marks: tuple[Mark, ...] = field(default=(), repr=False)
    """What a chart shows."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One scene that was chosen for one slot, and why."""

    slot: str
    scene_id: SceneId
    reason: str
    """For people: which rule, or that it is always shown. Names rules, never values."""
    item: int | None = None
    """Which record of a `for_each` list, as given, from 0."""
    overlays: tuple[Overlay, ...] = ()
    """In the file's order."""
    cta: CallToAction | None = None


StoryKind = Literal["personal", "fallback", "control"]


@dataclass(frozen=True, slots=True)
class Story:
    """All decisions for one viewer at one moment, in playback order."""

    decisions: tuple[Decision, ...]
    fallback: str | None = None
    """The reason the fallback story was taken, from a closed list (A5); None when it was not."""
    skipped: tuple[tuple[str, str], ...] = ()
    """Slots that show nothing to this viewer, each with its reason."""
    language: str = "en"
    """BCP 47: what the viewer is told the story in."""
    arms: tuple[tuple[str, str], ...] = ()
    """The arm of every experiment that the viewer is in."""
    held_out: bool = False
    """Whether this is the control story, told to those who are held out."""

    @property
    def kind(self) -> StoryKind:
        """Which of the campaign's stories it is."""
        return "control" if self.held_out else "personal" if self.fallback is None else "fallback"


class Session(NamedTuple):
    """One playback of one link, as its playback token says. A named tuple: one is made per new token."""

    session_id: SessionId
    link_id: LinkId
    serial: int
    """Of the link it began with."""
    key_id: int
    """Which key signed that link, and signs the session's token."""
    started_at_s: int
    """Unix time at which the rules were evaluated, once for the session's whole life."""
    expires_at_s: int


class Cut(NamedTuple):
    """What a session was decided to show, as its playback token says: see `core.cut`."""

    kind: StoryKind
    language: int
    """Which of the languages that the campaign offers, from 0."""
    no_events: bool
    """Whether the viewer withheld consent: events are counted, and none is kept (B35)."""
    release_tag: bytes
    places: bytes
    """For each scene in playback order its tag, and the index of its slot in the release."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a session; becomes one line of telemetry."""

    kind: Literal["session", "segment"]
    at_ms: int
    session_id: SessionId
    campaign_id: CampaignId
    fields: Mapping[str, object]
