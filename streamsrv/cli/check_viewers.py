"""The sample of viewers that `check` reads: each row held against its campaign, and not kept."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from streamsrv.analytics.wording import counted
from streamsrv.core.campaign import Campaign, check_viewer
from streamsrv.core.campaign.document import listing, nearest, quoted
from streamsrv.core.errors import Invalid, Problem
from streamsrv.core.importing import Style
from streamsrv.core.model import CampaignId, Viewer, ViewerId
from streamsrv.stores.book import TABLES, read_book
from streamsrv.stores.viewers import Row

NAMED_PROBLEMS = 100
"""Of the rows of a file: a file of the wrong campaign would have as many as viewers."""


class CheckedViewers:
    """The viewers of one file: our own lines, or a CRM's table for one campaign."""

    def __init__(
        self, path: Path, campaigns: Mapping[Path, Campaign], style: Style, *, others: bool, usual: bool
    ) -> None:
        """`others`: rows of other campaigns than these are passed over.

        `usual`: it is the settings' sample, in which each viewer stands once, and which need not have any.
        """
        self._path = path
        self._files = {campaign.campaign_id: file for file, campaign in campaigns.items()}
        self._campaigns = {campaign.campaign_id: campaign for campaign in campaigns.values()}
        self._style = style
        self._others = others
        self._usual = usual
        self._seen: set[tuple[CampaignId, ViewerId]] = set()
        self._left = 0
        self._viewers = 0
        self._problems: list[Problem] = []

    def rows(self) -> Iterator[Row]:
        """The rows that are viewers of these campaigns, whatever is wrong with their attributes."""
        if not self._campaigns:
            return
        if self._path.suffix.lower() in TABLES and len(self._campaigns) > 1:
            file = next(iter(self._files.values()))
            what = f"is a table, whose rows name no campaign, and {len(self._campaigns)} campaigns are checked"
            self._add(Problem(str(self._path), what, f"one campaign's file as well: streamsrv check {file}"))
            return
        try:
            for row in read_book(self._path, tuple(self._campaigns.values()), self._style):
                if isinstance(row.viewer, Problem):
                    self._add(row.viewer)
                elif self._is_ours(row.viewer, row.where):
                    self._viewers += 1
                    yield row
        except Invalid as error:
            self._problems += error.problems

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the rows that were read so far; never a value of theirs."""
        found = list(self._problems)
        if self._left:
            found.append(Problem(str(self._path), f"has {counted(self._left, 'more mistake')} in its rows"))
        if self._campaigns and not self._viewers and not found and not self._usual:
            names = " or ".join(sorted(self._campaigns))
            found.append(Problem(str(self._path), f"has no viewer of campaign {names}", "at least one"))
        return tuple(found)

    def _is_ours(self, viewer: Viewer, where: str) -> bool:
        campaign = self._campaigns.get(viewer.campaign_id)
        if campaign is None:
            if not self._others:
                known: list[str] = sorted(self._campaigns)
                what = f"{quoted(viewer.campaign_id)} is not a campaign of this server"
                close = nearest(viewer.campaign_id, known)
                self._add(Problem(f"{where}: campaign", what + close, f"one of: {listing(known)}"))
            return False
        for problem in check_viewer(campaign.schema, viewer.attributes, where=where)[1]:
            self._add(problem)
        key = (viewer.campaign_id, viewer.viewer_id)
        if self._usual and key in self._seen:
            what = f"{quoted(viewer.viewer_id)} stands in the file twice"
            self._add(Problem(f"{where}: viewer", what, "each viewer once a campaign"))
        if self._usual:
            self._seen.add(key)
        return True

    def _add(self, problem: Problem) -> None:
        if len(self._problems) < NAMED_PROBLEMS:
            self._problems.append(problem)
        else:
            self._left += 1
