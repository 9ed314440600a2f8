"""The JSON of requests and answers. The OpenAPI document is made from these, so it says what is so."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, JsonValue, RootModel

from streamsrv.core.api_keys import Scope
from streamsrv.core.importing.rows import MAX_ID_CHARS
from streamsrv.web.api.operations import Model

MAX_LINKS = 1_000
MAX_LINK_DAYS = 730
MAX_ACTS = 1_000
CAMPAIGN_PATTERN = r"^[a-z0-9][a-z0-9-]{0,63}$"


def _whole(value: object) -> object:
    """In JSON Schema 80.0 is an integer as 80 is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


CampaignName = Annotated[str, Field(pattern=CAMPAIGN_PATTERN, examples=["renewal"])]
ViewerName = Annotated[str, Field(min_length=1, max_length=MAX_ID_CHARS, examples=["crm-10042"])]
"""The campaign team's own id of a viewer."""
Attributes = Annotated[dict[str, JsonValue], Field(examples=[{"first_name": "Ana", "product": "home"}])]


class ShownProblem(Model):
    """One mistake in what was sent."""

    where: str
    what: str
    expected: str


class Error(Model):
    """Every answer that is not a success."""

    error: str
    """A word for programs."""
    message: str
    """A sentence for people."""
    request_id: str
    """To be told to whoever runs the server."""
    problems: list[ShownProblem] = Field(default_factory=list)


class ViewerAttributes(Model):
    """A viewer's data, by the names of the campaign's schema. Replaces all that was known of the viewer."""

    attributes: Attributes


class NewViewer(Model):
    """A viewer and their data."""

    viewer: ViewerName
    campaign: CampaignName | None = None
    """Where the address does not name it."""
    attributes: Attributes


class StoredViewer(Model):
    """A viewer who is kept now."""

    viewer: str
    campaign: str


class Viewer(Model):
    """A viewer and all that is known of them."""

    viewer: str
    campaign: str
    link_ref: str
    """The viewer's name in addresses of calls to action."""
    attributes: dict[str, Any]


class RejectedLine(Model):
    """A line that was not kept."""

    line: int
    """From 1."""
    viewer: str | None
    """None when the line has no usable id."""
    problems: list[ShownProblem]


class BulkResult(Model):
    """What became of many viewers."""

    stored: int
    rejected: int
    rejects: list[RejectedLine]
    """The first of them."""


class LinkRequest(Model):
    """Whose links are wanted, and for how long they shall be good."""

    campaign: CampaignName
    viewers: Annotated[list[ViewerName], Field(min_length=1, max_length=MAX_LINKS)]
    days: Annotated[int, Field(ge=1, le=MAX_LINK_DAYS), BeforeValidator(_whole)] | None = None
    """As the server's settings say when not given. Links are good until the end of the last day, in UTC."""


class Link(Model):
    """One viewer's link."""

    viewer: str
    url: str
    """The page to send."""
    multivariant_url: str
    """For players that are given the link itself."""
    poster_url: str
    """For an e-mail: a still of the first moment with the viewer's own words."""
    moment_url: str
    """The same moment, moving (WebP)."""
    expires_at: datetime


class Links(Model):
    """The links that were wanted."""

    links: list[Link]
    unknown: list[str]
    """Viewers whom the campaign does not have."""


class Campaign(Model):
    """A live campaign."""

    campaign: str
    title: str
    release: str
    """SHA-256 of its content: a change of the campaign is another release."""
    valid_from: datetime | None
    valid_until: datetime | None
    """The first moment at which it is no longer shown."""
    attributes: list[str]
    required: list[str]


class Campaigns(Model):
    """The tenant's live campaigns."""

    campaigns: list[Campaign]


class KeyOfCaller(Model):
    """The key that asks."""

    prefix: str
    tail: str
    """The key's last characters."""
    name: str
    tenant: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime


class Act(Model):
    """One line of the audit log."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    """An opaque id; of a viewer, the text of their link id."""
    detail: dict[str, Any]


class Acts(Model):
    """Some lines of the audit log, and where the whole log ends."""

    acts: list[Act]
    head: str
    """To be noted elsewhere: `streamsrv audit verify --head` compares it with the log later on."""


class ErasureRequest(Model):
    """Whom to erase."""

    viewer: ViewerName
    campaign: CampaignName | None = None
    """Where from; every campaign of the tenant when not given."""


class Erasure(Model):
    """That a viewer was erased, as the store is now."""

    erasure: str
    """The erasure's id. Stands for the viewer, and tells nobody who it was."""
    campaign: str
    erased_at: datetime
    was_there: bool | None
    """Whether there was such a viewer; null when an erasure is asked about later."""
    is_there: bool
    """Whether a record is there now. Without it nothing else of theirs can be opened."""
    audit_head: str
    """Where the audit log ended when this was told; the erasure is one of its lines."""


class Erasures(Model):
    """One erasure for each campaign."""

    erasures: list[Erasure]


class RevokeViewer(Model):
    """End every link that one viewer has."""

    kind: Literal["viewer"]
    campaign: CampaignName
    viewer: ViewerName


class RevokeCampaign(Model):
    """End every link of a campaign."""

    kind: Literal["campaign"]
    campaign: CampaignName


class RevokeSigningKey(Model):
    """End every link that was signed with a key. Needs the scope `operator`."""

    kind: Literal["signing_key"]
    key_id: Annotated[int, Field(ge=0, le=255), BeforeValidator(_whole)]


class Revocation(RootModel[Annotated[RevokeViewer | RevokeCampaign | RevokeSigningKey, Field(discriminator="kind")]]):
    """What is to be ended."""


class Revoked(Model):
    """What was ended. Every process knows within a minute; links that are issued later open."""

    kind: Literal["viewer", "campaign", "signing_key"]
