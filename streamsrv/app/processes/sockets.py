"""The sockets viewers connect to: one for each worker, on one address, held open by the supervisor.

The kernel spreads connections over the sockets (SO_REUSEPORT). A worker that ends leaves its socket behind, with the
connections that nobody had taken yet, for its successor or for its neighbour.
"""

import os
import socket
from collections.abc import Sequence

from streamsrv.core.errors import invalid

Slots = Sequence[Sequence[socket.socket]]
"""For every worker the sockets it listens on: one for each address of the host."""


def open_sockets(host: str, port: int, *, slots: int, backlog: int) -> tuple[int, Slots]:
    """The port, and listening sockets for so many workers; raises `Invalid` where the address cannot be had.

    Port 0 takes a free one.
    """
    opened: list[list[socket.socket]] = [[] for _ in range(slots)]
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, address in dict.fromkeys((entry[0], entry[4]) for entry in found):
            port = _free_port(family, address, port)
            for sockets in opened:
                sockets.append(_listening(family, (address[0], port, *address[2:]), backlog))
    except OSError as error:
        close_sockets(opened)
        reason = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
        raise invalid(f"server: {host}:{port}", f"cannot be listened on: {reason}") from error
    return port, opened


def close_sockets(slots: Slots) -> None:
    """Close them all."""
    for sockets in slots:
        for one in sockets:
            one.close()


def _free_port(family: int, address: tuple[object, ...], port: int) -> int:
    """A port that nobody listens on. Asked without SO_REUSEPORT, with which another server's port could be shared."""
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        _prepare(probe)
        probe.bind((address[0], port, *address[2:]))
        return int(probe.getsockname()[1])


def _listening(family: int, address: tuple[object, ...], backlog: int) -> socket.socket:
    one = socket.socket(family, socket.SOCK_STREAM)
    try:
        _prepare(one)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        one.bind(address)
        one.listen(backlog)
    except OSError:
        one.close()
        raise
    return one


def _prepare(one: socket.socket) -> None:
    one.setblocking(False)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if one.family == socket.AF_INET6:
        # As asyncio does: the IPv4 addresses have sockets of their own.
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
