"""The command line itself: what it lists, and that a command loads its own part of the program and no other."""

import re
import subprocess
import sys

import pytest

from streamsrv.cli import COMMANDS

FOREIGN = {
    "schema": ("aiohttp", "av", "numpy", "redis", "skia"),
    "power": ("aiohttp", "av", "redis", "skia"),
    "keys": ("av", "numpy", "skia"),
    "links": ("av", "skia"),
    "package": ("aiohttp", "redis"),
    "serve": ("numpy", "skia"),
}
"""Libraries that a command has no use for: loading them all takes longer than most commands do."""


def run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60, env={"COLUMNS": "200"}
    ).stdout


def test_the_help_lists_every_command_with_a_sentence() -> None:
    told = run("from streamsrv.cli import app; app(['--help'])")
    listed = {found[1]: found[2] for line in told.splitlines() if (found := re.match(r"│ (\w+) +(\S.+\.) *│$", line))}
    assert COMMANDS == tuple(listed)


@pytest.mark.parametrize("command", FOREIGN)
def test_a_command_loads_only_its_own_part_of_the_program(command: str) -> None:
    code = f"import sys; from streamsrv.cli import app; app([{command!r}, '--help'], standalone_mode=False)"
    loaded = run(f"{code}; print('loaded', *(set(sys.modules) & {set(FOREIGN[command])}))")
    assert "loaded" == loaded.splitlines()[-1]
