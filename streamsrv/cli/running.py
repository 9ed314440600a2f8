"""A command that takes a while: a bar with its speed on a terminal, and Ctrl-C to stop where it stands.

The first Ctrl-C, or SIGTERM, asks the command to stop at the next good place; a second one ends it at once.
"""

import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn, track

INTERRUPTED = 128 + signal.SIGINT
PLAIN_EVERY_S = 10.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_Item = TypeVar("_Item")


def going_through(items: Iterable[_Item], label: str) -> Iterable[_Item]:
    """The items, with a bar on standard error where that is a terminal, and else with nothing at all."""
    console = Console(stderr=True)
    # Rich ends a bar with an empty line where there is no terminal to draw it on.
    return track(items, description=label, transient=True, console=console, disable=not console.is_terminal)


class Running:
    """What the command looks at and tells."""

    def __init__(self, label: str, noun: str, progress: Progress, task: TaskID, *, plain: bool) -> None:
        self.stopped = False
        self._label = label
        self._noun = noun
        self._progress = progress
        self._task = task
        self._plain = plain
        self._began_s = self._told_s = time.monotonic()
        self._first: int | None = None

    def told(self, share: float | None, count: int) -> None:
        """So far: the share of the whole, where it is known, and how many."""
        now_s = time.monotonic()
        # What an earlier run did is not this one's speed.
        self._first = count if self._first is None else self._first
        rate = (count - self._first) / max(now_s - self._began_s, 1e-3)
        so_far = f"{count:,} {self._noun}" + (f", {rate:,.0f} a second" if rate >= 1 else "")
        self._progress.update(self._task, completed=share or 0.0, total=None if share is None else 1.0, so_far=so_far)
        if self._plain and now_s - self._told_s >= PLAIN_EVERY_S:
            self._told_s = now_s
            done = "" if share is None else f"{share:.0%}, "
            typer.echo(f"{self._label}: {done}{so_far}", err=True)


@contextmanager
def running(label: str, noun: str) -> Iterator[Running]:
    """While the command runs. Everything is said on standard error."""
    console = Console(stderr=True)
    progress = Progress(
        TextColumn(label),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[so_far]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    task = progress.add_task("", total=1.0, so_far="")
    run = Running(label, noun, progress, task, plain=not console.is_terminal)
    with progress, _stopping(run):
        yield run


@contextmanager
def _stopping(run: Running) -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def stop(_signal: int, _frame: FrameType | None) -> None:
        run.stopped = True
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in _SIGNALS:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end_interrupted(how_to_go_on: str) -> None:
    """The end of a command that Ctrl-C stopped."""
    typer.echo(f"interrupted; {how_to_go_on}", err=True)
    sys.exit(INTERRUPTED)
