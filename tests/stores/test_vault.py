"""What the vault seals opens for its viewer alone, under keys that can be rotated, and not at all once forgotten."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.errors import Unavailable
from streamsrv.stores.secrets import KeyRing
from streamsrv.stores.vault import DataKey, Vault

ANNA, BEN = b"anna".ljust(21, b"."), b"ben".ljust(21, b".")
OLD = Vault(KeyRing(1, {1: b"1" * 32}))
BOTH = Vault(KeyRing(2, {2: b"2" * 32, 1: b"1" * 32}))
NEW = Vault(KeyRing(2, {2: b"2" * 32}))
UNAVAILABLE = "the store of viewers is unavailable, retry in 1 s"


def _record(vault: Vault = OLD, plain: bytes = b"Anna, 812.40") -> tuple[DataKey, bytes]:
    key = vault.new_key(ANNA)
    return key, vault.seal_record(ANNA, key, plain)


@given(st.binary(max_size=2_000), st.binary(min_size=21, max_size=21))
def test_a_record_opens_to_what_was_sealed(plain: bytes, link_id: bytes) -> None:
    key = OLD.new_key(link_id)

    assert (key, plain) == OLD.open_record(link_id, OLD.seal_record(link_id, key, plain))


def test_a_record_shows_nothing_of_what_it_holds() -> None:
    key, record = _record(plain=b"Canary-Anna" * 20)

    for hidden in (b"Canary-Anna", b"Canary-Anna".hex().encode(), base64.b64encode(b"Canary-Anna"), key.secret):
        assert hidden not in record
    assert "DataKey()" == repr(key)


def test_equal_data_makes_unequal_records() -> None:
    assert _record()[1] != _record()[1]


def test_a_record_does_not_open_for_another_viewer() -> None:
    _, record = _record()

    with pytest.raises(Unavailable, match=UNAVAILABLE):
        OLD.open_record(BEN, record)


def test_a_record_with_any_bit_changed_does_not_open() -> None:
    _, record = _record()

    for place in range(len(record)):
        changed = bytearray(record)
        changed[place] ^= 1
        with pytest.raises(Unavailable, match=UNAVAILABLE):
            OLD.open_record(ANNA, bytes(changed))


@given(st.binary(max_size=200))
def test_what_is_no_record_is_unavailable(record: bytes) -> None:
    with pytest.raises(Unavailable, match=UNAVAILABLE):
        OLD.open_record(ANNA, record)


def test_what_is_sealed_beside_the_record_opens_under_its_key_alone() -> None:
    key, record = _record()
    sealed = OLD.seal(ANNA, key.secret, b"decisions")

    assert b"decisions" == OLD.open(ANNA, OLD.key_of(ANNA, record).secret, sealed)
    for link_id, secret in ((BEN, key.secret), (ANNA, OLD.new_key(ANNA).secret)):
        with pytest.raises(Unavailable, match=UNAVAILABLE):
            OLD.open(link_id, secret, sealed)


def test_a_record_never_passes_for_what_is_sealed_beside_it() -> None:
    key, record = _record()

    with pytest.raises(Unavailable, match=UNAVAILABLE):
        OLD.open(ANNA, key.secret, record[len(key.wrapped) :])


def test_after_rotation_the_record_opens_with_the_new_key_alone() -> None:
    key, record = _record()

    rewrapped = BOTH.rewrapped(ANNA, record)

    assert rewrapped is not None
    found, plain = NEW.open_record(ANNA, rewrapped)
    assert (key.secret, b"Anna, 812.40") == (found.secret, plain)
    assert (key, b"Anna, 812.40") == BOTH.open_record(ANNA, record)


def test_a_record_under_the_current_key_needs_no_wrapping() -> None:
    assert BOTH.rewrapped(ANNA, _record(BOTH)[1]) is None


def test_a_record_under_a_key_that_was_taken_out_is_unavailable() -> None:
    with pytest.raises(Unavailable, match=UNAVAILABLE):
        NEW.rewrapped(ANNA, _record()[1])
