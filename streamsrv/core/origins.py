"""Where the server may ask for data: schemes, hosts and ports that an operator wrote down.

Owns the form of that list and of hosts in addresses. Names are plain: a host that some library might take for a
number in disguise (`0x7f.1`, `2130706433`, `127.1`) is none (B23).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import urlsplit

DEFAULT_PORTS = {"https": 443, "http": 80}
ALLOWED_RULE = "a host such as crm.example.com, *.example.com, crm.example.com:8443 or http://crm.internal:8080"
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Origin:
    """Whom an address leads to. `host` is small letters; an IPv6 address has no brackets."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}")


def parse_origin(url: str) -> Origin | None:
    """The origin of an http or https address; None where it has none that is written plainly."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not host or port == 0 or "@" in parts.netloc:
        return None
    return Origin(parts.scheme, host, port or DEFAULT_PORTS[parts.scheme]) if is_host(host) else None


def is_host(host: str) -> bool:
    """Whether `host` is a plain name, or an IP address as it is usually written."""
    if ":" in host:
        try:
            address = IPv6Address(host)
            return str(address) == host and address.scope_id is None and address.ipv4_mapped is None
        except AddressValueError:
            return False
    labels = host.split(".")
    # The URL standard reads whatever ends in a number as an IPv4 address, in octal and hexadecimal, too.
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(host)) == host
        except AddressValueError:
            return False
    return len(host) <= 253 and all(_LABEL.fullmatch(label) for label in labels)


def is_allowed(origin: Origin, allowed: Iterable[str]) -> bool:
    """Whether `origin` is among `allowed`: entries as `is_entry` takes them; `*.` stands for any below a host."""
    return any(_covers(entry, origin) for entry in allowed)


def is_entry(text: str) -> bool:
    """Whether `text` may stand in the list of what is allowed."""
    return _entry(text) is not None


def _entry(text: str) -> tuple[bool, Origin] | None:
    scheme, separator, rest = text.rpartition("://")
    below = rest.startswith("*.")
    # Nothing but a host and a port.
    if any(letter in rest for letter in "/?#@\\") or (separator and not scheme):
        return None
    origin = parse_origin(f"{scheme or 'https'}://{rest.removeprefix('*.')}")
    return None if origin is None or (below and "." not in origin.host) else (below, origin)


def _covers(text: str, origin: Origin) -> bool:
    entry = _entry(text)
    if entry is None or (entry[1].scheme, entry[1].port) != (origin.scheme, origin.port):
        return False
    below, allowed = entry
    return origin.host.endswith(f".{allowed.host}") if below else origin.host == allowed.host
