"""A viewer's own segment that is rendered already, against the shared one of the same place, in the same run.

`python -m load.warm [--seconds 4] [--rounds 5]`. One server process over a scene at 720p, kept connections on loopback;
every request is an event, too.
"""

import argparse
import re
import tempfile
import time
from pathlib import Path
from urllib.request import Request, urlopen

import orjson

from load import world
from load.launch import prepare
from load.measure import Row, print_table, run_round, streamsrv, wrk_script
from streamsrv.core.model import CampaignId, Viewer, ViewerId

CONNECTIONS = 8
SESSIONS = 48
PATIENCE_S = 120.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="streamsrv-load-") as name:
        measure(Path(name), arguments.seconds, arguments.rounds)


def measure(folder: Path, seconds: int, rounds: int) -> None:
    # One name: as many bodies as there are shared ones, so that the processor's cache serves both alike.
    people = [Viewer(ViewerId(f"v-{number}"), CampaignId("launch"), {"name": "Ana"}) for number in range(SESSIONS)]
    config = prepare(folder, people)
    rows = {"seg": Row("shared segment"), "own": Row("own segment, warm")}
    scripts, sizes = {}, {}
    with streamsrv(config, world.ENVIRON) as (pid, url):
        own = [_own(url, one) for one in people]
        for kind in rows:
            paths = [path.replace("/own/", f"/{kind}/") for path in own]
            sizes[kind] = sum(len(urlopen(url + path).read()) for path in paths) / len(paths)
            (folder / f"{kind}.txt").write_text("".join(f"{path}\n" for path in paths))
            scripts[kind] = wrk_script(folder / f"{kind}.lua", folder / f"{kind}.txt")
        for number in range(rounds + 1):
            # Who is the first of a round alternates: the machine gets warmer, and busier.
            for kind in sorted(rows, reverse=bool(number % 2)):
                one = run_round(url, pid, script=scripts[kind], seconds=seconds, connections=CONNECTIONS)
                if number:
                    rows[kind].rounds.append(one)
    told = ", ".join(f"{rows[kind].name} {size:,.0f} bytes" for kind, size in sizes.items())
    print(f"{told}; {CONNECTIONS} connections, {rounds} x {seconds} s")
    print_table([*rows.values()], unit="CPU us/request", base=rows["seg"])


def _own(url: str, viewer: Viewer) -> str:
    """The path of the first own segment of a new session, once it is rendered."""
    link = f"/v/{world.link_token(viewer, now_s=int(time.time()))}"
    opened = orjson.loads(urlopen(Request(f"{url}{link}/sessions", method="POST"), timeout=30).read())
    base = opened["multivariant_url"].rpartition("/")[0]
    listed = urlopen(f"{url}{base}/video/720p.m3u8", timeout=30).read().decode()
    path = f"{base}/{re.findall(r'^../(own/.+)$', listed, re.MULTILINE)[0]}"
    give_up_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_s:
        with urlopen(url + path, timeout=30) as answer:
            answer.read()
            if "immutable" in answer.headers["Cache-Control"]:
                return path
    raise RuntimeError(f"no own segment in {PATIENCE_S} s")


if __name__ == "__main__":
    main()
