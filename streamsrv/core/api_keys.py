"""API keys: what one may do, for whom and until when; and the text that its owner holds.

The text is `ssk_`, a public prefix by which the key is found and named, and 192 random bits. Only the text's SHA-256
is kept: with that many bits there is nothing to guess, so a slow hash would only cost time (B25).
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from streamsrv.core.model import TenantId

PREFIX_BYTES = 5
SECRET_BYTES = 24
TAIL_CHARACTERS = 4
MAX_NAME_CHARACTERS = 80
_TEXT = re.compile(r"ssk_(?P<prefix>[0-9a-f]{10})_[0-9a-f]{48}", re.ASCII)


class Scope(StrEnum):
    """What a key may do, one by one; a key without a scope may only ask about itself."""

    CAMPAIGNS_READ = "campaigns:read"
    VIEWERS_READ = "viewers:read"
    """Read attributes of single viewers: personal data."""
    VIEWERS_WRITE = "viewers:write"
    LINKS_WRITE = "links:write"
    REVOCATIONS_WRITE = "revocations:write"
    ERASURES_READ = "erasures:read"
    ERASURES_WRITE = "erasures:write"
    AUDIT_READ = "audit:read"
    OPERATOR = "operator"
    """Reaches past the tenant: revoking a signing key of the whole server."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as the server knows it; its text is known to its owner alone."""

    prefix: str
    tenant_id: TenantId
    scopes: frozenset[Scope]
    name: str
    """For people: which program holds it."""
    digest: bytes
    """SHA-256 of the key's text."""
    tail: str
    """The text's last characters, so that an owner can tell which key this is."""
    created_at_s: int
    expires_at_s: int
    revoked_at_s: int | None = None

    def is_good_at(self, now_s: int) -> bool:
        """Whether the key opens anything at this Unix time."""
        return self.revoked_at_s is None and self.created_at_s <= now_s < self.expires_at_s

    def is_for(self, text: str) -> bool:
        """Whether `text` is this key; takes as long for any text."""
        return hmac.compare_digest(digest_of(text), self.digest)

    def revoked(self, now_s: int) -> "ApiKey":
        """The same key, of no use from now on; the first revocation's time stays."""
        return self if self.revoked_at_s is not None else replace(self, revoked_at_s=now_s)


def make_key(
    tenant_id: TenantId,
    scopes: frozenset[Scope],
    *,
    name: str,
    now_s: int,
    life_s: int,
    random_bytes: Callable[[int], bytes],
) -> tuple[str, ApiKey]:
    """A new key's text, which is told once, and what is kept of it."""
    prefix = random_bytes(PREFIX_BYTES).hex()
    text = f"ssk_{prefix}_{random_bytes(SECRET_BYTES).hex()}"
    key = ApiKey(
        prefix=prefix,
        tenant_id=tenant_id,
        scopes=scopes,
        name=name,
        digest=digest_of(text),
        tail=text[-TAIL_CHARACTERS:],
        created_at_s=now_s,
        expires_at_s=now_s + life_s,
    )
    return text, key


def prefix_of(text: str) -> str | None:
    """The prefix of a text that has a key's form; None for any other, which needs no look-up."""
    found = _TEXT.fullmatch(text)
    return None if found is None else found["prefix"]


def digest_of(text: str) -> bytes:
    """What is kept of a key's text."""
    return hashlib.sha256(text.encode()).digest()
