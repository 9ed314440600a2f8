"""Encryption at rest: each viewer's data under a key of their own, that key under a key-encryption key (B13).

What is kept of a viewer is one record: version, the key-encryption key's id, the data key wrapped by it, and the data.
Forgetting the record forgets the only copy of the data key, and with it everything else that was sealed under it.
A record is bound to its viewer: under another one's link id it does not open.
"""

import logging
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from streamsrv.config import VaultSettings
from streamsrv.core.errors import Unavailable
from streamsrv.core.identity import MIN_SECRET_BYTES, Identity
from streamsrv.stores.secrets import KEY_BYTES, KeyRing, load_vault_keys
from streamsrv.stores.state import State, names

logger = logging.getLogger(__name__)

VERSION = 1
NONCE_BYTES, TAG_BYTES = 12, 16
_HEAD_BYTES = 2
WRAPPED_BYTES = _HEAD_BYTES + NONCE_BYTES + KEY_BYTES + TAG_BYTES
_OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES
WHAT = "the store of viewers"
IDENTITY_BUDGET_MS = 5_000
"""Asked once, when a process starts."""
# What a ciphertext is bound to begins with what it is, so that none passes for another kind.
_KEY, _RECORD, _SEALED = b"key\0", b"record\0", b"sealed\0"


class DataKey(NamedTuple):
    """One viewer's key."""

    secret: bytes
    wrapped: bytes
    """As it stands at the head of the record: under the key-encryption key."""

    def __repr__(self) -> str:
        return "DataKey()"


class Vault:
    """Seals and opens. Random nonces: one key-encryption key is good for 2^32 viewers.

    What does not open is `Unavailable`, never empty: it was tampered with, damaged, or its key is not among ours.
    """

    def __init__(self, ring: KeyRing, *, randomness: Callable[[int], bytes] = os.urandom) -> None:
        self._current = ring.current
        self._wrapping = {key_id: AESGCM(key) for key_id, key in ring.keys.items()}
        self._random = randomness

    def new_key(self, link_id: bytes) -> DataKey:
        """A data key for this viewer."""
        secret = self._random(KEY_BYTES)
        return DataKey(secret, self._wrap(link_id, secret))

    def seal_record(self, link_id: bytes, key: DataKey, plain: bytes) -> bytes:
        """The viewer's record."""
        nonce = self._random(NONCE_BYTES)
        return key.wrapped + nonce + AESGCM(key.secret).encrypt(nonce, plain, _RECORD + link_id)

    def open_record(self, link_id: bytes, record: bytes) -> tuple[DataKey, bytes]:
        """The viewer's key and data; raises `Unavailable`."""
        key = self.key_of(link_id, record)
        return key, _decrypted(key.secret, record[WRAPPED_BYTES:], _RECORD + link_id)

    def key_of(self, link_id: bytes, record: bytes) -> DataKey:
        """The viewer's key alone; raises `Unavailable`."""
        wrapped = record[:WRAPPED_BYTES]
        if len(wrapped) < WRAPPED_BYTES or wrapped[0] != VERSION:
            raise _unusable("not a record")
        wrapping = self._wrapping.get(wrapped[1])
        if wrapping is None:
            raise _unusable("key unknown", key_id=wrapped[1])
        nonce_end = _HEAD_BYTES + NONCE_BYTES
        try:
            secret = wrapping.decrypt(wrapped[_HEAD_BYTES:nonce_end], wrapped[nonce_end:], _KEY + link_id)
        except InvalidTag:
            raise _unusable("key does not open", key_id=wrapped[1]) from None
        return DataKey(secret, wrapped)

    def renewed(self, link_id: bytes, key: DataKey) -> DataKey:
        """The same key, wrapped by the current key-encryption key."""
        return key if key.wrapped[1] == self._current else DataKey(key.secret, self._wrap(link_id, key.secret))

    def rewrapped(self, link_id: bytes, record: bytes) -> bytes | None:
        """The record with its data key under the current key-encryption key; None where it is so already."""
        if record[1:2] == bytes((self._current,)):
            return None
        return self._wrap(link_id, self.key_of(link_id, record).secret) + record[WRAPPED_BYTES:]

    def seal(self, link_id: bytes, data_key: bytes, plain: bytes) -> bytes:
        """Anything else of a viewer's, under their key; gone for good when the record is."""
        nonce = self._random(NONCE_BYTES)
        return nonce + AESGCM(data_key).encrypt(nonce, plain, _SEALED + link_id)

    def open(self, link_id: bytes, data_key: bytes, sealed: bytes) -> bytes:
        """What `seal` was given; raises `Unavailable`."""
        return _decrypted(data_key, sealed, _SEALED + link_id)

    def _wrap(self, link_id: bytes, secret: bytes) -> bytes:
        nonce = self._random(NONCE_BYTES)
        head = bytes((VERSION, self._current))
        return head + nonce + self._wrapping[self._current].encrypt(nonce, secret, _KEY + link_id)


async def load_identity(state: State, vault: Vault) -> Identity:
    """The installation's identity, made at first use and kept sealed; raises `Unavailable`.

    Processes that start together agree on it: only the first one's secret is kept.
    """
    return open_identity(vault, await kept_identity(state, vault))


def open_identity(vault: Vault, kept: bytes) -> Identity:
    """The identity that is kept so; raises `Unavailable` where the vault's keys do not open it."""
    return Identity(vault.open_record(names.IDENTITY.encode(), kept)[1])


async def kept_identity(state: State, vault: Vault) -> bytes:
    """The sealed identity, made where there is none; raises `Unavailable` without the store."""
    bound_to = names.IDENTITY.encode()
    made = vault.seal_record(bound_to, vault.new_key(bound_to), secrets.token_bytes(MIN_SECRET_BYTES))

    await state.run(
        lambda client: client.set(names.IDENTITY, made, nx=True), what="the identity", budget_ms=IDENTITY_BUDGET_MS
    )
    (kept,) = await state.many_get([names.IDENTITY], budget_ms=IDENTITY_BUDGET_MS)
    if kept is None:
        raise Unavailable("the identity")
    return kept


def open_vault(settings: VaultSettings, own_folder: Path | None) -> Vault:
    """The vault under the keys that `load_vault_keys` finds; raises `Invalid`."""
    return Vault(load_vault_keys(settings, own_folder))


def _decrypted(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    if len(sealed) < _OVERHEAD_BYTES:
        raise _unusable("too short")
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except InvalidTag:
        raise _unusable("data does not open") from None


def _unusable(why: str, *, key_id: int | None = None) -> Unavailable:
    # Not the viewer's fault and not curable by them, yet perhaps by adding a key: a 503, and a line for who runs it.
    logger.error("stored data cannot be opened", extra={"why": why, "vault_key_id": key_id})
    return Unavailable(WHAT)
