"""`streamsrv revoke`, `erase` and `rotate` as they are run: what they say, and what is so afterwards."""

import asyncio
import base64
import re
from pathlib import Path

import pytest

from streamsrv.config import Settings, VaultSettings, load_settings
from streamsrv.core.errors import Expired, NotFound, Unavailable
from streamsrv.core.model import TenantId, ViewerId
from streamsrv.core.tokens import LinkClaims
from streamsrv.stores.audit import RedisAuditLog, audit_key
from streamsrv.stores.register import open_register
from streamsrv.stores.state import names
from streamsrv.stores.viewers import RedisViewerStore
from tests.cli.imports import copy_of, installation, run
from tests.stores.viewers import RENEWAL, keys_and_values

CSV = """\
viewer,first_name,product,premium,renewal_on
zoe,Canary-Zoë,home,47.11,2026-03-31
anna,Anna,motor,812.40,2026-03-31
ben,Ben,life,100.00,2026-03-31
"""
MAIN = TenantId("main")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation with three viewers. To be copied only."""
    folder = tmp_path_factory.mktemp("imported")
    (folder / "export.csv").write_text(CSV)
    done = run(installation(folder), "import", "export.csv", "--campaign", "renewal")
    assert 0 == done.returncode, done.stderr
    return folder


@pytest.fixture
def config(imported: Path, tmp_path: Path) -> Path:
    """An installation with three viewers."""
    return copy_of(imported, tmp_path)


async def _viewer(config: Path, viewer_id: str, serial: int = 0) -> str:
    """The first name that is found by the viewer's link of a generation."""
    async with open_register(load_settings(config, {})) as register:
        link_id = register.identity.link_id(RENEWAL, ViewerId(viewer_id))
        found = await RedisViewerStore(*register).viewer(LinkClaims(link_id, serial, 1, 0))
        return str(found.attributes["first_name"])


async def _acts(config: Path) -> list[str]:
    """What the audit log says was done, by whom, once it is known to be whole."""
    async with open_register(load_settings(config, {})) as register:
        key = audit_key(register.identity.secret)
        log = RedisAuditLog(register.state, key=key, random_bytes=bytes)
        assert () == (await log.verify(MAIN)).problems
        texts = [text async for text in log.lines(MAIN)]
    assert all(re.search(r'"actor":"cli:[^"]+"', text) for text in texts)
    return [re.findall(r'"action":"([^"]+)"', text)[0] for text in texts]


async def test_a_viewers_links_are_revoked(config: Path) -> None:
    done = await asyncio.to_thread(run, config, "revoke", "--campaign", "renewal", "--viewer", "zoe")

    said = "the viewer's links are revoked; `streamsrv links --viewer` issues new ones\n"
    assert (0, said, "") == (done.returncode, done.stdout, done.stderr)
    with pytest.raises(Expired):
        await _viewer(config, "zoe")
    assert "Anna" == await _viewer(config, "anna")
    assert ["viewers.import.begin", "viewers.import.end", "viewer.revoke"] == await _acts(config)


async def test_a_campaigns_links_and_a_keys_tokens_are_revoked(config: Path) -> None:
    whole = await asyncio.to_thread(run, config, "revoke", "--campaign", "renewal")
    keys = {"STREAMSRV_LINKS_SECRET": f"2:{'n' * 32},1:{'o' * 32}"}
    key = await asyncio.to_thread(run, config, "revoke", "--key", 1, **keys)

    said = "every link of campaign renewal is revoked; `streamsrv links` issues new ones\n"
    assert (0, said) == (whole.returncode, whole.stdout)
    assert (0, "whatever key 1 has signed is revoked\n") == (key.returncode, key.stdout)
    async with open_register(load_settings(config, {})) as register:
        assert 1 == await register.state.client.hlen(names.REVOKED_CAMPAIGNS)
        assert {b"1"} == await register.state.client.smembers(names.REVOKED_KEYS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("revoke",), "revoke: does not say what; expected --campaign, --campaign and --viewer, or --key"),
        (("revoke", "--campaign", "renewal", "--viewer", "nobody"), "campaign renewal has no viewer 'nobody'"),
        (("revoke", "--key", "1"), "key_id: 1 signs the links that are issued now"),
        (("revoke", "--key", "2", "--campaign", "renewal"), "--key: stands beside --campaign or --viewer"),
        (("erase",), "erase: does not say whom"),
        (("erase", "--viewer", "zoe"), "erase: does not say whom"),
        (("erase", "--campaign", "renewal", "--file", "nowhere"), "nowhere: cannot be read: No such file"),
        (("erase", "--reapply", "--expired"), "erase: does not say whom"),
        (("erase", "--campaign", "nothing", "--viewer", "zoe"), 'there is no campaign "nothing"'),
    ],
)
def test_a_mistake_is_one_clear_line(config: Path, arguments: tuple[str, ...], message: str) -> None:
    done = run(config, *arguments)

    assert (1, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))
    assert message in done.stderr


