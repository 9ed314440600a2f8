"""Media playlists a second from one process, for viewers nobody has seen before and for known sessions.

`python -m load.playlists [--seconds 4] [--rounds 5]`. In every request the token's signature is checked; of a new
session the token is read, and its playlist is put together or found among those of viewers who see the same. The
yardstick is aiohttp itself with a constant body of the same size, in the same run.
"""

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from urllib.request import urlopen

from load import world
from load.measure import ROOT, Row, print_table, process, run_round, streamsrv, wrk_script

VIEWERS = 20_000
KNOWN_SESSIONS = 1_000
NEW_SESSIONS_A_SECOND = 40_000
"""Tokens made for each second of load: more than are used."""
CONNECTIONS = 16
RENDITION = "video/720p.m3u8"


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
    config = world.write_settings(
        folder, segments=folder / "segments", viewers_file=folder / "viewers.ndjson", root=ROOT
    )
    each = int(seconds * NEW_SESSIONS_A_SECOND)
    tokens = world.playback_tokens(
        people,
        each * rounds + KNOWN_SESSIONS,
        segments=folder / "segments",
        now_s=int(time.time()),
        life_s=24 * 3600,
    )
    known = _script(folder, "known", islice(tokens, KNOWN_SESSIONS))
    fresh = [_script(folder, f"new-{number}", islice(tokens, each)) for number in range(rounds)]
    constant = wrk_script(folder / "bare.lua", _write(folder / "bare.txt", ["/list.m3u8"] * KNOWN_SESSIONS))
    bare, new, again = (
        Row("bare aiohttp + uvloop, constant body"),
        Row("new session: token, list"),
        Row("known session"),
    )
    world.fill(config, people)
    with streamsrv(config, world.ENVIRON) as (pid, url):
        target = (folder / "known.txt").read_text().splitlines()[0]
        size_bytes = len(urlopen(url + target).read())
        with process([sys.executable, "-m", "load.bare", str(size_bytes)], ready="bare on") as (bare_pid, line):
            bare_url = re.findall(r"http://\S+", line)[0]
            run_round(url, pid, script=known, seconds=1, connections=CONNECTIONS)
            for script in fresh:
                load = {"seconds": seconds, "connections": CONNECTIONS}
                bare.rounds.append(run_round(bare_url, bare_pid, script=constant, **load))
                new.rounds.append(run_round(url, pid, script=script, **load))
                run_round(url, pid, script=known, seconds=1, connections=CONNECTIONS)
                again.rounds.append(run_round(url, pid, script=known, **load))
    print(f"{VIEWERS} viewers, lists of {size_bytes} bytes, {CONNECTIONS} connections, {rounds} x {seconds} s")
    print_table([bare, new, again], unit="CPU us/request", base=bare)


def _script(folder: Path, name: str, tokens: Iterable[str]) -> Path:
    targets = _write(folder / f"{name}.txt", (f"/p/{token}/{RENDITION}" for token in tokens))
    return wrk_script(folder / f"{name}.lua", targets)


def _write(path: Path, lines: Iterable[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


if __name__ == "__main__":
    main()
