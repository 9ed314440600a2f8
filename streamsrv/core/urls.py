"""The only place where URL shapes are built and parsed. Tokens are `core.tokens`."""

WATCH_PATH = "/watch"
"""What a landing page leaves in the address bar: it leads to nobody's video."""
_PLACES = 10**9
"""More than any playlist has, in segments or units."""


def link_path(token: str) -> str:
    return f"/v/{token}"


def poster_path(token: str) -> str:
    return f"/v/{token}/poster.jpg"


def moment_path(token: str) -> str:
    """For e-mails: moving pictures."""
    return f"/v/{token}/moment.webp"


def sessions_path(token: str) -> str:
    return f"/v/{token}/sessions"


def bare_multivariant_path(token: str) -> str:
    """For players that are given the link itself."""
    return f"/v/{token}/multivariant.m3u8"


def multivariant_path(playback_token: str) -> str:
    return f"/p/{playback_token}/multivariant.m3u8"


def prefix_from_link(playback_token: str) -> str:
    """From the bare multivariant playlist's folder to the playback token's."""
    return f"../../p/{playback_token}/"


def parse_place(text: str) -> tuple[int, int] | None:
    """The index and base in units of a segment URL's last part, as this server writes it; else None."""
    index_text, dash, base_text = text.partition("-")
    index, base_units = parse_number(index_text, limit=_PLACES), parse_number(base_text, limit=_PLACES)
    return (index, base_units) if dash and index is not None and base_units is not None else None


def parse_number(text: str, *, limit: int) -> int | None:
    """A decimal number as this server writes it in URLs: no sign, no leading zero, below `limit`; else None."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 12 or (text[0] == "0" and len(text) > 1):
        return None
    number = int(text)
    return number if number < limit else None
