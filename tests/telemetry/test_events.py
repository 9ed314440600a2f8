"""Events on disk: whole lines, in order, none lost without being counted."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from streamsrv.core.model import CampaignId, Event, SessionId
from streamsrv.telemetry.events import EventLog, EventLogLimits

HOUR_MS = 3_600_000


class StepClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at_ms = 1_800_000_000_000

    def now_ms(self) -> int:
        return self.at_ms


def event(number: int, **fields: object) -> Event:
    return Event("segment", number, SessionId("5e55"), CampaignId("renewal"), {"index": number, **fields})


def written(folder: Path) -> list[int]:
    return [orjson.loads(line)["index"] for path in sorted(folder.glob("*")) for line in path.read_bytes().splitlines()]


async def test_every_event_is_one_line_in_order_with_its_schema_version(tmp_path: Path) -> None:
    log = EventLog(tmp_path, clock=StepClock())
    for number in range(5000):
        log.put(event(number))
    await log.aclose()

    assert written(tmp_path) == list(range(5000))
    assert (log.written, log.queued, dict(log.dropped)) == (5000, 0, {})
    first = orjson.loads(next(tmp_path.glob("*")).read_bytes().splitlines()[0])
    assert first == {
        "v": 1, "type": "segment", "at_ms": 0, "session": "5e55", "campaign": "renewal", "index": 0,
    }  # fmt: skip


async def test_a_file_has_one_hour_and_a_bounded_size(tmp_path: Path) -> None:
    clock = StepClock()
    log = EventLog(tmp_path, clock=clock, limits=EventLogLimits(file_bytes=200_000, flush_s=0.01))
    for number in range(9000):
        log.put(event(number))
    await _until(lambda: log.written == 9000)
    clock.at_ms += HOUR_MS
    log.put(event(9000))
    await log.aclose()

    names = sorted(path.name for path in tmp_path.glob("*"))
    assert [name[:18] for name in names] == ["events-20270115-08"] * (len(names) - 1) + ["events-20270115-09"]
    assert len(names) >= 3
    assert written(tmp_path) == list(range(9001))


async def test_a_full_queue_drops_and_counts(tmp_path: Path) -> None:
    log = EventLog(tmp_path, clock=StepClock(), limits=EventLogLimits(queued=10, flush_s=30))
    for number in range(25):
        log.put(event(number))
    await log.aclose()
    log.put(event(99))

    assert written(tmp_path) == list(range(10))
    assert dict(log.dropped) == {"queue_full": 15, "closed": 1}


async def test_what_the_disk_refuses_is_kept_and_written_when_it_recovers(tmp_path: Path) -> None:
    folder = tmp_path / "events"
    folder.write_text("a file where the folder should be")
    log = EventLog(folder, clock=StepClock(), limits=EventLogLimits(flush_s=0.01))
    for number in range(100):
        log.put(event(number))
    await _until(lambda: log.failed_writes > 0)
    folder.unlink()
    await log.aclose()

    assert written(folder) == list(range(100))
    assert dict(log.dropped) == {}


async def test_a_disk_that_stays_full_costs_events_that_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    room = [150]

    def nearly_full(descriptor: int, data: memoryview) -> int:
        """Takes 150 bytes, then none: a write that fails in the middle of a line."""
        if not room[0]:
            raise OSError(28, "No space left on device")
        taken = real(descriptor, data[: room[0]])
        room[0] -= taken
        return taken

    log = EventLog(tmp_path, clock=StepClock(), limits=EventLogLimits(flush_s=30))
    monkeypatch.setattr("streamsrv.telemetry.events.os.write", nearly_full)
    for number in range(100):
        log.put(event(number))
    await log.aclose()

    assert written(tmp_path) == []
    assert (log.written, dict(log.dropped)) == (0, {"write_error": 100})


async def test_what_cannot_be_json_costs_only_itself(tmp_path: Path) -> None:
    log = EventLog(tmp_path, clock=StepClock())
    for number, extra in enumerate([1, object(), 3]):
        log.put(event(number, extra=extra))
    await log.aclose()

    assert written(tmp_path) == [0, 2]
    assert dict(log.dropped) == {"not_json": 1}


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - the writer is a thread and signals nobody
            await asyncio.sleep(0.01)
