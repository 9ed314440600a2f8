"""API keys: their text, what is kept of it, and when one opens something (B25)."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.api_keys import ApiKey, Scope, make_key, prefix_of
from streamsrv.core.model import TenantId

NOW_S = 1_900_000_000


def make(seed: int = 0, *, life_s: int = 3600) -> tuple[str, ApiKey]:
    return make_key(
        TenantId("acme"),
        frozenset({Scope.VIEWERS_WRITE}),
        name="crm",
        now_s=NOW_S,
        life_s=life_s,
        random_bytes=random.Random(seed).randbytes,
    )


def test_a_key_is_found_by_its_prefix_and_proven_by_the_whole_text() -> None:
    text, key = make()

    assert (prefix_of(text), key.is_for(text)) == (key.prefix, True)
    assert text.startswith(f"ssk_{key.prefix}_")
    assert text.endswith(key.tail)


def test_nothing_that_is_kept_holds_the_secret() -> None:
    text, key = make()

    assert text.rpartition("_")[2] not in repr(key)


@given(st.integers(0, 62), st.integers(1, 255))
def test_any_changed_character_is_another_key(at: int, change: int) -> None:
    text, key = make()
    changed = text[:at] + chr(ord(text[at]) ^ change) + text[at + 1 :]

    assert not key.is_for(changed)


@given(st.text(max_size=80))
def test_any_text_has_a_prefix_or_none(text: str) -> None:
    assert prefix_of(text) is None


@pytest.mark.parametrize(
    ("at_s", "good"), [(NOW_S - 1, False), (NOW_S, True), (NOW_S + 3599, True), (NOW_S + 3600, False)]
)
def test_a_key_opens_something_for_its_life_only(at_s: int, good: bool) -> None:
    assert make()[1].is_good_at(at_s) == good


def test_a_revoked_key_opens_nothing_and_keeps_its_first_revocation() -> None:
    revoked = make()[1].revoked(NOW_S + 5)

    assert not revoked.is_good_at(NOW_S + 6)
    assert revoked.revoked(NOW_S + 9) == revoked


def test_keys_hold_at_least_128_random_bits() -> None:
    assert len({make(seed)[0] for seed in range(100)}) == 100
    assert len(bytes.fromhex(make()[0].rpartition("_")[2])) * 8 >= 128
