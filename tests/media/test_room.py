"""Memory shared out among threads: never more than there is, and nobody waits for ever."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from hypothesis import given, settings
from hypothesis import strategies as st

from streamsrv.media.room import Room

ROOM_BYTES = 100


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 250), min_size=1, max_size=20))
def test_threads_never_have_more_than_there_is_and_all_get_their_turn(sizes: list[int]) -> None:
    room, lock = Room(ROOM_BYTES), Lock()
    held: list[int] = []
    most: list[int] = []

    def work(size_bytes: int) -> int:
        with room.taken(size_bytes):
            with lock:
                held.append(min(size_bytes, ROOM_BYTES))
                most.append(sum(held))
            time.sleep(0.0005)
            with lock:
                held.remove(min(size_bytes, ROOM_BYTES))
        return size_bytes

    with ThreadPoolExecutor(max_workers=4) as pool:
        assert sizes == list(pool.map(work, sizes, timeout=30))
    assert max(most) <= ROOM_BYTES


def test_what_is_left_by_an_error_is_free_again() -> None:
    room = Room(ROOM_BYTES)
    for _ in range(3):
        try:
            with room.taken(ROOM_BYTES):
                raise ValueError
        except ValueError:
            continue
    with room.taken(ROOM_BYTES):
        pass
