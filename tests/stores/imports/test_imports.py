"""A file of viewers goes in row by row: good rows into the store, bad ones into the rejects file, all of them once."""

import dataclasses
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from load.viewers import BAD, rows, write_export
from streamsrv.core.errors import Invalid, NotFound, Unavailable
from streamsrv.core.importing import make_style
from streamsrv.core.model import ViewerId
from streamsrv.stores.imports import Outcome, Tally, prepare, run_import
from streamsrv.stores.imports.rejects import RejectsFile
from streamsrv.stores.state import names
from tests.stores.imports.runs import import_file, plan_of, rejects_of, renewal, viewers_in, write
from tests.stores.viewers import RENEWAL, Book, open_book

ROWS = 12_000
"""More than one block, and a file for which processes are started."""


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[Book]:
    async with open_book(tmp_path / "state") as opened:
        yield opened


@pytest.mark.parametrize("workers", [1, 2, 3])
async def test_every_good_row_is_a_viewer_and_every_bad_one_is_listed(book: Book, tmp_path: Path, workers: int) -> None:
    path, expected = tmp_path / "export.csv", tmp_path / "expected.csv"
    bad = write_export(path, expected, ROWS)

    outcome = await import_file(book, path, workers=workers)

    by_field = Counter({field: 12 * sum(one.field == field for one in BAD) for field in {one.field for one in BAD}})
    tally = Tally(ROWS, bad, by_field)
    assert Outcome(tally, resumed_after=0, finished=True, rejects=rejects_of(path)) == outcome
    assert expected.read_bytes() == rejects_of(path).read_bytes()
    assert ROWS - bad == await viewers_in(book)


