"""How fast viewers are imported, on what processors, in how much memory: `python -m load.importing [ROWS…]`.

The file is a customer's export with one bad row in a hundred, of ten kinds. What is measured is the command as a team
runs it, with the embedded server; the rejects file must be right to the last byte.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from load.measure import ROOT, cpu_s
from load.viewers import write_export
from streamsrv.config import Settings, StateSettings
from streamsrv.stores.register import open_register
from streamsrv.stores.state import State

ROWS = (100_000, 1_000_000)
SAMPLE_S = 0.2


class Used(NamedTuple):
    """What the command and its workers took."""

    cpu_s: dict[str, float]
    """By role: reader, workers."""
    peak_bytes: dict[str, int]


class Memory(NamedTuple):
    """What the server holds."""

    used_bytes: int
    cpu_s: float


async def measure(count: int, folder: Path) -> None:
    """Import `count` rows and print a line."""
    path, expected = folder / "export.csv", folder / "expected.csv"
    bad = write_export(path, expected, count)
    config = folder / "server.toml"
    config.write_text(
        f'[storage]\ncampaigns = "{ROOT / "config" / "campaigns"}"\n[state]\ndir = "{folder / "var" / "state"}"\n'
    )
    # As a user of the server, so that it is still there when the command has ended.
    async with open_register(Settings(state=StateSettings(dir=folder / "var" / "state"))) as register:
        before = await _memory(register.state)
        started_s = time.monotonic()
        command = [sys.executable, "-m", "streamsrv", "import", path, "--campaign", "renewal", "--config", config]
        used = await asyncio.to_thread(watch, list(map(str, command)))
        taken_s = time.monotonic() - started_s
        after = await _memory(register.state)
    check_rejects(Path(f"{path}.rejects.csv"), expected)
    cpu = {**used.cpu_s, "server": after.cpu_s - before.cpu_s}
    split = ", ".join(f"{role} {1e6 * seconds / count:.0f}" for role, seconds in cpu.items())
    peak = ", ".join(f"{role} {size / 2**20:.0f}" for role, size in used.peak_bytes.items())
    print(f"{count:>9,} rows, {bad:,} of them rejected as expected: {count / taken_s:,.0f} rows/s in {taken_s:.1f} s")
    print(f"          CPU µs a row: {1e6 * sum(cpu.values()) / count:.0f} ({split})")
    print(f"          peak RSS in MiB: {peak}")
    print(f"          server memory: {(after.used_bytes - before.used_bytes) / (count - bad):.0f} bytes a viewer")


async def _memory(state: State) -> Memory:
    memory = await state.client.info("memory")
    return Memory(memory["used_memory"], await server_cpu_s(state))


async def server_cpu_s(state: State) -> float:
    """User and system time of the server so far."""
    cpu = await state.client.info("cpu")
    return float(cpu["used_cpu_user"] + cpu["used_cpu_sys"])


def watch(command: list[str]) -> Used:
    """Run a command, looking at it and its workers until it ends; raises `SystemExit` when that is not well."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    worker_cpu_s: dict[int, float] = {}
    peak_bytes: dict[int, int] = {}
    while True:
        for pid in (process.pid, *_children(process.pid)):
            with suppress(OSError):
                worker_cpu_s[pid] = cpu_s(pid)
                peak_bytes[pid] = max(peak_bytes.get(pid, 0), _peak_bytes(pid))
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        time.sleep(SAMPLE_S)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    del worker_cpu_s[process.pid]
    reader_bytes = peak_bytes.pop(process.pid)
    workers_s = sum(worker_cpu_s.values())
    return Used(
        # What is told of a process when it has ended holds what was told of its own.
        {"reader": usage.ru_utime + usage.ru_stime - workers_s, "workers": workers_s},
        {"reader": reader_bytes, "largest worker": max(peak_bytes.values(), default=0)},
    )


def check_rejects(found: Path, expected: Path) -> None:
    """Raises `SystemExit` unless the rejects file is right to the last byte."""
    if found.read_bytes() != expected.read_bytes():
        raise SystemExit(f"{found} is not what {expected} says")


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _peak_bytes(pid: int) -> int:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return 1024 * int(found[1]) if found else 0


def main() -> None:
    for count in [int(argument) for argument in sys.argv[1:]] or ROWS:
        with tempfile.TemporaryDirectory(prefix="importing-") as folder:
            asyncio.run(measure(count, Path(folder)))


if __name__ == "__main__":
    main()
