"""What tests of several folders share. What is made once for all of pytest's processes: packaged scenes, mostly."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest

PATIENT = {"STREAMSRV_STATE_BUDGET_MS": "5000"}
"""A server's environment where what a busy machine is late with is no failure."""


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name` with what `make` put there; whichever process asks first makes it, the others wait.

    To be read only. Where making it failed, whoever asks next tries anew.
    """
    # A process of pytest-xdist has a folder of its own in the run's.
    run = factory.getbasetemp()
    run = run.parent if run.name.startswith("popen-") else run
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        number = sum(1 for _ in run.glob(f"{name}-made-*"))
        made = run / f"{name}-made"
        if not made.exists():
            folder = run / f"{name}-made-{number}"
            folder.mkdir()
            make(folder)
            made.symlink_to(folder)
    return made.resolve()
