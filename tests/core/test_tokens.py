"""Tokens: what was signed is read back, and nothing else is let through, whatever is changed in it."""

import binascii
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core import tokens
from streamsrv.core.errors import Expired, Invalid, NotFound
from streamsrv.core.identity import LINK_ID_BYTES
from streamsrv.core.model import Cut, LinkId, Session, SessionId
from streamsrv.core.tokens import LinkClaims, TokenKeys

KEYS = TokenKeys(current=7, secrets={7: b"k" * 32, 8: b"l" * 32, 9: b"m" * 48})
NOW_S = 1_800_000_000
stamps = st.integers(NOW_S + 1, 2**40 - 1)
serials = st.integers(0, 2**32 - 1)
link_ids = st.binary(min_size=LINK_ID_BYTES, max_size=LINK_ID_BYTES).map(LinkId)
places = st.binary(min_size=tokens.PLACE_BYTES, max_size=tokens.PLACE_BYTES)
sessions = st.builds(
    Session,
    session_id=st.binary(min_size=16, max_size=16).map(lambda raw: SessionId(raw.hex())),
    link_id=link_ids,
    serial=serials,
    key_id=st.sampled_from(sorted(KEYS.secrets)),
    started_at_s=st.integers(0, 2**40 - 1),
    expires_at_s=stamps,
)
cuts = st.builds(
    Cut,
    kind=st.sampled_from(("personal", "fallback", "control")),
    language=st.integers(0, 255),
    no_events=st.booleans(),
    release_tag=st.binary(min_size=4, max_size=4),
    places=st.lists(places, min_size=1, max_size=12).map(b"".join),
)
SESSION = Session(SessionId("ab" * 16), LinkId(b"x" * LINK_ID_BYTES), 3, 7, NOW_S, NOW_S + 60)
CUT = Cut("personal", 1, False, b"rrrr", b"placed" * 8)
LINK = tokens.sign_link(SESSION.link_id, serial=3, expires_at_s=NOW_S + 60, keys=KEYS)
PLAYBACK = tokens.sign_playback(SESSION, CUT, keys=KEYS)

Parse = Callable[..., Any]


def parse_playback(token: str, *, now_s: int, keys: TokenKeys) -> tuple[Session, Cut]:
    """What a token stands for, in the server's two steps."""
    return tokens.read_playback(tokens.open_playback(token, now_s=now_s, keys=keys))


BOTH = pytest.mark.parametrize(
    ("token", "parse"), [(LINK, tokens.parse_link), (PLAYBACK, parse_playback)], ids=["link", "playback"]
)


def text_of(raw: bytes) -> str:
    return binascii.b2a_base64(raw, newline=False).translate(bytes.maketrans(b"+/", b"-_")).decode()


def bytes_of(token: str) -> bytes:
    return binascii.a2b_base64(token.translate(str.maketrans("-_", "+/")))


def refused(token: str, parse: Parse) -> None:
    with pytest.raises(NotFound) as caught:
        parse(token, now_s=NOW_S, keys=KEYS)
    assert "no such page" == str(caught.value)


@given(link_ids, serials, stamps)
def test_a_link_token_gives_its_claims_back(link_id: LinkId, serial: int, expires_at_s: int) -> None:
    token = tokens.sign_link(link_id, serial=serial, expires_at_s=expires_at_s, keys=KEYS)

    assert 68 == len(token)
    assert LinkClaims(link_id, serial, 7, expires_at_s) == tokens.parse_link(token, now_s=NOW_S, keys=KEYS)


@given(sessions, cuts)
def test_a_playback_token_gives_its_session_and_cut_back(session: Session, cut: Cut) -> None:
    token = tokens.sign_playback(session, cut, keys=KEYS)

    assert 104 + 8 * (len(cut.places) // tokens.PLACE_BYTES) == len(token)
    assert (session, cut) == parse_playback(token, now_s=NOW_S, keys=KEYS)


def test_a_cut_of_two_hundred_scenes_fits_and_one_more_is_refused() -> None:
    longest = CUT._replace(places=b"placed" * tokens.MAX_PLACES)
    longer = CUT._replace(places=b"placed" * (tokens.MAX_PLACES + 1))

    token = tokens.sign_playback(SESSION, longest, keys=KEYS)
    assert (SESSION, longest) == parse_playback(token, now_s=NOW_S, keys=KEYS)
    assert 1704 == len(token)
    refused(tokens.sign_playback(SESSION, longer, keys=KEYS), parse_playback)


@BOTH
def test_every_change_of_one_byte_is_refused(token: str, parse: Parse) -> None:
    raw = bytes_of(token)
    for at in range(len(raw)):
        for changed in range(256):
            if changed != raw[at]:
                refused(text_of(raw[:at] + bytes((changed,)) + raw[at + 1 :]), parse)


@BOTH
@given(data=st.data())
def test_every_change_of_one_character_is_refused(token: str, parse: Parse, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda character: character != token[at]))
    refused(token[:at] + other + token[at + 1 :], parse)


