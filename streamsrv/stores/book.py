"""A book of viewers to ask questions of, in the form a team has it: our own JSON lines, a CRM's CSV or Parquet."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import Problem, invalid
from streamsrv.core.importing import RejectedRow, RowChecker, Style, match_columns
from streamsrv.core.model import Viewer, ViewerId
from streamsrv.stores.tables import open_table
from streamsrv.stores.viewers import Row, read_rows

ISO = Style()
TABLES = frozenset({".csv", ".tsv", ".parquet"})


def read_book(path: Path, campaigns: Sequence[Campaign], style: Style = ISO) -> Iterator[Row]:
    """The rows of a file one by one; raises `Invalid` when it cannot be read, or lacks what a campaign requires.

    A table's rows are viewers of the first campaign; columns are matched by name to the attributes of all of them, and
    CSV is read in `style`. A row that does not fit is a problem that names the row and the attribute.
    """
    if path.suffix.lower() not in TABLES:
        yield from read_rows(path)
        return
    table = open_table(path)
    try:
        size_bytes = path.stat().st_size
    except OSError as error:
        raise invalid(str(path), f"cannot be read: {error.strerror}") from error
    checkers = [
        RowChecker(
            match_columns(table.columns, campaign.schema, where=str(path), require=campaign.require, typed=table.typed),
            campaign.schema,
            require=campaign.require,
            typed=table.typed,
            style=style,
            campaign=campaign.campaign_id,
        )
        for campaign in campaigns
    ]
    for row in table.rows():
        end_bytes = int(table.share(row.position) * size_bytes)
        yield Row(f"{path}:{row.number}", end_bytes, _viewer(row.cells, checkers, campaigns[0], f"{path}:{row.number}"))


def _viewer(
    cells: Sequence[object] | Problem, checkers: Sequence[RowChecker], campaign: Campaign, where: str
) -> Viewer | Problem:
    viewer_id = ""
    attributes: dict[str, object] = {}
    for checker in checkers:
        checked = checker.check(cells)
        if isinstance(checked, RejectedRow):
            reason = checked.reasons[0]
            return Problem(f"{where}: {reason.where}", reason.what, reason.expected)
        viewer_id = checked.viewer_id
        attributes |= checked.attributes
    return Viewer(ViewerId(viewer_id), campaign.campaign_id, attributes)
