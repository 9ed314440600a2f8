"""Who takes connections from which socket, and how soon a slot is filled again."""

from typing import cast

from streamsrv.app.processes.handle import WorkerHandle
from streamsrv.app.processes.slots import LONGEST_WAIT_S, STEADY_S, Slot, share


class Hearing:
    """Of a worker, what it is told to accept."""

    def __init__(self) -> None:
        self.slots: list[int] = []

    def accept(self, slots: list[int]) -> None:
        self.slots = slots


def shares(*living: bool) -> list[list[int]]:
    """What each living worker accepts, where these slots have one."""
    slots = [Slot(number, cast(WorkerHandle, Hearing()) if lives else None) for number, lives in enumerate(living)]
    share(slots)
    return [cast(Hearing, slot.worker).slots for slot in slots if slot.worker is not None]


def test_each_worker_takes_from_its_own_socket() -> None:
    assert shares(True, True, True) == [[0], [1], [2]]


def test_sockets_of_workers_that_are_gone_are_shared_among_the_others() -> None:
    assert shares(True, False, True) == [[0], [1, 2]]
    assert shares(False, True, False, True) == [[0, 1, 2], [3]]
    assert shares(False, False) == []


def test_a_slot_waits_longer_after_each_loss_and_is_forgiven_after_a_steady_life() -> None:
    slot = Slot(0)
    waits = [slot.next_wait_s(0.0) for _ in range(11)]
    slot.ready_s = 100.0
    soon = slot.next_wait_s(101.0)
    slot.ready_s = 200.0
    steady = slot.next_wait_s(200.0 + STEADY_S)

    assert waits[:4] == [0.1, 0.2, 0.4, 0.8]
    assert waits[-1] == soon == LONGEST_WAIT_S
    assert steady == 0.1
