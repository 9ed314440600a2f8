"""Connections that lead where they may (B23): names are resolved once, every address is checked, and the socket is
opened to an address that was checked, whatever the name has come to mean since.
"""

import socket
from collections.abc import Iterable
from ssl import SSLContext

from aiohttp import TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType

from streamsrv.sources.addresses import Network, may_reach

CONNECTIONS = 64
CONNECTIONS_PER_HOST = 32
RESOLVED_S = 10
KEPT_ALIVE_S = 30.0


class Forbidden(OSError):
    """An address that may not be reached. An OSError, as that is what connecting gives up with."""


class GuardedResolver(AbstractResolver):
    """Another resolver, whose answers are refused whole when any address in them may not be reached.

    A name with one public and one private address is no slip but an attempt.
    """

    def __init__(self, resolver: AbstractResolver, allowed: Iterable[Network]) -> None:
        self._resolver = resolver
        self._allowed = tuple(allowed)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if not found:
            raise OSError(f"{host} has no address")
        if not all(may_reach(one["host"], self._allowed) for one in found):
            raise Forbidden(f"{host} has an address that may not be reached")
        return found

    async def close(self) -> None:
        await self._resolver.close()


def guarded_connector(resolver: AbstractResolver, allowed: Iterable[Network], tls: SSLContext) -> TCPConnector:
    """A pool of connections of which none leads where it may not, however its address was come by."""
    networks = tuple(allowed)

    def open_socket(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = info
        # Addresses written out are not resolved, and what is resolved is kept for a while: this is asked every time.
        if not may_reach(str(address[0]), networks):
            raise Forbidden("an address that may not be reached")
        return socket.socket(family, kind, protocol)

    return TCPConnector(
        resolver=GuardedResolver(resolver, networks),
        socket_factory=open_socket,
        ssl=tls,
        limit=CONNECTIONS,
        limit_per_host=CONNECTIONS_PER_HOST,
        ttl_dns_cache=RESOLVED_S,
        keepalive_timeout=KEPT_ALIVE_S,
    )
