"""Schemathesis against the running API: `python -m tests.api.schemathesis [its options]`, such as -n 500."""

import asyncio
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.api.site import open_api

ROOT = Path(__file__).resolve().parents[2]
CONFIG = Path(__file__).with_name("schemathesis.toml")


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, str]]:
    """The API in a thread of its own: its base URL, and a key with every scope."""
    loop = asyncio.new_event_loop()
    ready: list[tuple[str, str]] = []
    opened, over = threading.Event(), asyncio.Event()

    async def serve() -> None:
        try:
            async with open_api(folder) as site:
                ready.append((site.base_url, site.main))
                opened.set()
                await over.wait()
        finally:
            opened.set()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        opened.wait()
        yield ready[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


def run(options: Sequence[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    """Every check of every operation; its output is for people."""
    with serving(folder) as (base_url, key):
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run"]
        return subprocess.run(
            [*command, f"{base_url}/api/openapi.json", *options],
            env={
                **os.environ,
                "SCHEMATHESIS_HOOKS": "tests.api.schemathesis_hooks",
                "API_KEY": key,
                "PYTHONPATH": str(ROOT),
            },
            cwd=folder,  # it keeps what it found where it runs
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        done = run(sys.argv[1:], Path(made))
    print(done.stdout)  # noqa: T201  # it is a command
    sys.exit(done.returncode)
