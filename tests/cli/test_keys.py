"""`streamsrv keys` and `streamsrv audit`: a key's life on the command line, and the log of it."""

import asyncio
import json
import re
from pathlib import Path

import pytest

from streamsrv.config import StateSettings
from streamsrv.stores.state import open_state
from tests.cli.imports import installation, run

LIFE = ("keys", "create", "--scope", "viewers:write", "--scope", "links:write", "--days", "30", "--name", "crm")


def test_a_key_is_shown_once_listed_and_revoked_and_all_is_written_down(tmp_path: Path) -> None:
    config = installation(tmp_path)
    made = run(config, *LIFE)
    text = made.stdout.strip()
    listed = json.loads(run(config, "keys", "list", "--json").stdout)
    revoked = run(config, "keys", "revoke", text.split("_")[1])
    again = run(config, "keys", "list")
    log = run(config, "audit", "export")

    assert (made.returncode, revoked.returncode) == (0, 0)
    assert re.fullmatch(r"ssk_[0-9a-f]{10}_[0-9a-f]{48}", text)
    assert [(key["name"], key["tenant"], key["scopes"], key["state"]) for key in listed] == [
        ("crm", "main", ["links:write", "viewers:write"], "good")
    ]
    assert listed[0]["expires_at_s"] - listed[0]["created_at_s"] == 30 * 86_400
    assert "revoked" in again.stdout
    assert text.rpartition("_")[2] not in made.stderr + json.dumps(listed) + again.stdout + log.stdout
    acts = [json.loads(line) for line in log.stdout.splitlines()]
    assert [(act["action"], act["subject"]) for act in acts] == [
        ("api_key.create", text.split("_")[1]),
        ("api_key.revoke", text.split("_")[1]),
        ("audit.export", "main"),
    ]
    assert all(act["actor"].startswith("cli:") for act in acts)


def test_a_log_is_verified_and_what_was_done_to_it_is_told(tmp_path: Path) -> None:
    config = installation(tmp_path)
    run(config, *LIFE)
    run(config, *LIFE)
    good = run(config, "audit", "verify")
    head = good.stdout.strip()

    async def cut() -> None:
        async with open_state(StateSettings(dir=tmp_path / "var" / "state")) as state:
            await state.run(lambda client: client.xdel("g:{main}", "2-0"), what="state")

    asyncio.run(cut())
    cut_short = run(config, "audit", "verify")
    noted = run(config, "audit", "verify", "--head", head)

    assert (good.returncode, head.partition(":")[0]) == (0, "2")
    assert (cut_short.returncode, cut_short.stdout) == (1, "")
    assert cut_short.stderr == "streamsrv: audit log of main, end: 1 of 2 lines are missing\n"
    assert noted.stderr.endswith("the log never came past the head that was noted: it was put back\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("keys", "revoke", "0123456789"), "streamsrv: no such API key\n"),
        (("keys", "create", "--scope", "viewers:write", "--tenant", "nobody"), "there is no tenant 'nobody'"),
        (("audit", "verify", "--tenant", "nobody"), "expected one that has campaigns: main"),
        (("audit", "verify", "--head", "12"), "streamsrv: --head: is not the head of a log"),
    ],
)
def test_a_mistake_is_one_clear_line(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = run(installation(tmp_path), *arguments)

    assert (1, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))
    assert message in done.stderr
