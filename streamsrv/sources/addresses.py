"""Which IP addresses may be reached. Pure: knows ranges, resolves nothing.

What is not public is refused, whichever way it is written: addresses that carry an IPv4 address inside (mapped, NAT64)
are judged by that one, and those of tunnels (6to4, Teredo, ISATAP) are no way to reach anything.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NEVER = tuple(
    ip_address(text)
    # Where clouds tell machines their secrets: AWS and most others, ECS, EKS, Azure, Alibaba, AWS over IPv6.
    for text in (
        "169.254.169.254", "169.254.170.2", "169.254.170.23", "168.63.129.16", "100.100.100.200", "fd00:ec2::254",
        "fd00:ec2::23",
    )
)  # fmt: skip
"""Not even for networks that the settings allow."""
# IANA's special-purpose registries (RFC 6890 and what follows it).
_NOT_PUBLIC = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """The networks of the settings, which were checked when those were read."""
    return tuple(ip_network(text) for text in texts)


def may_reach(address: str, allowed: Iterable[Network] = ()) -> bool:
    """Whether a connection may be made to `address`; no for whatever is no IP address. `allowed` need not be public."""
    try:
        found = _plain(ip_address(address))
    except ValueError:
        return False
    if found in NEVER:
        return False
    if any(found in network for network in allowed):
        return True
    if isinstance(found, IPv6Address) and (found not in _UNICAST or int(found) >> 32 & 0xFFFFFFFF in _ISATAP):
        return False
    return not any(found in network for network in _NOT_PUBLIC)


def _plain(address: Address) -> Address:
    """The IPv4 address that packets to `address` end up at, where it carries one; else itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.scope_id is not None:
        raise ValueError("an address of one link")
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else address
