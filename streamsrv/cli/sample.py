"""Going through a file of viewers, as `coverage` and `diff` do: with a progress bar, and Ctrl-C to stop early."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from streamsrv.analytics.coverage_report import Reading
from streamsrv.analytics.wording import counted, number
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import Invalid, Problem
from streamsrv.core.identity import sample_link_ref
from streamsrv.core.importing import Style
from streamsrv.core.model import Viewer
from streamsrv.stores.book import read_book

NAMED_LINES = 10
"""Broken rows that are told one by one."""
ROWS_BETWEEN_UPDATES = 500
INTERRUPTED = 130
"""The exit code of what Ctrl-C stopped."""


class Sample:
    """The viewers of some campaigns in a file, one by one, and a count of everything that was passed over.

    The first Ctrl-C ends the sample where it stands, between two viewers; a second one ends the command.
    """

    def __init__(self, path: Path, campaigns: Sequence[Campaign], style: Style) -> None:
        self._path = path
        self._style = style
        self._campaigns = campaigns
        self._viewers = 0
        self._others = 0
        self._broken = 0
        self._first_broken: list[Problem] = []
        self._stopped = False

    def viewers(self, *, bar: bool = True) -> Iterator[Viewer]:
        """Each viewer with attributes as given; raises `Invalid` when the file cannot be read or has none, and why.

        Without a `bar` on stderr where results are printed to the same terminal meanwhile.
        """
        columns = (TextColumn("Reading viewers"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        console = Console(stderr=True)
        progress = Progress(
            *columns,
            console=console,
            transient=True,
            # Rich ends a bar with an empty line where there is no terminal to draw it on.
            disable=not (bar and console.is_terminal),
            redirect_stdout=False,
            redirect_stderr=False,
        )
        ids = {campaign.campaign_id for campaign in self._campaigns}
        with progress, self._until_interrupted():
            task = progress.add_task("", total=self._path.stat().st_size if self._path.is_file() else None)
            for number, row in enumerate(read_book(self._path, self._campaigns, self._style)):
                if self._stopped:
                    break
                if number % ROWS_BETWEEN_UPDATES == 0:
                    progress.update(task, completed=row.end_bytes)
                viewer = row.viewer
                if not isinstance(viewer, Viewer):
                    self._broken += 1
                    if len(self._first_broken) < NAMED_LINES:
                        self._first_broken.append(viewer)
                elif viewer.campaign_id in ids:
                    self._viewers += 1
                    # Addresses of QR codes and links differ from viewer to viewer, as they will.
                    yield replace(viewer, link_ref=sample_link_ref(viewer.viewer_id))
                else:
                    self._others += 1
        if not self._viewers:
            raise Invalid([self._nobody(" or ".join(sorted(ids))), *self._first_broken])

    def reading(self) -> Reading:
        """What was read so far."""
        return Reading(
            self._viewers, self._others, self._broken, tuple(map(str, self._first_broken)), not self._stopped
        )

    def _nobody(self, named: str) -> Problem:
        """That no viewer is left, and what became of the rows there are."""
        parts = []
        if self._others:
            parts.append(f"{counted(self._others, 'viewer')} of other campaigns")
        if self._broken:
            first = f", of which the first {NAMED_LINES} follow" if self._broken > NAMED_LINES else ""
            parts.append(f"{counted(self._broken, 'row')} that cannot be read{first}")
        found = " and ".join(parts) or "no rows at all"
        return Problem(str(self._path), f"has no viewer of campaign {named}: it has {found}", "at least one")

    @contextmanager
    def _until_interrupted(self) -> Iterator[None]:
        before = signal.getsignal(signal.SIGINT)

        def stop(_signal: int, _frame: FrameType | None) -> None:
            self._stopped = True
            signal.signal(signal.SIGINT, before)

        signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


def passed_over(reading: Reading) -> Iterator[str]:
    """What was read and not counted, line by line."""
    if reading.other_campaigns:
        yield f"{counted(reading.other_campaigns, 'viewer')} of other campaigns passed over"
    if reading.broken_lines:
        yield f"{counted(reading.broken_lines, 'broken line')}:"
        yield from (f"  {line}" for line in reading.first_broken)
        if reading.broken_lines > len(reading.first_broken):
            yield f"  and {number(reading.broken_lines - len(reading.first_broken))} more"
