"""Signed tokens: made, checked and read here, and nowhere else.

A token is base64url of: version, purpose, key id (1 byte each), expiry (5 bytes, Unix seconds), a payload, and an
HMAC-SHA-256 over all of that cut to 144 bits. Lengths are multiples of three bytes, so every text has exactly one
token and no bit of it is spare. Tokens say nothing about the person (B3, B8).
"""

import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from streamsrv.core.errors import Expired, NotFound, invalid
from streamsrv.core.identity import LINK_ID_BYTES
from streamsrv.core.model import Cut, LinkId, Session, SessionId, StoryKind

_VERSION = 2
_MAC_BYTES = 18
_HEAD_BYTES = 8
_SESSION_ID_BYTES = 16
_STAMP_BYTES = 5
_SERIAL_BYTES = 4
RELEASE_TAG_BYTES = 4
SCENE_TAG_BYTES = 5
PLACE_BYTES = SCENE_TAG_BYTES + 1
"""One scene of a cut: its tag and the index of its slot."""
MAX_PLACES = 200

_LINK_CHARACTERS = (_HEAD_BYTES + LINK_ID_BYTES + _SERIAL_BYTES + _MAC_BYTES) // 3 * 4
_STARTED_AT = _HEAD_BYTES + _SESSION_ID_BYTES
_LINK_AT = _STARTED_AT + _STAMP_BYTES
_SERIAL_AT = _LINK_AT + LINK_ID_BYTES
_RELEASE_AT = _SERIAL_AT + _SERIAL_BYTES
_LANGUAGE_AT = _RELEASE_AT + RELEASE_TAG_BYTES
_FLAGS_AT = _LANGUAGE_AT + 1
_PLACES_AT = _FLAGS_AT + 1
_EMPTY_PLAYBACK_CHARACTERS = (_PLACES_AT + _MAC_BYTES) // 3 * 4
_PLACE_CHARACTERS = PLACE_BYTES // 3 * 4
_PLAYBACK_CHARACTERS = range(
    _EMPTY_PLAYBACK_CHARACTERS + _PLACE_CHARACTERS,
    _EMPTY_PLAYBACK_CHARACTERS + MAX_PLACES * _PLACE_CHARACTERS + 1,
    _PLACE_CHARACTERS,
)
_KINDS: tuple[StoryKind, ...] = ("personal", "fallback", "control")
_KIND_BITS = 0b011
_NO_EVENTS_BIT = 0b100
# "+" and "/" are not base64url: they turn into a character that strict decoding refuses.
_FROM_URL = bytes.maketrans(b"-_+/", b"+/!!")
_TO_URL = bytes.maketrans(b"+/", b"-_")


class Purpose(IntEnum):
    """What a token may be used for; one never passes for the other."""

    LINK = 1
    PLAYBACK = 2


@dataclass(frozen=True, slots=True)
class TokenKeys:
    """Signing keys by id. New links are signed with `current`; the others still verify, until taken out."""

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


class LinkClaims(NamedTuple):
    """What a genuine link token says."""

    link_id: LinkId
    serial: int
    """The generation of the viewer's links: once revoked, those of a lower one are over."""
    key_id: int
    expires_at_s: int


def sign_link(link_id: LinkId, *, expires_at_s: int, keys: TokenKeys, serial: int = 0) -> str:
    """The token of an email link."""
    return _sign(Purpose.LINK, link_id + serial.to_bytes(_SERIAL_BYTES, "big"), expires_at_s, keys, keys.current)


def parse_link(token: str, *, now_s: int, keys: TokenKeys) -> LinkClaims:
    """The link a token stands for; raises `NotFound` for anything forged or mangled, `Expired` past its time."""
    if len(token) != _LINK_CHARACTERS:
        raise NotFound("page")
    signed = _verify(token, Purpose.LINK, now_s, keys)
    end = _HEAD_BYTES + LINK_ID_BYTES
    return LinkClaims(
        link_id=LinkId(signed[_HEAD_BYTES:end]),
        serial=int.from_bytes(signed[end:], "big"),
        key_id=signed[2],
        expires_at_s=int.from_bytes(signed[3:_HEAD_BYTES], "big"),
    )


def sign_playback(session: Session, cut: Cut, *, keys: TokenKeys) -> str:
    """The token that all URLs of one session carry in their path, signed with the key of its link.

    So whoever revokes a key ends the sessions that its links began, too.
    """
    flags = _KINDS.index(cut.kind) | (_NO_EVENTS_BIT if cut.no_events else 0)
    payload = b"".join(
        (
            bytes.fromhex(session.session_id),
            session.started_at_s.to_bytes(_STAMP_BYTES, "big"),
            session.link_id,
            session.serial.to_bytes(_SERIAL_BYTES, "big"),
            cut.release_tag,
            bytes((cut.language, flags)),
            cut.places,
        )
    )
    return _sign(Purpose.PLAYBACK, payload, session.expires_at_s, keys, session.key_id)


def open_playback(token: str, *, now_s: int, keys: TokenKeys) -> bytes:
    """What a playback token says, as signed; raises `NotFound` for anything forged or mangled, `Expired`."""
    if len(token) not in _PLAYBACK_CHARACTERS:
        raise NotFound("page")
    return _verify(token, Purpose.PLAYBACK, now_s, keys)


def read_playback(signed: bytes) -> tuple[Session, Cut]:
    """The session that `open_playback` found, and what it was decided to show."""
    flags = signed[_FLAGS_AT]
    session = Session(
        session_id=SessionId(signed[_HEAD_BYTES:_STARTED_AT].hex()),
        link_id=LinkId(signed[_LINK_AT:_SERIAL_AT]),
        serial=int.from_bytes(signed[_SERIAL_AT:_RELEASE_AT], "big"),
        key_id=signed[2],
        started_at_s=int.from_bytes(signed[_STARTED_AT:_LINK_AT], "big"),
        expires_at_s=int.from_bytes(signed[3:_HEAD_BYTES], "big"),
    )
    cut = Cut(
        kind=_KINDS[flags & _KIND_BITS],
        language=signed[_LANGUAGE_AT],
        no_events=bool(flags & _NO_EVENTS_BIT),
        release_tag=signed[_RELEASE_AT:_LANGUAGE_AT],
        places=signed[_PLACES_AT:],
    )
    return session, cut


def _sign(purpose: Purpose, payload: bytes, expires_at_s: int, keys: TokenKeys, key_id: int) -> str:
    head = bytes((_VERSION, purpose, key_id)) + expires_at_s.to_bytes(_STAMP_BYTES, "big")
    signed = head + payload
    mac = keys.mac(key_id, signed)
    return binascii.b2a_base64(signed + mac, newline=False).translate(_TO_URL).decode("ascii")


def _verify(token: str, purpose: Purpose, now_s: int, keys: TokenKeys) -> bytes:
    """The signed bytes of a token whose length is right. A forged one costs the same, whatever is wrong with it."""
    try:
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
