"""CPU time for a megabyte of segments, against nginx `sendfile` of the same bytes in the same run.

`python -m load.segments [--seconds 4] [--rounds 5]`. Segments of about 1 MB, kept in memory by the server and in
the page cache for nginx (one worker), over kept connections on loopback. Every request is an event, too.
"""

import argparse
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path
from urllib.request import urlopen

from load import world
from load.measure import ROOT, Row, print_table, run_round, streamsrv, wrk_script

CONNECTIONS = 8
SESSIONS = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    if shutil.which("nginx") is None:
        sys.exit("nginx is not installed: apt-get install nginx-light")
    with tempfile.TemporaryDirectory(prefix="streamsrv-load-") as name:
        measure(Path(name), arguments.seconds, arguments.rounds)


def measure(folder: Path, seconds: int, rounds: int) -> None:
    people = world.viewers(SESSIONS)
    world.write_store(folder / "segments")
    world.write_viewers(folder / "viewers.ndjson", people)
    config = world.write_settings(
        folder, segments=folder / "segments", viewers_file=folder / "viewers.ndjson", root=ROOT
    )
    ours, theirs = Row("streamsrv, from memory"), Row("nginx, sendfile")
    world.fill(config, people)
    with streamsrv(config, world.ENVIRON) as (pid, url):
        tokens = world.playback_tokens(people, SESSIONS, segments=folder / "segments", now_s=int(time.time()))
        targets = [target for token in islice(tokens, SESSIONS) for target in _segments(url, token)]
        (folder / "targets.txt").write_text("".join(f"{target}\n" for target in targets))
        script = wrk_script(folder / "targets.lua", folder / "targets.txt")
        (folder / "www").mkdir()
        # Fetched from us: the same bytes, base and all.
        body = urlopen(url + targets[0]).read()
        (folder / "www" / "segment.m4s").write_bytes(body)
        with _Nginx(folder) as (nginx_pid, nginx_url):
            run_round(url, pid, script=script, seconds=1, connections=CONNECTIONS)
            for _ in range(rounds):
                load = {"seconds": seconds, "connections": CONNECTIONS}
                theirs.rounds.append(run_round(nginx_url, nginx_pid, script=None, **load))
                ours.rounds.append(run_round(url, pid, script=script, **load))
    megabytes = len(body) / 1e6
    for row in (ours, theirs):
        row.rounds = [replace(one, cpu_us=one.cpu_us / megabytes) for one in row.rounds]
    print(f"segments of {len(body)} bytes, {CONNECTIONS} connections, {rounds} x {seconds} s")
    print_table([theirs, ours], unit="CPU us/MB", base=theirs)


def _segments(url: str, token: str) -> list[str]:
    """The longest segments that one session's 720p playlist lists."""
    text = urlopen(f"{url}/p/{token}/video/720p.m3u8").read().decode()
    return [f"/p/{token}/{line[3:]}" for line in text.splitlines() if re.match(r"\.\./seg/\S+/2-\d+\.m4s", line)]


class _Nginx:
    """One worker on a free port."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._config = folder / "nginx.conf"
        self._config.write_text(
            f"""\
daemon off; worker_processes 1; user root; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
  types {{ video/mp4 m4s; }}
  server {{ listen 127.0.0.1:{self._port}; root {folder}/www; }}
}}
"""
        )

    def __enter__(self) -> tuple[int, str]:
        self._process = subprocess.Popen(["nginx", "-c", str(self._config)])
        for _ in range(100):
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
            if children:
                break
            time.sleep(0.05)
        return int(children[0]), f"http://127.0.0.1:{self._port}/segment.m4s"

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


if __name__ == "__main__":
    main()