async def test_a_viewer_has_the_attributes_of_their_row(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    write_export(path, tmp_path / "expected.csv", 200)
    await import_file(book, path)

    row = list(rows(200))[1]
    found = await book.store.viewer_by_id(RENEWAL, ViewerId(row.viewer_id))

    claims = [{"on": row.cells[at], "amount": row.cells[at + 1]} for at in (6, 8) if row.cells[at]]
    expected = {
        "first_name": row.cells[1],
        "product": row.cells[2].strip().lower(),
        "premium": row.cells[3],
        "renewal_on": row.cells[4],
        "tenure_years": int(row.cells[5]),
    }
    assert (expected | {"claims": claims} if claims else expected) == found.attributes


async def test_a_file_without_bad_rows_leaves_no_rejects_file(book: Book, tmp_path: Path) -> None:
    path = write(tmp_path / "good.csv", "a;Anna;1.00", "b;Ben;2.00")

    outcome = await import_file(book, path)

    assert Outcome(Tally(2), resumed_after=0, finished=True, rejects=None) == outcome
    assert not rejects_of(path).exists()


async def test_importing_twice_changes_nothing_but_the_values(book: Book, tmp_path: Path) -> None:
    await import_file(book, write(tmp_path / "one.csv", "a;Anna;1.00", "b;Ben;2.00"))
    first = await book.store.viewer_by_id(RENEWAL, ViewerId("a"))
    await book.state.many_set({names.minimum_serial(book.link("a")): b"3"})

    await import_file(book, write(tmp_path / "two.csv", "a;Anne;1.00"))
    second = await book.store.viewer_by_id(RENEWAL, ViewerId("a"))

    assert ("Anna", "Anne") == (first.attributes["first_name"], second.attributes["first_name"])
    assert (first.link_id, first.data_key) == (second.link_id, second.data_key)
    assert (3, 2) == (await book.store.serial(second.link_id), await viewers_in(book))


async def test_the_last_row_of_a_viewer_holds_whichever_worker_has_it(book: Book, tmp_path: Path) -> None:
    twice = [f"v{number % 6_000};Name{number};1.00" for number in range(12_000)]
    path = write(tmp_path / "twice.csv", *twice)
    path.write_text(path.read_text().replace("2026-03-31", "2026-03-31" + " " * 30))

    await import_file(book, path, workers=3)

    found = [await book.store.viewer_by_id(RENEWAL, ViewerId(f"v{number}")) for number in range(0, 6_000, 97)]
    expected = [f"Name{number + 6_000}" for number in range(0, 6_000, 97)]
    assert (expected, 6_000) == ([one.attributes["first_name"] for one in found], await viewers_in(book))


async def test_who_was_erased_is_rejected_and_who_is_restored_comes_back(book: Book, tmp_path: Path) -> None:
    path = write(tmp_path / "erased.csv", "a;Anna;1.00", "b;Ben;2.00")
    await book.state.many_set({names.erased(book.link("b")): b"1"})

    outcome = await import_file(book, path)

    assert Tally(2, 1, Counter({"viewer": 1})) == outcome.tally
    line = 'viewer,is erased,"nobody who was erased, or --restore where they came back themselves"'
    assert f"row,viewer,field,reason,expected\r\n3,b,{line}\r\n" == rejects_of(path).read_bytes().decode()
    with pytest.raises(NotFound):
        await book.store.viewer_by_id(RENEWAL, ViewerId("b"))
    assert Tally(2) == (await import_file(book, path, restore=True)).tally
    assert "Ben" == (await book.store.viewer_by_id(RENEWAL, ViewerId("b"))).attributes["first_name"]


async def test_an_import_that_was_stopped_goes_on_after_the_rows_that_are_in(book: Book, tmp_path: Path) -> None:
    path, expected = tmp_path / "export.csv", tmp_path / "expected.csv"
    write_export(path, expected, ROWS)
    job = prepare(path, renewal(), style=make_style())
    plan = plan_of(job, book, tmp_path / "state")
    asked = iter([False, True])

    stopped = await run_import(
        job, plan, book.state, rejects_path=rejects_of(path), workers=2, stopped=lambda: next(asked)
    )
    rejects_of(path).write_bytes(rejects_of(path).read_bytes() + b"half a line that was not synced")
    outcome = await import_file(book, path, workers=2)

    assert (False, 4_000) == (stopped.finished, stopped.tally.rows)
    assert (True, ROWS, 4_001) == (outcome.finished, outcome.tally.rows, outcome.resumed_after)
    assert expected.read_bytes() == rejects_of(path).read_bytes()
    assert ROWS - outcome.tally.rejected == await viewers_in(book)


async def test_without_its_rejects_file_a_stopped_import_begins_again(book: Book, tmp_path: Path) -> None:
    path, expected = tmp_path / "export.csv", tmp_path / "expected.csv"
    write_export(path, expected, ROWS)
    job = prepare(path, renewal(), style=make_style())
    asked = iter([False, True])
    await run_import(
        job,
        plan_of(job, book, tmp_path / "state"),
        book.state,
        rejects_path=rejects_of(path),
        workers=2,
        stopped=lambda: next(asked),
    )
    rejects_of(path).unlink()

    outcome = await import_file(book, path, workers=2)

    assert (True, ROWS, 0) == (outcome.finished, outcome.tally.rows, outcome.resumed_after)
    assert expected.read_bytes() == rejects_of(path).read_bytes()


async def test_what_was_stopped_under_another_release_begins_again(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    write_export(path, tmp_path / "expected.csv", 100)
    changed = dataclasses.replace(renewal(), release="another")

    ids = {prepare(path, campaign, style=make_style()).import_id for campaign in (renewal(), changed)}
    path.write_text(path.read_text() + "\n")
    ids.add(prepare(path, renewal(), style=make_style()).import_id)
    ids.add(prepare(path, renewal(), style=make_style(), restore=True).import_id)

    assert 4 == len(ids)


async def test_a_worker_that_dies_ends_the_import_and_the_next_run_goes_on(book: Book, tmp_path: Path) -> None:
    path, expected = tmp_path / "export.csv", tmp_path / "expected.csv"
    write_export(path, expected, ROWS)
    job = prepare(path, renewal(), style=make_style())
    doomed = dataclasses.replace(plan_of(job, book, tmp_path / "state"), identity_secret=b"too short")

    with pytest.raises(Unavailable, match="a worker process of the import"):
        await run_import(job, doomed, book.state, rejects_path=rejects_of(path), workers=2)
    outcome = await import_file(book, path, workers=2)

    assert (True, ROWS) == (outcome.finished, outcome.tally.rows)
    assert expected.read_bytes() == rejects_of(path).read_bytes()


async def test_a_file_is_imported_once_at_a_time(book: Book, tmp_path: Path) -> None:
    path = write(tmp_path / "good.csv", "a;Anna;1.00")
    other = RejectsFile(rejects_of(path))

    with pytest.raises(Invalid, match="is being written by another import"):
        await import_file(book, path)
    other.close(keep=False)


async def test_a_rejects_file_that_cannot_be_written_is_named(book: Book, tmp_path: Path) -> None:
    path = write(tmp_path / "good.csv", "a;Anna;1.00")
    rejects_of(path).mkdir()

    with pytest.raises(Invalid, match=r"good\.csv\.rejects\.csv: cannot be written: Is a directory"):
        await import_file(book, path)