@BOTH
def test_every_truncation_is_refused(token: str, parse: Parse) -> None:
    for end in range(len(token)):
        refused(token[:end], parse)
    raw = bytes_of(token)
    for end in range(len(raw)):
        refused(text_of(raw[:end]), parse)


@BOTH
@given(more=st.binary(min_size=1, max_size=40))
def test_every_extension_is_refused(token: str, parse: Parse, more: bytes) -> None:
    raw = bytes_of(token)
    refused(token + text_of(more), parse)
    refused(text_of(raw + more), parse)
    refused(text_of(more + raw), parse)
    # Between what is signed and its signature: where a longer cut would stand.
    refused(text_of(raw[:-18] + more + raw[-18:]), parse)


@given(st.text(max_size=200) | st.text("ABCab_-=+/", min_size=60, max_size=120))
def test_any_text_is_refused_as_not_found(text: str) -> None:
    refused(text, tokens.parse_link)
    refused(text, parse_playback)


def test_a_token_for_one_purpose_never_passes_for_another_even_when_its_length_is_right() -> None:
    link_payload, playback_payload = bytes_of(LINK)[8:-18], bytes_of(PLAYBACK)[8:-18]
    posing_as_playback = tokens._sign(tokens.Purpose.LINK, playback_payload, NOW_S + 60, KEYS, 7)
    posing_as_link = tokens._sign(tokens.Purpose.PLAYBACK, link_payload, NOW_S + 60, KEYS, 7)

    assert (len(PLAYBACK), len(LINK)) == (len(posing_as_playback), len(posing_as_link))
    refused(posing_as_playback, parse_playback)
    refused(posing_as_link, tokens.parse_link)
    refused(LINK, parse_playback)
    refused(PLAYBACK, tokens.parse_link)


@given(link_ids, sessions, cuts, st.sampled_from([7, 8, 9]), st.sampled_from([7, 8, 9]))
def test_tokens_outlive_a_rotation_until_their_key_is_taken_out(
    link_id: LinkId, session: Session, cut: Cut, signed_with: int, now_current: int
) -> None:
    before = TokenKeys(current=signed_with, secrets=KEYS.secrets)
    after = TokenKeys(current=now_current, secrets=KEYS.secrets)
    link = tokens.sign_link(link_id, expires_at_s=NOW_S + 1, keys=before)
    playback = tokens.sign_playback(session, cut, keys=before)

    claims = tokens.parse_link(link, now_s=NOW_S, keys=after)
    assert (link_id, signed_with) == (claims.link_id, claims.key_id)
    assert (session, cut) == parse_playback(playback, now_s=NOW_S, keys=after)
    left = {key_id: secret for key_id, secret in KEYS.secrets.items() if key_id not in {signed_with, session.key_id}}
    taken_out = TokenKeys(current=min(left), secrets=left)
    for token, parse in ((link, tokens.parse_link), (playback, parse_playback)):
        with pytest.raises(NotFound):
            parse(token, now_s=NOW_S, keys=taken_out)


@BOTH
def test_a_genuine_token_past_its_time_is_expired_not_unknown(token: str, parse: Parse) -> None:
    parse(token, now_s=NOW_S + 59, keys=KEYS)
    with pytest.raises(Expired):
        parse(token, now_s=NOW_S + 60, keys=KEYS)


@BOTH
def test_a_forged_token_is_signed_again_whatever_is_wrong_with_it(
    token: str, parse: Parse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same work, so the same time: version, purpose, key id, expiry, payload or signature (B7)."""
    raw = bytes_of(token)
    signed_bytes: list[int] = []
    sign = TokenKeys.mac

    def counting(self: TokenKeys, key_id: int, signed: bytes) -> bytes:
        signed_bytes.append(len(signed))
        return sign(self, key_id, signed)

    monkeypatch.setattr(TokenKeys, "mac", counting)
    for at in (0, 1, 2, 3, 8, 30, len(raw) - 18, len(raw) - 1):
        refused(text_of(raw[:at] + bytes((raw[at] ^ 0xFF,)) + raw[at + 1 :]), parse)

    assert [len(raw) - 18] * 8 == signed_bytes


def test_short_secrets_are_refused() -> None:
    with pytest.raises(Invalid, match="32 or more"):
        TokenKeys(current=1, secrets={1: b"short"})


def test_secrets_are_not_shown() -> None:
    assert "kkkk" not in repr(KEYS)
