"""The search for canaries finds them, in every form that it says it knows."""

import base64
import hashlib
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.security.canaries import Canaries

TEXT = "Canary-Zoë O'Neil/4711"
CANARIES = Canaries({"name": TEXT})


def shifted(encode: Callable[[bytes], bytes], at: int) -> Callable[[str], bytes]:
    """Encoded behind so many other bytes."""
    return lambda text: encode(b"?" * at + text.encode() + b"!")


HIDDEN: dict[str, Callable[[str], bytes]] = {
    "as it is": str.encode,
    "in capitals": lambda text: text.upper().encode(),
    "as UTF-16": lambda text: text.encode("utf-16-le"),
    "as Windows-1252": lambda text: text.encode("cp1252"),
    "in hex": lambda text: text.encode().hex().upper().encode(),
    "in a URL": lambda text: quote(text, safe="").encode(),
    "in a URL, every byte": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()).encode(),
    "in JSON": lambda text: b"Canary-Zo\\u00eb O'Neil/4711",
    "in HTML": lambda text: b"Canary-Zo\xc3\xab O&#x27;Neil/4711",
    "hashed": lambda text: hashlib.sha256(text.encode()).hexdigest().encode(),
    **{f"in base64, {at} in": shifted(base64.b64encode, at) for at in range(4)},
    **{f"in base64url, {at} in": shifted(base64.urlsafe_b64encode, at) for at in range(4)},
    **{f"in base32, {at} in": shifted(base64.b32encode, at) for at in range(6)},
}


@pytest.mark.parametrize("hide", HIDDEN.values(), ids=HIDDEN)
def test_a_hidden_value_is_found(hide: Callable[[str], bytes]) -> None:
    assert CANARIES.found(b"\x00\xff before " + hide(TEXT) + b" behind \xff")


def test_nothing_is_found_where_nothing_is() -> None:
    assert set() == CANARIES.found(b"Canary-Zo O'Neil 4711" + bytes(range(256)))
