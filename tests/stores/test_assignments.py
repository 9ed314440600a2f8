"""The assignment ledger over a real SQLite file: first writer wins, and nothing recorded ever changes (C18)."""

import asyncio
import resource
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from blockbuster import blockbuster_ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from streamsrv.core.errors import Invalid, Unavailable
from streamsrv.core.model import CampaignId
from streamsrv.stores.assignments import BATCH, MAX_WAITING, AssignmentFile, Entry, Progress, Request, SqliteLedger

CAMPAIGN = CampaignId("renewal")
ROOT = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def opened(path: Path, *, deadline_s: float = 10.0, kept: int = 100) -> AsyncIterator[SqliteLedger]:
    ledger = SqliteLedger(path, deadline_s=deadline_s, kept=kept)
    try:
        yield ledger
    finally:
        await ledger.aclose()


async def settle(ledger: SqliteLedger, unit: str, campaign: str = CAMPAIGN, **wanted: str) -> Mapping[str, str]:
    return await ledger.settle(CampaignId(campaign), unit, wanted, release="r1", at_ms=1_000)


def entry(unit: str, experiment: str = "offer", arm: str = "plain", campaign: str = CAMPAIGN) -> Entry:
    return Entry(CampaignId(campaign), unit, experiment, arm, "r1", 1_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "assignments.db"


async def test_what_is_wanted_first_is_what_holds(path: Path) -> None:
    async with opened(path, kept=0) as ledger:
        assert {"offer": "plain"} == await settle(ledger, "u1", offer="plain")
        assert {"offer": "plain"} == await settle(ledger, "u1", offer="bonus")


async def test_a_new_experiment_joins_what_is_recorded(path: Path) -> None:
    async with opened(path) as ledger:
        await settle(ledger, "u1", offer="plain")

        assert {"offer": "plain", "hello": "short"} == await settle(ledger, "u1", offer="bonus", hello="short")
        assert {"hello": "short"} == await settle(ledger, "u1", hello="long")
        assert {"offer": "plain", "hello": "short"} == await ledger.recorded(CAMPAIGN, "u1")


async def test_units_and_campaigns_are_kept_apart(path: Path) -> None:
    async with opened(path) as ledger:
        await settle(ledger, "u1", offer="plain")

        assert {"offer": "bonus"} == await settle(ledger, "u2", offer="bonus")
        assert {"offer": "gift"} == await settle(ledger, "u1", "churn", offer="gift")
        assert {} == await ledger.recorded(CAMPAIGN, "u3")


async def test_nothing_wanted_is_nothing_held(path: Path) -> None:
    async with opened(path) as ledger:
        await settle(ledger, "u1", offer="plain")

        assert {} == await settle(ledger, "u1")
        assert {} == await settle(ledger, "u2")


async def test_the_ledger_outlives_its_process(path: Path) -> None:
    async with opened(path) as ledger:
        await settle(ledger, "u1", offer="plain")

    async with opened(path) as ledger:
        assert {"offer": "plain"} == await settle(ledger, "u1", offer="bonus")


async def test_what_a_killed_process_answered_is_recorded(path: Path) -> None:
    code = f"""
import asyncio, os, signal
from pathlib import Path
from streamsrv.stores.assignments import SqliteLedger
async def main():
    ledger = SqliteLedger(Path({str(path)!r}), deadline_s=10, kept=10)
    print(await ledger.settle("renewal", "u1", {{"offer": "plain"}}, release="r1", at_ms=1000), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    done = await asyncio.to_thread(python, code)

    assert (-9, "{'offer': 'plain'}\n") == (done.returncode, done.stdout)
    with closing(AssignmentFile(path)) as file:
        assert [entry("u1")] == list(file.rows(CAMPAIGN))


async def test_a_unit_that_was_seen_costs_no_query(path: Path) -> None:
    async with opened(path) as ledger:
        await settle(ledger, "u1", offer="plain", hello="short")
        path.unlink()
        path.with_name("assignments.db-wal").unlink()

        assert {"offer": "plain"} == await settle(ledger, "u1", offer="bonus")
        assert (1, 1, 1) == (ledger.hits, ledger.misses, ledger.groups)


async def test_only_so_many_units_are_remembered(path: Path) -> None:
    async with opened(path, kept=2) as ledger:
        for unit in ("u1", "u2", "u3", "u3", "u2", "u1"):
            await settle(ledger, unit, offer="plain")

        assert (2, 4) == (ledger.hits, ledger.misses)


async def test_what_callers_do_with_an_answer_changes_nothing(path: Path) -> None:
    async with opened(path) as ledger:
        answer = await settle(ledger, "u1", offer="plain")
        assert isinstance(answer, dict)
        answer["offer"] = "bonus"

        assert {"offer": "plain"} == await settle(ledger, "u1", offer="gift")


async def test_sessions_that_come_together_share_commits(path: Path) -> None:
    async with opened(path) as ledger:
        answers = await asyncio.gather(*(settle(ledger, f"u{number}", offer=f"a{number}") for number in range(1_000)))

        assert [{"offer": f"a{number}"} for number in range(1_000)] == answers
        assert ledger.groups == 2


async def test_sessions_of_one_unit_get_one_answer(path: Path) -> None:
    async with opened(path) as ledger:
        answers = await asyncio.gather(*(settle(ledger, "u1", offer=f"a{number}") for number in range(100)))

        assert [{"offer": "a0"}] * 100 == answers


async def test_who_goes_away_disturbs_nobody(path: Path) -> None:
    async with opened(path, kept=0) as ledger:
        tasks = [asyncio.create_task(settle(ledger, f"u{number}", offer=f"a{number}")) for number in range(100)]
        await asyncio.sleep(0)  # All wait, and nothing has been written.
        for task in tasks[::2]:
            task.cancel()
        await asyncio.sleep(0)  # The others are being written.
        for task in tasks[1::10]:
            task.cancel()
        answers = await asyncio.gather(*tasks, return_exceptions=True)

        stayed = [number for number in range(100) if number % 2 and number % 10 != 1]
        assert [{"offer": f"a{number}"} for number in stayed] == [answers[number] for number in stayed]
        recorded = [await ledger.recorded(CAMPAIGN, f"u{number}") for number in range(100)]
        assert [{"offer": f"a{number}"} if number % 2 else {} for number in range(100)] == recorded


async def test_the_event_loop_never_waits_for_the_disk(path: Path) -> None:
    async with opened(path, kept=0) as ledger:
        with blockbuster_ctx():
            await settle(ledger, "u1", offer="plain")
            await ledger.recorded(CAMPAIGN, "u1")
            await ledger.erase(CAMPAIGN, "u1")


async def test_processes_agree_on_every_unit(path: Path) -> None:
    """Four processes make the file and settle the same units, each with arms of its own."""
    code = f"""
import asyncio, sys
from pathlib import Path
from streamsrv.stores.assignments import SqliteLedger
async def main():
    ledger = SqliteLedger(Path({str(path)!r}), deadline_s=30, kept=0)
    wanted = {{"offer": sys.argv[1]}}
    async def one(number):
        return (await ledger.settle("renewal", f"u{{number}}", wanted, release="r1", at_ms=1))["offer"]
    answers = []
    for start in range(0, 200, 5):
        answers += await asyncio.gather(*(one(number) for number in range(start, start + 5)))
    print(*answers)
    await ledger.aclose()
asyncio.run(main())
"""
    done = await asyncio.gather(*(asyncio.to_thread(python, code, arm) for arm in "abcd"))

    assert [(0, "")] * 4 == [(process.returncode, process.stderr) for process in done]
    with closing(AssignmentFile(path)) as file:
        arms = [file.recorded(CAMPAIGN, f"u{number}")["offer"] for number in range(200)]
    assert [" ".join(arms) + "\n"] * 4 == [process.stdout for process in done]


async def test_opening_waits_for_who_makes_the_file(path: Path) -> None:
    with writing(path):
        opening = asyncio.create_task(asyncio.to_thread(AssignmentFile, path))
        await asyncio.sleep(0.1)
        assert not opening.done()
    with closing(await opening) as file:
        assert {} == file.recorded(CAMPAIGN, "u1")


def test_opening_waits_only_so_long(path: Path) -> None:
    with writing(path), pytest.raises(Invalid, match=f"{path}: cannot be used: database is locked"):
        AssignmentFile(path, busy_s=0.1)


def python(code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


async def test_a_file_that_another_holds_is_unavailable_after_the_deadline(path: Path) -> None:
    async with opened(path, deadline_s=0.2, kept=0) as ledger:
        await settle(ledger, "u1", offer="plain")
        with writing(path), pytest.raises(Unavailable, match="assignment ledger"):
            await settle(ledger, "u2", offer="plain")

        assert {"offer": "plain"} == await settle(ledger, "u1", offer="bonus")
        # Which of the two was first is open: whoever gave up may have been recorded as soon as the file was free.
        assert await settle(ledger, "u2", offer="bonus") == await settle(ledger, "u2", offer="gift")


async def test_erasing_what_another_holds_can_be_tried_again(path: Path) -> None:
    async with opened(path, deadline_s=0.2) as ledger:
        await settle(ledger, "u1", offer="plain")
        with writing(path), pytest.raises(Unavailable, match="assignment ledger"):
            await ledger.erase(CAMPAIGN, "u1")
        await ledger.erase(CAMPAIGN, "u1")

        assert {} == await ledger.recorded(CAMPAIGN, "u1")


async def test_what_is_recorded_can_be_read_while_another_writes(path: Path) -> None:
    async with opened(path, kept=0) as ledger:
        await settle(ledger, "u1", offer="plain")
        with writing(path):
            assert {"offer": "plain"} == await settle(ledger, "u1", offer="bonus")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Another process's long transaction."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_a_full_disk_refuses_only_what_is_new(path: Path) -> None:
    async with opened(path, kept=0) as ledger:
        await settle(ledger, "u1", offer="plain")
        with full_disk(path):
            answers = await asyncio.gather(
                settle(ledger, "u1", offer="bonus"),
                *(settle(ledger, f"new{number}", offer="a" * 500) for number in range(400)),
                return_exceptions=True,
            )
        assert {"offer": "plain"} == answers[0]
        assert {"Unavailable"} == {type(answer).__name__ for answer in answers[1:]}
        assert 400 == ledger.failures

        assert {} == await ledger.recorded(CAMPAIGN, "new0")
        assert {"offer": "bonus"} == await settle(ledger, "new0", offer="bonus")
    with closing(AssignmentFile(path)) as file:
        assert [entry("new0", arm="bonus"), entry("u1")] == list(file.rows(CAMPAIGN))


@contextmanager
def full_disk(path: Path) -> Iterator[None]:
    """No file of this process can grow past what the ledger's log holds now: a write fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = path.with_name(path.name + "-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 4096, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_more_than_can_wait_are_refused_at_once(path: Path) -> None:
    async with opened(path) as ledger:
        answers = await asyncio.gather(
            *(settle(ledger, f"u{number}", offer="plain") for number in range(MAX_WAITING + 3)), return_exceptions=True
        )

        assert [{"offer": "plain"}] * MAX_WAITING == answers[:MAX_WAITING]
        assert ["Unavailable"] * 3 == [type(answer).__name__ for answer in answers[MAX_WAITING:]]


async def test_closing_answers_those_who_wait_and_refuses_who_comes_later(path: Path) -> None:
    ledger = SqliteLedger(path, deadline_s=10, kept=10)
    waiting = asyncio.create_task(settle(ledger, "u1", offer="plain"))
    await asyncio.sleep(0)
    await ledger.aclose()

    assert {"offer": "plain"} == await waiting
    with pytest.raises(Unavailable):
        await ledger.recorded(CAMPAIGN, "u2")
    with pytest.raises(Unavailable):
        await ledger.erase(CAMPAIGN, "u1")


async def test_a_ledger_that_is_damaged_while_it_is_used_is_unavailable(path: Path) -> None:
    fill(path, 40_000)
    async with opened(path) as ledger:
        damage(path)
        with pytest.raises(Unavailable):
            await settle(ledger, f"{0:032x}", offer="plain")

        assert 1 == ledger.failures


def test_a_damaged_ledger_is_refused_when_it_is_opened(path: Path) -> None:
    fill(path, 1_000)
    damage(path)

    with pytest.raises(Invalid, match=f"{path}: cannot be used: "):
        AssignmentFile(path)


def fill(path: Path, count: int) -> None:
    with closing(AssignmentFile(path)) as file:
        for _ in file.record_many(entry(f"{number:032x}") for number in range(count)):
            pass


def damage(path: Path) -> None:
    """Everything but the first page, which says that this is a ledger, becomes nonsense."""
    with path.open("r+b") as file:
        size_bytes = file.seek(0, 2)
        file.seek(4096)
        file.write(b"\xa5" * (size_bytes - 4096))


def test_a_file_that_is_no_ledger_is_named(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("campaign: renewal\n" * 1000, encoding="utf-8")
    (tmp_path / "folder.db").mkdir()
    for name, statement in (("other.db", "CREATE TABLE t (x)"), ("newer.db", "PRAGMA user_version = 7")):
        with closing(sqlite3.connect(tmp_path / name)) as other:
            other.execute(statement)
            other.commit()

    expected = "expected an assignment ledger, in a folder that can be written"
    assert {
        "text.db": f"cannot be used: file is not a database; {expected}",
        "folder.db": f"cannot be used: unable to open database file; {expected}",
        "nowhere/a.db": f"cannot be used: unable to open database file; {expected}",
        "other.db": "is another database; expected an assignment ledger of layout 1",
        "newer.db": "is another database; expected an assignment ledger of layout 1",
    } == {
        name: refusal(tmp_path / name).removeprefix(f"{tmp_path}/{name}: ")
        for name in ("text.db", "folder.db", "nowhere/a.db", "other.db", "newer.db")
    }
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        assert [("delete",)] == other.execute("PRAGMA journal_mode").fetchall()
    assert "/proc/a.db: cannot be used: unable to open database file" in refusal(Path("/proc/a.db"))
    assert ":memory:: cannot be used: this place does not support a write-ahead log" in refusal(Path(":memory:"))


def refusal(path: Path) -> str:
    with pytest.raises(Invalid) as caught:
        AssignmentFile(path)
    return str(caught.value)


def test_a_whole_campaign_is_recorded_in_batches(path: Path) -> None:
    count = 2 * BATCH + 7
    with closing(AssignmentFile(path)) as file:
        progress = list(file.record_many(entry(f"{number:032x}") for number in range(count)))

        assert [Progress(BATCH, BATCH), Progress(2 * BATCH, 2 * BATCH), Progress(count, count)] == progress
        assert [entry(f"{number:032x}") for number in range(count)] == list(file.rows(CAMPAIGN))


def test_recording_a_campaign_again_goes_on_where_it_stopped(path: Path) -> None:
    units = [f"{number:032x}" for number in range(2 * BATCH)]
    with closing(AssignmentFile(path)) as file:
        next(file.record_many(map(entry, units)))
        again = list(file.record_many(entry(unit, arm="bonus") for unit in units))

        assert [Progress(BATCH, 0), Progress(2 * BATCH, BATCH)] == again
        assert [entry(unit, arm="plain" if unit < units[BATCH] else "bonus") for unit in units] == list(
            file.rows(CAMPAIGN)
        )


def test_a_batch_that_fails_leaves_nothing_behind(path: Path) -> None:
    with closing(AssignmentFile(path)) as file:
        broken = entry("u2")._replace(arm=None)  # type: ignore[arg-type]  # What the table refuses is the point.
        with pytest.raises(Unavailable, match="NOT NULL"):
            list(file.record_many([entry("u1"), broken]))

        assert [] == list(file.rows(CAMPAIGN))
        assert [Progress(1, 1)] == list(file.record_many([entry("u1")]))


def test_a_command_hears_why_the_disk_refused(path: Path) -> None:
    with closing(AssignmentFile(path)) as file:
        with full_disk(path), pytest.raises(Unavailable, match=r"assignment ledger \(.*disk.*\)"):
            list(file.record_many(entry(f"{number:032x}") for number in range(BATCH)))

        assert [Progress(1, 1)] == list(file.record_many([entry("u1")]))
        assert [entry("u1")] == list(file.rows(CAMPAIGN))


def test_rows_come_in_order_and_for_one_campaign(path: Path) -> None:
    entries = [entry(f"u{number % 700:03}", f"x{number % 17:02}") for number in range(2 * BATCH)]
    with closing(AssignmentFile(path)) as file:
        list(file.record_many([*entries, entry("u1", campaign="churn")]))
        rows = list(file.rows(CAMPAIGN))

        assert sorted(set(entries)) == rows
        assert len(rows) > BATCH
        assert all(one < next_one for one, next_one in pairwise(rows))
        assert [entry("u1", campaign="churn")] == list(file.rows(CampaignId("churn")))


async def test_an_erased_unit_is_nowhere_any_more(path: Path) -> None:
    async with opened(path) as ledger:
        for unit in ("unit-to-erase", "unit-to-keep"):
            await settle(ledger, unit, offer="plain", hello="short")

        assert 2 == await ledger.erase(CAMPAIGN, "unit-to-erase")
        assert 0 == await ledger.erase(CAMPAIGN, "unit-to-erase")

        assert {} == await ledger.recorded(CAMPAIGN, "unit-to-erase")
        assert {"offer": "plain", "hello": "short"} == await ledger.recorded(CAMPAIGN, "unit-to-keep")
        held = b"".join(file.read_bytes() for file in path.parent.iterdir())
        assert (False, True) == (b"unit-to-erase" in held, b"unit-to-keep" in held)
        assert {"offer": "bonus"} == await settle(ledger, "unit-to-erase", offer="bonus")


names = st.sampled_from(["a", "b", "c"])
requests = st.tuples(names, st.dictionaries(names, st.text(st.characters(exclude_categories=["Cs"]), max_size=5)))


@settings(max_examples=50)
@given(st.lists(st.lists(requests, max_size=5), max_size=8))
def test_the_ledger_is_what_was_wanted_first(groups: list[list[tuple[str, dict[str, str]]]]) -> None:
    model: dict[str, dict[str, str]] = {}
    with TemporaryDirectory() as folder, closing(AssignmentFile(Path(folder) / "a.db")) as file:
        for group in groups:
            answers = file.settle([Request(CAMPAIGN, unit, wanted, "r1", 1) for unit, wanted in group])
            for unit, wanted in group:
                model[unit] = wanted | model.get(unit, {})
            for (unit, wanted), answer in zip(group, answers, strict=True):
                assert answer is not None
                assert {name: model[unit][name] for name in wanted} == {name: answer[name] for name in wanted}
        assert {unit: arms for unit, arms in model.items() if arms} == {
            unit: arms for unit in model if (arms := file.recorded(CAMPAIGN, unit))
        }
