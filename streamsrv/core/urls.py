"""The only place where URL shapes and signed tokens are built and parsed.

A token is base64url of: version, purpose, key id (1 byte each), expiry (5 bytes, Unix seconds), a payload, and
an HMAC-SHA-256 over all of that cut to 144 bits. Lengths are multiples of three bytes, so every text has exactly
one token and no bit of it is spare. Tokens say nothing about the person (B3, B8).
"""

import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from streamsrv.core.errors import Expired, NotFound, invalid
from streamsrv.core.model import LinkId, Session, SessionId

_VERSION = 1
_MAC_BYTES = 18
_HEAD_BYTES = 8
_ID_BYTES = 16
_STAMP_BYTES = 5
_LINK_CHARACTERS = (_HEAD_BYTES + _ID_BYTES + _MAC_BYTES) // 3 * 4
_PLAYBACK_CHARACTERS = (_HEAD_BYTES + 2 * _ID_BYTES + _STAMP_BYTES + _MAC_BYTES) // 3 * 4
_PLACES = 10**9
"""More than any playlist has, in segments or units."""
# "+" and "/" are not base64url: they turn into a character that strict decoding refuses.
_FROM_URL = bytes.maketrans(b"-_+/", b"+/!!")
_TO_URL = bytes.maketrans(b"+/", b"-_")


class Purpose(IntEnum):
    """What a token may be used for; one never passes for the other."""

    LINK = 1
    PLAYBACK = 2


@dataclass(frozen=True, slots=True)
class TokenKeys:
    """Signing keys by id. New tokens are signed with `current`; the others still verify, until taken out."""

    current: int
    secrets: Mapping[int, bytes] = field(repr=False)
    _prepared: Mapping[int, hmac.HMAC] = field(init=False, repr=False, compare=False)
    """Each secret, already taken in: copying this costs less than starting anew for every token."""

    def __post_init__(self) -> None:
        if self.current not in self.secrets:
            raise invalid("token keys", f"there is no secret for the current key {self.current}")
        for key_id, secret in self.secrets.items():
            if not 0 <= key_id <= 255:
                raise invalid("token keys", f"key id {key_id} is out of range", "0 to 255")
            if len(secret) < 32:
                raise invalid("token keys", f"the secret of key {key_id} has {len(secret)} bytes", "32 or more")
        prepared = {key_id: hmac.new(secret, digestmod="sha256") for key_id, secret in self.secrets.items()}
        object.__setattr__(self, "_prepared", prepared)

    def mac(self, key_id: int, signed: bytes) -> bytes:
        """The signature of `signed`; with an id that is unknown, by the current key: it costs the same."""
        hasher = self._prepared.get(key_id, self._prepared[self.current]).copy()
        hasher.update(signed)
        return hasher.digest()[:_MAC_BYTES]


def sign_link(link_id: LinkId, *, expires_at_s: int, keys: TokenKeys) -> str:
    """The token of an email link."""
    return _sign(Purpose.LINK, link_id, expires_at_s, keys)


def parse_link(token: str, *, now_s: int, keys: TokenKeys) -> LinkId:
    """The link a token stands for; raises `NotFound` for anything forged or mangled, `Expired` past its time."""
    return LinkId(_verify(token, Purpose.LINK, _LINK_CHARACTERS, now_s, keys)[_HEAD_BYTES:])


def sign_playback(session: Session, *, keys: TokenKeys) -> str:
    """The token that all URLs of one session carry in their path."""
    started_at = session.started_at_s.to_bytes(_STAMP_BYTES, "big")
    payload = bytes.fromhex(session.session_id) + session.link_id + started_at
    return _sign(Purpose.PLAYBACK, payload, session.expires_at_s, keys)


def open_playback(token: str, *, now_s: int, keys: TokenKeys) -> bytes:
    """What a playback token says, as signed; raises `NotFound` for anything forged or mangled, `Expired`.

    Equal bytes are the same session in every field: `read_playback` need not look at those it has seen.
    """
    return _verify(token, Purpose.PLAYBACK, _PLAYBACK_CHARACTERS, now_s, keys)


def read_playback(signed: bytes) -> Session:
    """The session that `open_playback` found."""
    payload = signed[_HEAD_BYTES:]
    return Session(
        session_id=SessionId(payload[:_ID_BYTES].hex()),
        link_id=LinkId(payload[_ID_BYTES : 2 * _ID_BYTES]),
        started_at_s=int.from_bytes(payload[2 * _ID_BYTES :], "big"),
        expires_at_s=int.from_bytes(signed[3:_HEAD_BYTES], "big"),
    )


def link_path(token: str) -> str:
    return f"/v/{token}"


def poster_path(token: str) -> str:
    return f"/v/{token}/poster.jpg"


def sessions_path(token: str) -> str:
    return f"/v/{token}/sessions"


def bare_multivariant_path(token: str) -> str:
    """For players that are given the link itself."""
    return f"/v/{token}/multivariant.m3u8"


def multivariant_path(playback_token: str) -> str:
    return f"/p/{playback_token}/multivariant.m3u8"


def prefix_from_link(playback_token: str) -> str:
    """From the bare multivariant playlist's folder to the playback token's."""
    return f"../../p/{playback_token}/"


def parse_place(text: str) -> tuple[int, int] | None:
    """The index and base in units of a segment URL's last part, as this server writes it; else None."""
    index_text, dash, base_text = text.partition("-")
    index, base_units = parse_number(index_text, limit=_PLACES), parse_number(base_text, limit=_PLACES)
    return (index, base_units) if dash and index is not None and base_units is not None else None


def parse_number(text: str, *, limit: int) -> int | None:
    """A decimal number as this server writes it in URLs: no sign, no leading zero, below `limit`; else None."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 12 or (text[0] == "0" and len(text) > 1):
        return None
    number = int(text)
    return number if number < limit else None


def _sign(purpose: Purpose, payload: bytes, expires_at_s: int, keys: TokenKeys) -> str:
    head = bytes((_VERSION, purpose, keys.current)) + expires_at_s.to_bytes(_STAMP_BYTES, "big")
    signed = head + payload
    mac = keys.mac(keys.current, signed)
    return binascii.b2a_base64(signed + mac, newline=False).translate(_TO_URL).decode()


def _verify(token: str, purpose: Purpose, characters: int, now_s: int, keys: TokenKeys) -> bytes:
    try:
        if len(token) != characters:
            raise NotFound("page")
        raw = binascii.a2b_base64(token.encode("ascii").translate(_FROM_URL), strict_mode=True)
    except ValueError:
        raise NotFound("page") from None
    key_id, signed = raw[2], raw[:-_MAC_BYTES]
    genuine = hmac.compare_digest(keys.mac(key_id, signed), raw[-_MAC_BYTES:])
    if not genuine or key_id not in keys.secrets or raw[0] != _VERSION or raw[1] != purpose:
        raise NotFound("page")
    if now_s >= int.from_bytes(raw[3:_HEAD_BYTES], "big"):
        raise Expired("this link is no longer valid")
    return signed
