"""The sockets of several workers on one address."""

import socket
from collections.abc import Iterator

import pytest

from streamsrv.app.processes.sockets import Slots, close_sockets, open_sockets
from streamsrv.core.errors import Invalid


@pytest.fixture
def opened() -> Iterator[tuple[int, Slots]]:
    port, slots = open_sockets("127.0.0.1", 0, slots=3, backlog=16)
    yield port, slots
    close_sockets(slots)


def test_every_worker_has_a_socket_of_its_own_on_one_port(opened: tuple[int, Slots]) -> None:
    port, slots = opened

    assert [[one.getsockname() for one in sockets] for sockets in slots] == [[("127.0.0.1", port)]] * 3
    assert all(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) for sockets in slots for one in sockets)


def test_a_port_that_another_server_listens_on_is_refused_although_it_could_be_shared(
    opened: tuple[int, Slots],
) -> None:
    with pytest.raises(Invalid, match=rf"server: 127.0.0.1:{opened[0]}: cannot be listened on: Address already in use"):
        open_sockets("127.0.0.1", opened[0], slots=1, backlog=16)


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("no-such-host.invalid", "Name or service not known|Temporary failure in name resolution"),
        ("192.0.2.7", "assign"),
    ],
)
def test_an_address_that_is_not_ours_is_refused_by_name(host: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        open_sockets(host, 0, slots=2, backlog=16)


def test_a_name_of_several_addresses_is_listened_on_at_each_with_one_port() -> None:
    port, slots = open_sockets("", 0, slots=2, backlog=16)

    addresses = [{one.getsockname()[:2] for one in sockets} for sockets in slots]
    close_sockets(slots)
    assert addresses[0] == addresses[1]
    assert ("0.0.0.0", port) in addresses[0]
