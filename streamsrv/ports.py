"""What the use cases need from the outside world. Protocols only; adapters live in `stores` and `telemetry`."""

from collections.abc import Collection, Mapping, Sequence
from enum import Enum, auto
from typing import Protocol

from streamsrv.core.access import Access, Admission, Knock
from streamsrv.core.api_keys import ApiKey
from streamsrv.core.audit import Act, AuditPage
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import Problem
from streamsrv.core.fragment import Fragment
from streamsrv.core.importing import Row
from streamsrv.core.model import CampaignId, ErasureTrace, Event, LinkId, Session, SessionId, TenantId, Viewer, ViewerId
from streamsrv.core.own import Order, OwnName
from streamsrv.core.tokens import LinkClaims


class Clock(Protocol):
    """Where time comes from."""

    def now_ms(self) -> int:
        """Unix time in milliseconds."""
        ...


class ViewerStore(Protocol):
    """Viewers and the links that stand for them."""

    async def viewer(self, claims: LinkClaims) -> Viewer:
        """The viewer whom a genuine link stands for.

        Raises `NotFound` for one who never was or who was erased, `Expired` for a link that was revoked, and
        `Unavailable` past its deadline.
        """
        ...


class SessionStore(Protocol):
    """What was decided for each session, once and for all, for as long as it plays."""

    async def pin(self, session: Session, document: Mapping[str, object], *, viewer: Viewer) -> Mapping[str, object]:
        """Keep `document` unless one is kept already; the one that is kept. Raises `Unavailable`."""
        ...

    async def pinned(self, session: Session) -> Mapping[str, object]:
        """The document; raises `NotFound` for a session that is over or whose viewer was erased, `Unavailable`."""
        ...


class Revocations(Protocol):
    """What was taken back, as of a few seconds ago. In memory: no await."""

    def check(self, claims: LinkClaims | Session) -> None:
        """Raises `Expired` where the viewer's links, their campaign or the key that signed was revoked."""
        ...


class CampaignStore(Protocol):
    """Campaigns that are live. In memory: no await."""

    def campaign(self, campaign_id: CampaignId) -> Campaign:
        """The live release; raises `NotFound`."""
        ...

    def campaign_by_tag(self, campaign_tag: bytes, release_tag: bytes) -> Campaign:
        """The release that a playback token names, or the live one where that is not known; raises `NotFound`."""
        ...


class LiveCampaigns(CampaignStore, Protocol):
    """All of them, for those who manage them."""

    @property
    def live(self) -> Mapping[CampaignId, Campaign]:
        """The live release of every campaign, by id."""
        ...


class SegmentStore(Protocol):
    """Stored bytes by content hash (hex SHA-256). Damaged bytes are never returned (A2)."""

    async def segment(self, name: str) -> Fragment:
        """A media segment; raises `NotFound`, or `Unavailable` past its deadline or when the bytes are damaged."""
        ...

    async def small(self, name: str) -> bytes:
        """An init section or a poster; raises as `segment` does."""
        ...


class AssignmentLedger(Protocol):
    """Who was assigned to which arm. What was recorded first stays (C18)."""

    async def settle(
        self, campaign_id: CampaignId, unit: str, wanted: Mapping[str, str], *, release: str, at_ms: int
    ) -> Mapping[str, str]:
        """Record `wanted` (experiment → arm) where nothing is recorded yet; what holds now for those experiments.

        `unit` is a `core.experiments.unit_key`. Raises `Unavailable` past its deadline.
        """
        ...

    async def recorded(self, campaign_id: CampaignId, unit: str) -> Mapping[str, str]:
        """What is recorded for the unit; raises `Unavailable` past its deadline."""
        ...


class EventSink(Protocol):
    """Takes events off the request path."""

    def put(self, event: Event) -> None:
        """Keep `event` for writing; never blocks and never raises: what cannot be kept is counted (A35)."""
        ...


class Put(Enum):
    """What became of a viewer who was to be kept."""

    CREATED = auto()
    REPLACED = auto()
    ERASED = auto()
    """Not kept: they were erased, and do not come back."""


