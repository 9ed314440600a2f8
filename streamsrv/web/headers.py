"""The header policies: one constant per kind of answer; nothing else sets headers.

A policy is kept as the bytes it becomes, because building header mappings would cost more than most handlers.
"""

from dataclasses import dataclass

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'; object-src 'none'"
)
PRIVATE = "private, no-store"
NO_STORE = "no-store"
IMMUTABLE = "public, max-age=31536000, immutable"

_ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
# Players run on any origin and carry their right in the path: any origin may read, none may send credentials (B27).
_ANY_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Length, Content-Range, ETag, Retry-After, X-Request-Id",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_OWN_ORIGIN = {"Cross-Origin-Resource-Policy": "same-origin"}
_PAGE = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
_NEGOTIATED = {"Vary": "Accept-Encoding"}


@dataclass(frozen=True, slots=True)
class Policy:
    """The header lines of one kind of answer, ready to send."""

    lines: bytes
    gzip: bool = False
    """Whether the body is compressed for clients that accept it."""


def header_lines(fields: dict[str, str]) -> bytes:
    """Header fields as they go over the wire. For values this package writes itself, never for a client's."""
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode("ascii")


def _policy(content_type: str, caching: str, *fields: dict[str, str], gzip: bool = False) -> Policy:
    merged = {"Content-Type": content_type, "Cache-Control": caching, **_ALWAYS}
    for more in (*fields, _NEGOTIATED) if gzip else fields:
        merged |= more
    return Policy(header_lines(merged), gzip)


PAGE = _policy("text/html; charset=utf-8", PRIVATE, _OWN_ORIGIN, _PAGE, gzip=True)
PLAYLIST = _policy("application/vnd.apple.mpegurl", PRIVATE, _ANY_ORIGIN, gzip=True)
CAPTIONS = _policy("text/vtt; charset=utf-8", PRIVATE, _ANY_ORIGIN, gzip=True)
TRANSCRIPT = _policy("text/plain; charset=utf-8", PRIVATE, _ANY_ORIGIN, gzip=True)
CHAPTERS = _policy("application/json", PRIVATE, _ANY_ORIGIN, gzip=True)
POSTER = _policy("image/jpeg", PRIVATE, _ANY_ORIGIN, {"Accept-Ranges": "bytes"})
MOMENT = _policy("image/webp", PRIVATE, _ANY_ORIGIN, {"Accept-Ranges": "bytes"})
SESSION = _policy("application/json", NO_STORE, _ANY_ORIGIN)
VIDEO = _policy("video/mp4", IMMUTABLE, _ANY_ORIGIN, {"Accept-Ranges": "bytes"})
OWN = _policy("video/mp4", "private, max-age=3600, immutable", _ANY_ORIGIN, {"Accept-Ranges": "bytes"})
OWN_FALLBACK = _policy("video/mp4", PRIVATE, _ANY_ORIGIN, {"Accept-Ranges": "none"})
AUDIO = _policy("audio/mp4", IMMUTABLE, _ANY_ORIGIN, {"Accept-Ranges": "bytes"})
ERROR = _policy("application/json", NO_STORE, _ANY_ORIGIN)
ERROR_PAGE = _policy("text/html; charset=utf-8", NO_STORE, _OWN_ORIGIN, _PAGE)
API = _policy("application/json", PRIVATE, _OWN_ORIGIN)
API_ERROR = _policy("application/json", NO_STORE, _OWN_ORIGIN)
"""The API is for programs that hold a key: no page of another origin may read it (B27)."""
METRICS = _policy("text/plain; version=0.0.4; charset=utf-8", NO_STORE)
OPERATIONS = _policy("application/json", NO_STORE)
PREFLIGHT = Policy(
    header_lines(
        {
            **_ALWAYS,
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
            "Access-Control-Allow-Headers": "Range, Content-Type, If-None-Match, If-Range",
            "Access-Control-Max-Age": "86400",
            "Cache-Control": NO_STORE,
        }
    )
)


def asset(content_type: str) -> Policy:
    """For a built file of the player, named by its content. Compressed once, when it is loaded."""
    text = content_type.startswith("text/") or content_type.endswith(("javascript", "json", "xml"))
    return _policy(content_type, IMMUTABLE, _OWN_ORIGIN, gzip=text)
