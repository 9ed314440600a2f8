"""Links revoked and keys rotated while two processes serve: every process knows in time, and no request fails for it.

How long a revocation took is printed: `pytest -s`.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from load import world
from streamsrv.core import tokens
from tests.app.fleet import Crowd, Fleet, running_fleet, until
from tests.shared import PATIENT

ROOT = Path(__file__).resolve().parents[2]
LOOKS = 12
"""Connections that are opened to ask the same: both processes take some."""
KNOWN_WITHIN_S = 60.0
NEW_SECRET, NEW_VAULT_KEY = "c3" * 32, "a5" * 32
IN_ROTATION = {**world.ENVIRON, **PATIENT, "STREAMSRV_LINKS_SECRET": f"2:{NEW_SECRET}\n1:{world.SECRET}"}
"""A server whose new links are signed with another key than those that were sent."""
NEW_KEYS = tokens.TokenKeys(current=2, secrets={2: NEW_SECRET.encode()})


def settings_file(folder: Path, *, section: str = "") -> Path:
    world.write_store(folder / "segments")
    config = world.write_settings(
        folder, segments=folder / "segments", viewers_file=folder / "none.ndjson", root=ROOT, server="drain_s = 3"
    )
    config.write_text(config.read_text("utf-8") + section, "utf-8")
    return config


def status(fleet: Fleet, path: str) -> int:
    """Of one request over a connection of its own."""
    connection = HTTPConnection(urlsplit(fleet.base_url).netloc, timeout=20)
    connection.request("GET", path)
    found = connection.getresponse().status
    connection.close()
    return found


def statuses(fleet: Fleet, *paths: str) -> set[int]:
    """What every process answers."""
    return {status(fleet, path) for path in paths for _ in range(LOOKS)}


def playing(fleet: Fleet, link: str) -> str:
    """A session that was begun: the path of one of its playlists."""
    connection = HTTPConnection(urlsplit(fleet.base_url).netloc, timeout=20)
    connection.request("POST", f"{link}/sessions")
    told = orjson.loads(connection.getresponse().read())
    connection.close()
    return f"{urlsplit(told['multivariant_url']).path.rpartition('/')[0]}/video/432p.m3u8"


def command(config: Path, *words: str, environ: Mapping[str, str] = world.ENVIRON) -> str:
    """Run a command of ours; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "streamsrv", *words, "--config", str(config)],
        capture_output=True,
        text=True,
        env={**os.environ, **environ},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def link_of(config: Path, viewer_id: str, environ: Mapping[str, str] = world.ENVIRON) -> str:
    """The path of the viewer's link as it is issued now."""
    written = command(config, "links", "--campaign", "renewal", "--viewer", viewer_id, environ=environ)
    return str(re.findall(r"http://[^/]+(/v/[^/,]+),", written)[0])


def revoked(fleet: Fleet, config: Path, gone: tuple[str, ...], *words: str) -> None:
    """Revoke, and wait until every process has said so of all these."""
    began_s = time.monotonic()
    command(config, "revoke", *words, environ=IN_ROTATION)
    until(lambda: statuses(fleet, *gone) == {410}, wait_s=KNOWN_WITHIN_S)
    taken_s = time.monotonic() - began_s
    print(f"\nrevoked {' '.join(words)}: over, and known everywhere, after {taken_s:.1f} s")  # noqa: T201


def test_what_is_revoked_ends_in_every_process_with_what_plays_under_it(tmp_path: Path) -> None:
    config = settings_file(tmp_path)
    ana, ben = people = world.viewers(2)
    world.fill(config, people)
    links = [f"/v/{world.link_token(one, now_s=int(time.time()))}" for one in people]
    with running_fleet(config, workers=2, environ=IN_ROTATION) as fleet:
        anas, bens = ((link, playing(fleet, link)) for link in links)
        assert statuses(fleet, *anas, *bens) == {200}

        revoked(fleet, config, anas, "--campaign", "renewal", "--viewer", ana.viewer_id)
        again = link_of(config, ana.viewer_id, IN_ROTATION)
        anas_again = (again, playing(fleet, again))
        assert statuses(fleet, *anas_again, *bens) == {200}

        revoked(fleet, config, bens, "--key", "1")
        assert statuses(fleet, *anas_again) == {200}

        revoked(fleet, config, anas_again, "--campaign", "renewal")
        assert statuses(fleet, *anas, *bens) == {410}
        after = link_of(config, ben.viewer_id, IN_ROTATION)
        assert statuses(fleet, after, playing(fleet, after)) == {200}


def test_all_keys_are_rotated_under_load_without_a_failed_request(tmp_path: Path) -> None:
    """As docs/viewers.md says: known everywhere, then in use, then the vault's old one taken out."""
    signing, vault = tmp_path / "links.keys", tmp_path / "vault.keys"
    section = f'[links]\nsecret_file = "{signing}"\n[vault]\nkeys_file = "{vault}"\n'
    config = settings_file(tmp_path, section=section)
    old_vault_key = world.VAULT_KEYS.removeprefix("1:")
    people = world.viewers(4)

    def keys(*order: int, vault_order: tuple[int, ...]) -> None:
        secrets = {1: world.SECRET, 2: NEW_SECRET}
        signing.write_text("".join(f"{key_id}:{secrets[key_id]}\n" for key_id in order), "utf-8")
        vault_keys = {1: old_vault_key, 2: NEW_VAULT_KEY}
        vault.write_text("".join(f"{key_id}:{vault_keys[key_id]}\n" for key_id in vault_order), "utf-8")

    keys(1, vault_order=(1,))
    world.fill(config, people, {})
    old_links = [f"/v/{world.link_token(one, now_s=int(time.time()))}" for one in people]
    with running_fleet(config, workers=2, environ=PATIENT) as fleet:
        with Crowd(fleet, old_links) as crowd:
            until(lambda: crowd.total > 50)
            _restart(fleet, 1, lambda: keys(1, 2, vault_order=(1, 2)))
            _restart(fleet, 2, lambda: keys(2, 1, vault_order=(2, 1)))
            new_link = link_of(config, people[0].viewer_id, {})
            rewrapped = command(config, "rotate", environ={})
            _restart(fleet, 3, lambda: keys(2, 1, vault_order=(2,)))
            new_session = playing(fleet, new_link)
            reached = crowd.total
            until(lambda: crowd.total > reached + 50)

        assert ([], {200, 201}) == (crowd.failed, {of for _, of in crowd.done})
        assert "4 viewers" in rewrapped
        assert tokens.parse_link(new_link.split("/")[2], now_s=int(time.time()), keys=NEW_KEYS).key_id == 2
        assert statuses(fleet, new_link, new_session, *old_links[:2]) == {200}


def _restart(fleet: Fleet, times: int, change: Callable[[], None]) -> None:
    change()
    fleet.process.send_signal(signal.SIGHUP)
    until(lambda: fleet.metric('streamsrv_restarts_total{result="done"}') == times)
    until(lambda: fleet.metric("streamsrv_workers_draining") == 0)
