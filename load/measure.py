"""What the benchmarks share: servers as processes of their own, a client, and CPU time per request.

CPU time is read from /proc/<pid>/stat, so that other load on the machine moves it little; rounds are interleaved
and medians taken, so that it moves the ratios even less.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Round:
    """One round against one server."""

    requests_a_second: float
    cpu_us: float
    """User and system time of the server for one request."""
    p99_ms: float
    """How long one request in a hundred took or longer, as the client saw it."""


@dataclass
class Row:
    """Everything measured of one case."""

    name: str
    rounds: list[Round] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return statistics.median(one.requests_a_second for one in self.rounds)

    @property
    def cpu_us(self) -> float:
        return statistics.median(one.cpu_us for one in self.rounds)

    @property
    def p99_ms(self) -> float:
        return statistics.median(one.p99_ms for one in self.rounds)


@contextmanager
def process(command: Sequence[str], *, ready: str, env: Mapping[str, str] | None = None) -> Iterator[tuple[int, str]]:
    """Run `command` until the block ends; its pid, and the line of its output that matches `ready`."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(env or {})}, cwd=ROOT)
    assert child.stdout is not None
    try:
        for line in child.stdout:
            if re.search(ready, line):
                yield child.pid, line
                return
        raise RuntimeError(f"{command[0]} ended before it was ready, with status {child.wait()}")
    finally:
        child.terminate()
        try:
            child.wait(timeout=30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        child.stdout.close()


@contextmanager
def streamsrv(config: Path, environ: Mapping[str, str], *, workers: int = 1) -> Iterator[tuple[int, str]]:
    """The real server over a settings file: its supervisor's pid and its base URL."""
    command = [sys.executable, "-m", "streamsrv", "serve", "--config", str(config), "--workers", str(workers)]
    with process(command, ready=r"serving on", env=environ) as (pid, line):
        found = re.search(r"serving on (http://\S+),", line)
        assert found, line
        yield pid, found[1]


def wrk() -> str:
    """The load generator; ends with a sentence where it is missing."""
    found = shutil.which("wrk")
    if found is None:
        sys.exit("wrk is not installed: apt-get install wrk")
    return found


def run_round(url: str, pid: int, *, script: Path | None, seconds: int, connections: int) -> Round:
    """Load `url` for a while with one thread of wrk; raises where any answer was not 2xx."""
    command = [wrk(), "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    if script is not None:
        command += ["-s", str(script)]
    before_s = cpu_s(pid)
    started_s = time.monotonic()
    output = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    taken_s = time.monotonic() - started_s
    used_s = cpu_s(pid) - before_s
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(f"the server did not answer everything:\n{output}")
    found = re.search(r"(\d+) requests in", output)
    assert found, output
    count = int(found[1])
    late = re.search(r"99%\s+([\d.]+)(us|ms|s)", output)
    assert late, output
    p99_ms = float(late[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[late[2]]
    return Round(count / min(taken_s, seconds), used_s * 1e6 / count, p99_ms)


def cpu_s(pid: int) -> float:
    """User and system time so far of a process and of those it has started."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task").glob("*/children")
    return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND + sum(
        cpu_s(int(child)) for path in children for child in path.read_text().split()
    )


def wrk_script(path: Path, targets: Path, *, method: str = "GET") -> Path:
    """A wrk script that asks for each line of `targets` once, in order, then again."""
    path.write_text(
        f"""\
local lines = {{}}
local at = 0
function init(args)
  for line in io.lines("{targets}") do
    lines[#lines + 1] = "{method} " .. line .. " HTTP/1.1\\r\\nHost: load\\r\\nContent-Length: 0\\r\\n\\r\\n"
  end
end
request = function()
  at = at % #lines + 1
  return lines[at]
end
"""
    )
    return path


def print_table(rows: Sequence[Row], *, unit: str, base: Row) -> None:
    print(f"{'case':<44} {'requests/s':>11} {unit:>16} {'rate ratio':>11} {'cpu ratio':>10}")
    for row in rows:
        print(
            f"{row.name:<44} {row.rate:>11.0f} {row.cpu_us:>16.1f} "
            f"{row.rate / base.rate:>11.2f} {row.cpu_us / base.cpu_us:>10.2f}"
        )


def percentile(values: Sequence[float], share: int) -> float:
    """The value that `share` of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]
