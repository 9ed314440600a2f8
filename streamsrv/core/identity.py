"""Who a link stands for: opaque names for campaigns and their viewers, the same for ever and in every process.

They come from a secret of their own, made once: signing keys may change, and nobody's link, reference or stored data
moves. Without the secret nothing leads from a name to a person, or confirms a guess (B10).
"""

import hashlib
import hmac
from binascii import a2b_base64, b2a_base64
from dataclasses import dataclass, field

from streamsrv.core.errors import invalid
from streamsrv.core.model import CampaignId, LinkId, TenantId, ViewerId

CAMPAIGN_TAG_BYTES = 5
LINK_ID_BYTES = CAMPAIGN_TAG_BYTES + 16
MIN_SECRET_BYTES = 32
_REF_BYTES = 12
_UNIT_BYTES = 16
# "+" and "/" are not base64url: they turn into a character that strict decoding refuses.
_FROM_URL = bytes.maketrans(b"-_+/", b"+/!!")
_TO_URL = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, slots=True)
class Identity:
    """Names that follow from one secret of 32 bytes or more; raises `Invalid` for a shorter one."""

    secret: bytes = field(repr=False)
    _prepared: hmac.HMAC = field(init=False, repr=False, compare=False)
    """The secret, already taken in: copying this costs less than starting anew for every name."""

    def __post_init__(self) -> None:
        if len(self.secret) < MIN_SECRET_BYTES:
            raise invalid("identity secret", f"has {len(self.secret)} bytes", f"{MIN_SECRET_BYTES} or more")
        object.__setattr__(self, "_prepared", hmac.new(self.secret, digestmod="sha256"))

    def campaign_tag(self, campaign_id: CampaignId) -> bytes:
        """The 5 bytes that every link id of the campaign begins with."""
        return self._named("campaign", campaign_id)[:CAMPAIGN_TAG_BYTES]

    def link_id(self, campaign_id: CampaignId, viewer_id: ViewerId) -> LinkId:
        """The 21 bytes that stand for a viewer of a campaign: the campaign's tag, then 128 bits of the viewer's own."""
        own = self._named("link", campaign_id, viewer_id)[: LINK_ID_BYTES - CAMPAIGN_TAG_BYTES]
        return LinkId(self.campaign_tag(campaign_id) + own)

    def link_ref(self, campaign_id: CampaignId, viewer_id: ViewerId) -> str:
        """The viewer's name in the addresses of calls to action: opaque, stable, and of no use as a link."""
        return self._named("ref", campaign_id, viewer_id)[:_REF_BYTES].hex()

    def tenant_secret(self, tenant_id: TenantId) -> bytes:
        """What the names of a tenant's rendered segments are made with: no two tenants share one (B10)."""
        return self._named("tenant", tenant_id)

    def queue_secret(self) -> bytes:
        """What orders to renderers are sealed with on their way."""
        return self._named("queue")

    def unit_name(self, campaign_id: CampaignId, unit: str) -> str:
        """What the assignment ledger knows a unit by (a `unit_key`): 32 hex digits, which confirm no guess."""
        return self._named("unit", campaign_id, unit)[:_UNIT_BYTES].hex()

    def _named(self, *parts: str) -> bytes:
        """Each part after its length, so that no two lists of parts are the same bytes."""
        hasher = self._prepared.copy()
        for part in parts:
            encoded = part.encode()
            hasher.update(len(encoded).to_bytes(4, "big") + encoded)
        return hasher.digest()


def sample_link_ref(viewer_id: ViewerId) -> str:
    """What stands for a `link_ref` where no secret is at hand: one of its length, each viewer's own, and nobody's."""
    return hashlib.sha256(b"sample" + viewer_id.encode(errors="surrogatepass")).digest()[:_REF_BYTES].hex()


def campaign_tag_of(link_id: LinkId) -> bytes:
    """The tag of the campaign that a link belongs to."""
    return link_id[:CAMPAIGN_TAG_BYTES]


def link_text(link_id: LinkId) -> str:
    """The link id as 28 characters of base64url: how keys of the store name a viewer."""
    return b2a_base64(link_id, newline=False).translate(_TO_URL).decode("ascii")


def link_bytes(text: str) -> LinkId:
    """The link id of a `link_text`; raises `ValueError` for any other text."""
    link_id = LinkId(a2b_base64(text.encode("ascii").translate(_FROM_URL), strict_mode=True))
    if len(link_id) != LINK_ID_BYTES:
        raise ValueError("not a link id")
    return link_id


def tag_text(campaign_tag: bytes) -> str:
    """A campaign's tag as 10 hex digits."""
    return campaign_tag.hex()
