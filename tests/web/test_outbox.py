"""Small answers leave together, in order, and none is left behind."""

import asyncio

from streamsrv.web.outbox import MAX_HELD, Outbox


class Wire(asyncio.Transport):
    """Keeps what was written to it."""

    def __init__(self, written: list[tuple[str, bytes]], name: str) -> None:
        super().__init__()
        self._written = written
        self._name = name
        self.closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._written.append((self._name, bytes(data)))

    def is_closing(self) -> bool:
        return self.closing


async def test_answers_are_written_at_the_end_of_the_turn_in_order() -> None:
    written: list[tuple[str, bytes]] = []
    outbox, one, other = Outbox(asyncio.get_running_loop()), Wire(written, "one"), Wire(written, "other")
    outbox.put(one, b"1")
    outbox.put(other, b"2")
    outbox.put(one, b"3")
    assert [] == written
    await asyncio.sleep(0)

    assert [("one", b"1"), ("other", b"2"), ("one", b"3")] == written


async def test_no_more_than_the_bound_is_held() -> None:
    written: list[tuple[str, bytes]] = []
    outbox, wire = Outbox(asyncio.get_running_loop()), Wire(written, "one")
    for _ in range(MAX_HELD):
        outbox.put(wire, b"x")

    assert MAX_HELD == len(written)


async def test_a_client_that_left_in_the_meantime_gets_nothing() -> None:
    written: list[tuple[str, bytes]] = []
    outbox, wire = Outbox(asyncio.get_running_loop()), Wire(written, "gone")
    outbox.put(wire, b"x")
    wire.closing = True
    await asyncio.sleep(0)

    assert [] == written
