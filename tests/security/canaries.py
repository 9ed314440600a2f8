"""Canary strings: every form in which a value could hide, and where it is found in a heap of bytes."""

import base64
import hashlib
import html
import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus


def forms(text: str) -> Iterator[tuple[str, bytes]]:
    """Every form of `text` with its name; all that can be in small letters is, for who looks without case."""
    raw = text.encode()
    for name, spelling in (("as it is", text), ("decomposed", unicodedata.normalize("NFD", text))):
        yield name, spelling.lower().encode()
    yield "as UTF-16", text.lower().encode("utf-16-le")
    yield "as Windows-1252", text.lower().encode("cp1252", "replace")
    yield "in JSON", json.dumps(text)[1:-1].lower().encode()
    yield "in HTML", html.escape(text).lower().encode()
    yield "in hex", raw.hex().encode()
    yield "in a URL", quote(text, safe="").lower().encode()
    yield "in a form", quote_plus(text).lower().encode()
    yield "in a URL, every byte", "".join(f"%{byte:02x}" for byte in raw).encode()
    for algorithm in ("md5", "sha1", "sha256"):
        digest = hashlib.new(algorithm, raw, usedforsecurity=False)
        yield f"by its {algorithm} in hex", digest.hexdigest().encode()
        yield f"by its {algorithm}", digest.digest()
    yield from _shifted(raw)


def _shifted(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Base64 depends on where in a group of three bytes a text begins; its inner characters do not. So does base32."""
    for shift in range(3):
        padded = b"x" * shift + raw
        inner = padded[: len(padded) // 3 * 3]
        yield "in base64", base64.b64encode(inner)[4 * bool(shift) :]
        yield "in base64url", base64.urlsafe_b64encode(inner)[4 * bool(shift) :]
    for shift in range(5):
        padded = b"x" * shift + raw
        yield "in base32", base64.b32encode(padded[: len(padded) // 5 * 5])[8 * bool(shift) :]


@dataclass(frozen=True)
class Canaries:
    """Values by what they are called, ready to be looked for."""

    values: Mapping[str, str]
    _needles: list[tuple[str, bytes]] = field(init=False, repr=False)
    _without_case: list[tuple[str, bytes]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        exact: list[tuple[str, bytes]] = []
        small: list[tuple[str, bytes]] = []
        for called, text in self.values.items():
            for form, needle in forms(text):
                is_exact = form.startswith(("in base", "by its")) and not form.endswith("hex")
                (exact if is_exact else small).append((f"{called}, {form}", needle))
        object.__setattr__(self, "_needles", exact)
        object.__setattr__(self, "_without_case", small)

    def only(self, *called: str) -> "Canaries":
        return Canaries({name: self.values[name] for name in called})

    def without(self, *called: str) -> "Canaries":
        return Canaries({name: text for name, text in self.values.items() if name not in called})

    def found(self, heap: bytes | str) -> set[str]:
        """Which values stand in `heap`, and in what form."""
        data = heap.encode("utf-8", "surrogatepass") if isinstance(heap, str) else heap
        lowered = data.lower()
        # Letters that are not ASCII have their own small ones.
        texts = (lowered, data.decode("utf-8", "replace").lower().encode("utf-8", "replace"))
        return {name for name, needle in self._needles if needle in data} | {
            name for name, needle in self._without_case if any(needle in text for text in texts)
        }