class ViewerBook(Protocol):
    """Viewers as those who manage them see them: by campaign and id."""

    async def viewer_by_id(self, campaign_id: CampaignId, viewer_id: ViewerId) -> Viewer:
        """The campaign's viewer of this id; raises `NotFound` for who never was or was erased, and `Unavailable`."""
        ...

    async def put(self, campaign_id: CampaignId, viewers: Sequence[Row], *, at_s: int) -> Sequence[int]:
        """Keep them all; which of them, by place, were erased and are not kept.

        Raises `Unavailable`; then some may be kept, and it may be done again.
        """
        ...

    async def put_one(self, campaign_id: CampaignId, viewer: Row, *, at_s: int) -> Put:
        """Keep one viewer; raises `Unavailable`. Of two calls at once for a new viewer both may have created them."""
        ...

    async def serials(
        self, campaign_id: CampaignId, viewer_ids: Sequence[ViewerId]
    ) -> Sequence[tuple[LinkId, int] | None]:
        """Each viewer's link id and the generation of their new links; None for who is not there."""
        ...


class Eraser(Protocol):
    """Takes viewers out of everything that is kept, for good."""

    async def erase(self, campaign: Campaign, viewer_ids: Sequence[ViewerId], *, now_s: int) -> int:
        """Erase these viewers; how many of them were there. May be done again; raises `Unavailable`."""
        ...

    async def trace(self, link_id: LinkId) -> ErasureTrace:
        """What is left of whoever this was; raises `Unavailable`."""
        ...


class Revoker(Protocol):
    """Ends links before their time; every process knows within a minute. Each may be done again."""

    async def link(self, link_id: LinkId, *, now_s: int) -> int:
        """Revoke the links that one viewer has; what generation their new ones are of. Raises `Unavailable`."""
        ...

    async def campaign(self, campaign_tag: bytes, *, now_s: int) -> int:
        """Revoke every link of a campaign; what generation its new ones are of. Raises `Unavailable`."""
        ...

    async def key(self, key_id: int) -> None:
        """Revoke whatever this key has signed; raises `Unavailable`."""
        ...


class ApiKeys(Protocol):
    """API keys by the text that their owners hold."""

    async def api_key(self, text: str) -> ApiKey:
        """The good key of this text; raises `Unauthenticated` for any other, and `Unavailable` past its deadline.

        May be up to 30 s old: for so long a revoked key may still open something.
        """
        ...


class AuditLog(Protocol):
    """Who did what, by tenant."""

    async def append(self, tenant_id: TenantId, act: Act) -> None:
        """Write `act` down for good; raises `Unavailable`, and then it may be written or not."""
        ...

    async def page(self, tenant_id: TenantId, *, after: int, limit: int) -> AuditPage:
        """Up to `limit` lines after the line of this number, and where the log ends; raises `Unavailable`."""
        ...


class Gate(Protocol):
    """The forwarding policy, counted over all processes."""

    async def admit(self, link_id: LinkId, access: Access, knock: Knock, viewer: Viewer) -> Admission:
        """Whether whoever knocks is told the viewer's own story; counts the knock. Raises `Unavailable`."""
        ...


class DataSources(Protocol):
    """Data that is asked for at the click."""

    async def completed(self, campaign: Campaign, viewer: Viewer) -> tuple[Viewer, tuple[Problem, ...]]:
        """The viewer with what the campaign's sources know now, and why some of it is as it was imported.

        Never raises, and takes no longer than its budget.
        """
        ...


class RenderedSegments(Protocol):
    """Segments that were drawn for somebody, by what is on them."""

    async def get(self, name: OwnName) -> Fragment | None:
        """The segment, or None where there is none that is whole; raises `Unavailable`."""
        ...


class Renderer(Protocol):
    """Draws segments, somewhere."""

    async def render(self, order: Order, *, deadline_s: float) -> Fragment:
        """The segment, rendered once for all who ask; raises `NotRendered` that says why not, within `deadline_s`."""
        ...

    def ahead(
        self, orders: Sequence[Order], *, by: SessionId, needed_in_s: float, instead: bool = False, now: bool = False
    ) -> None:
        """These are likely to be asked for by a session, the first one first. Never blocks, never raises.

        `instead`: and nothing else that was likely before. `now`: the first of them is about to be asked for.
        """
        ...

    def note(self, link_id: LinkId, keys: Collection[str]) -> None:
        """Remember that these contents show this viewer's data, so that erasing reaches them (B11)."""
        ...
