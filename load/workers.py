"""Sessions and playlists a second with one worker process and with two, and how late the latest are.

`python -m load.workers [--seconds 4] [--rounds 5]`. A session is a POST of the page: its viewer is found, the rules are
evaluated, the decisions are pinned in the state store, a token is signed. The yardstick is the bare aiohttp handler of
`load.bare`, one process, in the same run. The client takes its share of the machine's cores: on two of them, two
workers cannot be twice as fast as one.
"""

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from load import world
from load.measure import ROOT, Row, print_table, process, run_round, streamsrv, wrk_script

VIEWERS = 20_000
SESSIONS = 2_000
BARE_BYTES = 600
"""About what the answer to a new session is."""
CONNECTIONS = 32
ENVIRON = {**world.ENVIRON, "STREAMSRV_STATE_BUDGET_MS": "5000", "STREAMSRV_STATE_POOL_WAIT_MS": "5000"}
"""What is measured is how much is done, not how well a server that has too much to do says no."""


@dataclass(frozen=True)
class Target:
    """A server under load, what it is asked, and what came of it."""

    row: Row
    url: str
    pid: int
    script: Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="streamsrv-load-") as name:
        measure(Path(name), arguments.seconds, arguments.rounds)


def measure(folder: Path, seconds: int, rounds: int) -> None:
    people = world.viewers(VIEWERS)
    world.write_store(folder / "segments")
    world.write_viewers(folder / "viewers.ndjson", people)
    now_s = int(time.time())
    links = (f"/v/{world.link_token(one, now_s=now_s)}/sessions" for one in people)
    tokens = world.playback_tokens(people, SESSIONS, segments=folder / "segments", now_s=now_s, life_s=24 * 3600)
    sessions = _script(folder, "sessions", links, "POST")
    playlists = _script(folder, "playlists", (f"/p/{token}/video/720p.m3u8" for token in tokens), "GET")
    constant = _script(folder, "bare", iter(["/list.m3u8"]), "GET")
    with ExitStack() as stack:
        bare_pid, line = stack.enter_context(
            process([sys.executable, "-m", "load.bare", str(BARE_BYTES)], ready="bare on")
        )
        bare = Target(Row("bare aiohttp + uvloop"), re.findall(r"http://\S+", line)[0], bare_pid, constant)
        targets = [bare]
        for workers in (1, 2):
            home = folder / f"workers-{workers}"
            home.mkdir()
            config = world.write_settings(
                home, segments=folder / "segments", viewers_file=folder / "viewers.ndjson", root=ROOT
            )
            world.fill(config, people)
            pid, url = stack.enter_context(streamsrv(config, ENVIRON, workers=workers))
            for what, script in (("session", sessions), ("playlist", playlists)):
                targets.append(Target(Row(f"{what}, {workers} worker{'s' * (workers > 1)}"), url, pid, script))
        for number in range(rounds + 1):
            for target in targets:
                one = run_round(target.url, target.pid, script=target.script, seconds=seconds, connections=CONNECTIONS)
                if number:
                    target.row.rounds.append(one)
    print(f"{VIEWERS} viewers, {CONNECTIONS} connections, {rounds} x {seconds} s")
    print_table([target.row for target in targets], unit="CPU us/request", base=bare.row)
    for target in targets:
        print(f"{target.row.name:<44} p99 {target.row.p99_ms:.2f} ms")


def _script(folder: Path, name: str, lines: Iterator[str], method: str) -> Path:
    targets = folder / f"{name}.txt"
    targets.write_text("".join(f"{line}\n" for line in lines))
    return wrk_script(folder / f"{name}.lua", targets, method=method)


if __name__ == "__main__":
    main()
