"""A customer's export of viewers for the demo's campaign, as large as wanted, with bad rows of ten kinds.

What is wrong with each bad row, and where, is known beforehand: `Bad` says what an import must answer.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HEADER = (
    "Customer ID", "First Name", "Product", "Premium", "Renewal on", "Tenure years",
    "Claims 1 on", "Claims 1 amount", "Claims 2 on", "Claims 2 amount", "Segment", "Comment",
)  # fmt: skip
NAMES = ("Anna", "Ben", "Chloé", "Dörte", "Émile", "Farah", "Gökhan", "Hannah", "Iván", "José", "Łukasz", "Nguyễn")
BAD_EVERY = 100


class Bad(NamedTuple):
    """One way in which a row can be wrong: the column, what stands there, and what an import says of it."""

    column: int
    cell: str
    field: str
    reason: str
    expected: str


_ID = "an id of 1 to 200 printable characters"
BAD = (
    Bad(0, "", "viewer", "is missing", _ID),
    Bad(1, "", "first_name", "is missing", "a value: the campaign requires it"),
    Bad(1, "A" * 41, "first_name", "is text of 41 characters", "at most 40"),
    Bad(2, "boat", "product", "is another word", "one of home, motor, life"),
    Bad(3, "£812.40", "premium", "is an amount in another currency", "an amount in EUR, such as 812.40"),
    Bad(3, "-1.00", "premium", "is a value out of range", "0 to 1000000000000"),
    Bad(4, "31.03.2026", "renewal_on", "is a date that is not ISO", "a date such as 2026-03-31, or --date-format with the file's own, such as %d.%m.%Y"),  # noqa: E501 - as the import says it
    Bad(4, "2026-02-30", "renewal_on", "is a day that no calendar has", "a date such as 2026-03-31"),
    Bad(5, "3.5", "tenure_years", "is a number with decimals", "a whole number"),
    Bad(-1, "", "row", "has 11 cells", "12, as many as the header"),
)  # fmt: skip
"""The last one is a row without its last cell."""


class Written(NamedTuple):
    """One row of the export."""

    number: int
    """As an import counts: the header is row 1."""
    viewer_id: str
    cells: tuple[str, ...]
    bad: Bad | None


def rows(count: int, *, seed: int = 1) -> Iterator[Written]:
    """The rows of an export; every `BAD_EVERY`th is bad, in turn in every way. The same for the same arguments."""
    chance = random.Random(seed)
    for place in range(count):
        cells = _cells(place, chance)
        bad = BAD[place // BAD_EVERY % len(BAD)] if place % BAD_EVERY == BAD_EVERY // 2 else None
        if bad is not None:
            cells = cells[:-1] if bad.column < 0 else (*cells[: bad.column], bad.cell, *cells[bad.column + 1 :])
        # A row that cannot be taken apart has no id that could be told.
        known = bad is None or bad.field not in ("viewer", "row")
        yield Written(place + 2, cells[0] if known else "", cells, bad)


def write_export(path: Path, rejects: Path, count: int, *, seed: int = 1) -> int:
    """Write an export of `count` rows, and the rejects file that an import must write; how many are bad."""
    bad = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file, rejects.open("w", newline="") as listed:
        file.write(";".join(HEADER) + "\r\n")
        listed.write("row,viewer,field,reason,expected\r\n")
        for row in rows(count, seed=seed):
            file.write(";".join(map(_quoted, row.cells)) + "\r\n")
            if row.bad is not None:
                bad += 1
                _, _, field, reason, expected = row.bad
                shown = f'"{expected}"' if "," in expected else expected
                listed.write(f"{row.number},{row.viewer_id},{field},{reason},{shown}\r\n")
    return bad


def _cells(place: int, chance: random.Random) -> tuple[str, ...]:
    claims = ["", "", "", ""]
    for number in range(chance.choices((0, 1, 2), (70, 20, 10))[0]):
        claims[2 * number] = f"2025-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        claims[2 * number + 1] = f"{chance.randint(50, 5000)}.{chance.randint(0, 99):02}"
    name = chance.choice(NAMES)
    return (
        f"C-{place:08}",
        f'{name} "{name[0]}" ' if place % 50 == 0 else name,
        chance.choice(("home", "Motor ", "life")),
        f"{chance.randint(100, 2000)}.{chance.randint(0, 99):02}",
        f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
        str(chance.randint(0, 40)),
        *claims,
        chance.choice("ABC"),
        f"called; line 1\nline {place % 7}" if place % 200 == 1 else "",
    )


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(letter in cell for letter in '";\n') else cell
