"""Imports of small files into a real store."""

from functools import cache
from pathlib import Path

from load.viewers import HEADER
from streamsrv.config import StateSettings
from streamsrv.core.campaign import Campaign
from streamsrv.core.importing import make_style
from streamsrv.stores.campaigns import Against, load_campaigns
from streamsrv.stores.imports import Job, Outcome, Plan, prepare, run_import
from tests.stores.viewers import KEYS, RENEWAL, Book

CAMPAIGNS = Path(__file__).parents[3] / "config" / "campaigns"


@cache
def renewal() -> Campaign:
    """The demo's campaign."""
    return load_campaigns(CAMPAIGNS, Against())[RENEWAL]


def plan_of(job: Job, book: Book, folder: Path, at_s: int = 1_000) -> Plan:
    """How a file is imported into the book whose server is in `folder`."""
    return Plan(
        checks=job.checks,
        state=StateSettings(dir=folder),
        vault_keys=KEYS,
        identity_secret=book.identity.secret,
        restore=job.restore,
        at_s=at_s,
    )


async def import_file(
    book: Book, path: Path, *, workers: int = 1, restore: bool = False, campaign: Campaign | None = None
) -> Outcome:
    """Import the file into the book, whose server is in the folder `state` beside it."""
    job = prepare(path, campaign or renewal(), style=make_style(), restore=restore)
    plan = plan_of(job, book, path.parent / "state")
    return await run_import(job, plan, book.state, rejects_path=rejects_of(path), workers=workers)


def rejects_of(path: Path) -> Path:
    """Where the rejected rows of a file are listed."""
    return path.with_name(f"{path.name}.rejects.csv")


def write(path: Path, *rows: str) -> Path:
    """A CSV file of viewers: their ids, names and premiums."""
    lines = [f"{row.split(';')[0]};{row.split(';')[1]};home;{row.split(';')[2]};2026-03-31" for row in rows]
    path.write_text(";".join(HEADER[:5]) + "\n" + "\n".join(lines) + "\n")
    return path


async def viewers_in(book: Book) -> int:
    """How many viewers the book has."""
    return len({key async for key in book.state.scan("v:*")})