async def test_erasing_leaves_no_trace_on_the_machine_and_a_proof_in_the_log(config: Path, tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("ben\r\n\nnobody\n")

    done = await asyncio.to_thread(
        run, config, "erase", "--campaign", "renewal", "--viewer", "zoe", "--file", tmp_path / "ids.txt"
    )

    erased, proof = done.stdout.splitlines()
    there = "(1 of them was not there, and may not come)"
    assert f"erased 3 viewers {there}; nothing of them is left in the server's files" == erased
    assert re.fullmatch(r"proof: audit log 5:[0-9a-f]{64}", proof)
    assert ["viewers.import.begin", "viewers.import.end", *["viewer.erase"] * 3] == await _acts(config)
    with pytest.raises(NotFound):
        await _viewer(config, "zoe")
    assert "Anna" == await _viewer(config, "anna")
    async with open_register(load_settings(config, {})) as register:
        kept = await keys_and_values(register.state)
        files = [path.read_bytes() for path in (tmp_path / "var").rglob("*") if path.is_file()]
    everything = b"\n".join([*kept, *kept.values(), *files])
    canary = "Canary-Zoë".encode()
    forms = [canary, canary.hex().encode(), base64.b64encode(canary)[:-4], b"Canary-Zo%C3%AB", b"47.11"]
    assert [] == [form for form in forms if form in everything]


async def test_who_was_erased_stays_out_until_restored(config: Path, tmp_path: Path) -> None:
    run(config, "erase", "--campaign", "renewal", "--viewer", "zoe")
    (tmp_path / "export.csv").write_text(CSV)

    refused = await asyncio.to_thread(run, config, "import", "export.csv", "--campaign", "renewal")
    restored = await asyncio.to_thread(run, config, "import", "export.csv", "--campaign", "renewal", "--restore")
    nobody = await asyncio.to_thread(run, config, "erase", "--reapply")

    assert "3 rows: 2 imported, 1 rejected\n  viewer: 1 row\n" in refused.stdout
    assert "3 rows: 3 imported, 0 rejected\n" in restored.stdout
    assert "0 viewers had come back; nothing to do\n" == nobody.stdout
    with pytest.raises(Expired):
        await _viewer(config, "zoe", serial=0)
    assert "Canary-Zoë" == await _viewer(config, "zoe", serial=2**32 - 1)


def test_nobody_is_past_their_time_where_no_campaign_says_how_long(config: Path) -> None:
    done = run(config, "erase", "--expired")

    assert (0, "0 viewers past their time; nothing to do\n") == (done.returncode, done.stdout)


async def test_the_vaults_key_is_rotated(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "var" / "secrets" / "vault.key"
    old = file.read_text().strip()
    new = f"2:{'2' * 64}"
    file.write_text(f"{new}\n{old}\n")

    first = await asyncio.to_thread(run, config, "rotate")
    second = await asyncio.to_thread(run, config, "rotate")
    file.write_text(f"{new}\n")

    assert first.stdout.startswith("3 viewers: 3 are under key 2 now\nrun it once more")
    assert second.stdout.startswith(
        "3 viewers: 0 are under key 2 now\nall are under key 2: older keys may be taken out"
    )
    assert "Anna" == await _viewer(config, "anna")
    with pytest.raises(Unavailable):
        await _opened_with(load_settings(config, {}), old)


async def _opened_with(settings: Settings, keys: str) -> None:
    changed = Settings(state=settings.state, vault=VaultSettings(keys=keys))
    async with open_register(changed):
        pass
