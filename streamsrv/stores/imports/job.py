"""What is to be imported, and how much of it has been."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from streamsrv.core.campaign import Campaign
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.importing import Match, RowChecker, Style, match_columns
from streamsrv.core.model import CampaignId
from streamsrv.stores.tables import Table, fingerprint, open_table


@dataclass(frozen=True, slots=True)
class Checks:
    """All that checking a row takes. Sent to worker processes."""

    match: Match
    schema: Schema
    require: tuple[str, ...]
    typed: bool
    style: Style
    campaign_id: CampaignId

    def checker(self) -> RowChecker:
        """A checker for the file's rows."""
        return RowChecker(
            self.match,
            self.schema,
            require=self.require,
            typed=self.typed,
            style=self.style,
            campaign=self.campaign_id,
        )


@dataclass(frozen=True, slots=True)
class Job:
    """One file for one campaign."""

    table: Table
    checks: Checks
    restore: bool
    """Whether viewers who were erased come back."""
    import_id: str
    """The same for the same file, campaign release and options: where an import goes on after it was stopped."""

    @property
    def path(self) -> Path:
        return self.table.path


@dataclass(slots=True)
class Tally:
    """Rows so far. Each is either imported or rejected."""

    rows: int = 0
    rejected: int = 0
    by_field: Counter[str] = field(default_factory=Counter)
    """Rejected rows by the attribute that did not fit; a row counts for each."""

    @property
    def imported(self) -> int:
        return self.rows - self.rejected


def prepare(
    path: Path,
    campaign: Campaign,
    *,
    style: Style,
    id_column: str | None = None,
    mapping: Mapping[str, str] | None = None,
    restore: bool = False,
) -> Job:
    """Open the file and match its columns; raises `Invalid` with everything that stands in the way of a first row."""
    table = open_table(path)
    match = match_columns(
        table.columns,
        campaign.schema,
        where=str(path),
        require=campaign.require,
        id_column=id_column,
        mapping=mapping,
        typed=table.typed,
    )
    checks = Checks(match, campaign.schema, tuple(campaign.require), table.typed, style, campaign.campaign_id)
    columns = [(column.index, str(column.target)) for column in match.matched]
    options = repr((style, match.id_index, columns, restore))
    named = (fingerprint(path), campaign.campaign_id, campaign.release, options)
    return Job(table, checks, restore, _digest(named))


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
