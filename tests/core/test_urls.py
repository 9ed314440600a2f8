"""Tokens and numbers in URLs: only what this server wrote is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core import urls
from streamsrv.core.errors import Expired, Invalid, NotFound
from streamsrv.core.model import LinkId, Session, SessionId

KEYS = urls.TokenKeys(current=7, secrets={7: b"k" * 32, 8: b"l" * 32})
NOW_S = 1_800_000_000
link_ids = st.binary(min_size=16, max_size=16).map(LinkId)
sessions = st.builds(
    Session,
    session_id=st.binary(min_size=16, max_size=16).map(lambda raw: SessionId(raw.hex())),
    link_id=link_ids,
    started_at_s=st.integers(0, 2**40 - 1),
    expires_at_s=st.integers(NOW_S + 1, 2**40 - 1),
)


def parse_playback(token: str, *, now_s: int, keys: urls.TokenKeys) -> Session:
    """The session a token stands for, in the server's two steps."""
    return urls.read_playback(urls.open_playback(token, now_s=now_s, keys=keys))


@given(link_ids, st.integers(NOW_S + 1, 2**40 - 1))
def test_a_link_token_gives_its_link_back(link_id: LinkId, expires_at_s: int) -> None:
    token = urls.sign_link(link_id, expires_at_s=expires_at_s, keys=KEYS)
    assert link_id == urls.parse_link(token, now_s=NOW_S, keys=KEYS)


@given(sessions)
def test_a_playback_token_gives_its_session_back(session: Session) -> None:
    assert session == parse_playback(urls.sign_playback(session, keys=KEYS), now_s=NOW_S, keys=KEYS)


@given(sessions, st.data())
def test_every_change_of_one_character_is_refused(session: Session, data: st.DataObject) -> None:
    token = urls.sign_playback(session, keys=KEYS)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda character: character != token[at]))
    with pytest.raises(NotFound):
        parse_playback(token[:at] + other + token[at + 1 :], now_s=NOW_S, keys=KEYS)


@given(st.text(max_size=200))
def test_any_text_is_refused_as_not_found(text: str) -> None:
    for parse in (urls.parse_link, parse_playback):
        with pytest.raises(NotFound):
            parse(text, now_s=NOW_S, keys=KEYS)


def test_a_link_token_is_no_playback_token_even_when_its_length_is_right() -> None:
    session = Session(SessionId("00" * 16), LinkId(b"x" * 16), NOW_S, NOW_S + 60)
    forged = urls._sign(urls.Purpose.LINK, bytes(16) + b"x" * 16 + bytes(5), NOW_S + 60, KEYS)
    assert len(forged) == len(urls.sign_playback(session, keys=KEYS))
    with pytest.raises(NotFound):
        parse_playback(forged, now_s=NOW_S, keys=KEYS)


def test_a_genuine_token_past_its_time_is_expired_not_unknown() -> None:
    token = urls.sign_link(LinkId(b"x" * 16), expires_at_s=NOW_S, keys=KEYS)
    with pytest.raises(Expired):
        urls.parse_link(token, now_s=NOW_S, keys=KEYS)


def test_a_key_that_was_taken_out_no_longer_verifies_and_an_older_one_still_does() -> None:
    token = urls.sign_link(LinkId(b"x" * 16), expires_at_s=NOW_S + 1, keys=KEYS)
    rotated = urls.TokenKeys(current=8, secrets=KEYS.secrets)
    assert LinkId(b"x" * 16) == urls.parse_link(token, now_s=NOW_S, keys=rotated)
    with pytest.raises(NotFound):
        urls.parse_link(token, now_s=NOW_S, keys=urls.TokenKeys(current=8, secrets={8: b"l" * 32}))


def test_short_secrets_are_refused() -> None:
    with pytest.raises(Invalid, match="32 or more"):
        urls.TokenKeys(current=1, secrets={1: b"short"})


def test_secrets_are_not_shown() -> None:
    assert "kkkk" not in repr(KEYS)


@pytest.mark.parametrize("text", ["", "-1", "+1", "01", "1.0", "1e3", " 1", "٣", "1_0", "9" * 13, "100"])
def test_a_number_that_the_server_did_not_write_is_refused(text: str) -> None:
    assert urls.parse_number(text, limit=100) is None


@given(st.integers(0, 10**11))
def test_a_number_is_read_back(number: int) -> None:
    assert number == urls.parse_number(str(number), limit=10**11 + 1)
