"""Secrets by one rule: the environment, then the file that the settings name, then, for one machine, a file of our own.

Keys come in one or several, `2:secret,1:secret`: the first is what new things are made with, the others still open
what was made before. Nothing here shows a secret, whole or in part (B31).
"""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from streamsrv.config import LinkSettings, VaultSettings
from streamsrv.core.errors import invalid
from streamsrv.core.tokens import TokenKeys

LINKS_FILE, VAULT_FILE = "links.key", "vault.key"
KEY_BYTES = 32
_MAX_FILE_BYTES = 64 * 1024
_NUMBERED = re.compile(r"(\d{1,3}):(.*)", re.ASCII | re.DOTALL)
_SEVERAL = "key ids of 0 to 255, each once: 2:secret,1:secret, of which the first is current"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by id; `current` is what new things are made with."""

    current: int
    keys: Mapping[int, bytes] = field(repr=False)


def load_token_keys(settings: LinkSettings, own_folder: Path | None) -> TokenKeys:
    """The keys that sign links and playback tokens; raises `Invalid` where none of 32 bytes or more is given.

    `own_folder` is where a key is made on first use, when this machine is the whole installation; else None.
    """
    text, where = _found(
        settings.secret,
        settings.secret_file,
        own_folder and own_folder / LINKS_FILE,
        where="links.secret_file",
        expected="STREAMSRV_LINKS_SECRET or links.secret_file, 32 random bytes or more",
    )
    ring = parse_keys(text, where=where, alone=settings.key_id, decoded=str.encode)
    return TokenKeys(current=ring.current, secrets=ring.keys)


def load_vault_keys(settings: VaultSettings, own_folder: Path | None) -> KeyRing:
    """The keys under which viewers' data keys are kept; raises `Invalid` where none is given. As `load_token_keys`."""
    text, where = _found(
        settings.keys,
        settings.keys_file,
        own_folder and own_folder / VAULT_FILE,
        where="vault.keys_file",
        expected="STREAMSRV_VAULT_KEYS or vault.keys_file: 64 hex digits, as `openssl rand -hex 32` prints",
    )
    return parse_keys(text, where=where, alone=1, decoded=lambda key: _from_hex(key, where))


def parse_keys(text: str, *, where: str, alone: int, decoded: Callable[[str], bytes]) -> KeyRing:
    """The keys in `2:secret,1:secret`, apart by commas or lines; `alone` is the id of a key that stands without one."""
    text = text.strip()
    if not _NUMBERED.fullmatch(text):
        return KeyRing(alone, {alone: decoded(text)})
    keys: dict[int, bytes] = {}
    for part in re.split(r"[,\n]", text):
        if not part.strip():
            continue
        numbered = _NUMBERED.fullmatch(part.strip())
        if numbered is None:
            raise invalid(where, "has a key without an id", _SEVERAL)
        key_id = int(numbered[1])
        if key_id > 255 or key_id in keys:
            raise invalid(where, f"has the key id {key_id}{' twice' if key_id in keys else ''}", _SEVERAL)
        keys[key_id] = decoded(numbered[2].strip())
    return KeyRing(next(iter(keys)), keys)


def _found(given: str, file: Path | None, own: Path | None, *, where: str, expected: str) -> tuple[str, str]:
    """The secret's text and where it came from."""
    if given.strip():
        return given, "environment"
    if file is not None:
        return _read(file, where), f"{where} {file}"
    if own is not None:
        return own_secret(own), str(own)
    raise invalid(where.partition(".")[0], "no secret", expected)


def own_secret(path: Path) -> str:
    """The key in a file of our own, made at first use; only this user may read it. Safe where two processes start."""
    if path.exists():
        return _read(path, "secret")
    aside = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, f"1:{secrets.token_hex(KEY_BYTES)}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        try:
            # A link appears whole or not at all, and never in place of another's.
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    except OSError as error:
        raise invalid(str(path), f"cannot be made: {error.strerror}", "a folder that can be written") from error
    return _read(path, "secret")


def _read(path: Path, where: str) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise invalid(where, f"cannot read {path}: {error.strerror}") from error
    try:
        text = raw.decode().strip()
    except UnicodeDecodeError:
        raise invalid(where, f"{path} is not text", _SEVERAL) from None
    if not text or len(raw) > _MAX_FILE_BYTES:
        raise invalid(where, f"{path} is {'too long' if text else 'empty'}", "one key, or several")
    return text


def _from_hex(text: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise invalid(where, "has a key that is not 32 bytes in hex", f"{2 * KEY_BYTES} hex digits each")
    return key
