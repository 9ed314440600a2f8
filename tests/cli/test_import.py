"""`streamsrv import` as a team runs it: what it says, and that no way of stopping it loses or doubles anything."""

import asyncio
import os
import signal
import subprocess
from pathlib import Path

import pytest

from load.viewers import write_export
from streamsrv.config import load_settings
from streamsrv.core.model import ViewerId
from streamsrv.stores.imports.progress import load_progress
from streamsrv.stores.register import open_register
from streamsrv.stores.state import State, names
from streamsrv.stores.viewers import RedisViewerStore
from tests.cli.imports import installation, run, start
from tests.stores.viewers import RENEWAL

ROWS = 60_000


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return installation(tmp_path)


def _files(folder: Path, count: int = ROWS) -> tuple[Path, Path, int]:
    path, expected = folder / "export.csv", folder / "expected.csv"
    return path, expected, write_export(path, expected, count)


async def _count(state: State) -> int:
    return len({key async for key in state.scan("v:*")})


async def _further(state: State, before: int = 0) -> int:
    """Until the import has said in the store that it is further than row `before`; where it is."""
    for _ in range(2_000):
        keys = [key.decode() async for key in state.scan(names.import_progress("*"))]
        progress = await load_progress(state, keys[0].partition(":")[2]) if keys else None
        if progress is not None and progress.position.number > before:
            return progress.position.number
        await asyncio.sleep(0.02)
    raise AssertionError("the import does not get on")


async def test_killed_again_and_again_it_loses_and_doubles_nothing(config: Path, tmp_path: Path) -> None:
    path, expected, bad = _files(tmp_path)
    async with open_register(load_settings(config, {})) as register:
        reached = 0
        for _ in range(2):
            process = start(config, "import", path, "--campaign", "renewal", "--workers", "2")
            reached = await _further(register.state, reached)
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()

        done = await asyncio.to_thread(run, config, "import", path, "--campaign", "renewal", "--workers", "2")

        assert 0 == done.returncode, done.stderr
        assert f"{ROWS:,} rows: {ROWS - bad:,} imported, {bad:,} rejected" in done.stdout
        assert f"went on after row {reached:,}" in done.stdout
        assert expected.read_bytes() == Path(f"{path}.rejects.csv").read_bytes()
        assert ROWS - bad == await _count(register.state)
        assert [] == [key async for key in register.state.scan("i:*")]


async def test_ctrl_c_stops_it_cleanly_and_says_how_to_go_on(config: Path, tmp_path: Path) -> None:
    path, expected, bad = _files(tmp_path)
    async with open_register(load_settings(config, {})) as register:
        process = start(config, "import", path, "--campaign", "renewal", "--workers", "2")
        await _further(register.state)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = await asyncio.to_thread(process.communicate)

        assert 130 == process.returncode, errors
        expected_end = (
            f"interrupted; to go on: streamsrv import {path} --campaign renewal --workers 2 --config {config}\n"
        )
        assert errors.endswith(expected_end)
        assert "Traceback" not in errors
        done = await asyncio.to_thread(run, config, "import", path, "--campaign", "renewal", "--workers", "2")
        assert f"{ROWS:,} rows: {ROWS - bad:,} imported, {bad:,} rejected" in done.stdout
        assert expected.read_bytes() == Path(f"{path}.rejects.csv").read_bytes()
        assert ROWS - bad == await _count(register.state)


async def test_the_store_may_die_meanwhile(config: Path, tmp_path: Path) -> None:
    path, expected, bad = _files(tmp_path)
    async with open_register(load_settings(config, {})) as register:
        process = start(config, "import", path, "--campaign", "renewal", "--workers", "2")
        await _further(register.state)
        info = await register.state.client.info("server")
        os.kill(info["process_id"], signal.SIGKILL)
        output, errors = await asyncio.to_thread(process.communicate)

        assert 0 == process.returncode, errors
        assert f"{ROWS:,} rows: {ROWS - bad:,} imported, {bad:,} rejected" in output
        assert expected.read_bytes() == Path(f"{path}.rejects.csv").read_bytes()
        assert ROWS - bad == await _count(register.state)


def test_it_says_what_each_column_is_and_what_was_rejected(config: Path, tmp_path: Path) -> None:
    path, _, _ = _files(tmp_path, 1_000)

    done = run(config, "import", path, "--campaign", "renewal", "--rejects", tmp_path / "bad.csv")

    said = """\
"Customer ID" is the viewer's id
"First Name" is first_name
"Product" is product
"Premium" is premium
"Renewal on" is renewal_on
"Tenure years" is tenure_years
"Claims 1 on" is claims[0].on
"Claims 1 amount" is claims[0].amount
"Claims 2 on" is claims[1].on
"Claims 2 amount" is claims[1].amount
"Segment" is ignored
"Comment" is ignored
no column is language
1,000 rows: 990 imported, 10 rejected
  first_name: 2 rows
  premium: 2 rows
  renewal_on: 2 rows
  product: 1 row
  row: 1 row
  tenure_years: 1 row
  viewer: 1 row
"""
    assert (0, "", f"{said}rejected rows are listed in {tmp_path / 'bad.csv'}\n") == (
        done.returncode,
        done.stderr,
        done.stdout,
    )


CSV = "ID;Vorname;product;premium;renewal_on\n7;Jürgen;home;812,40;31.03.2026\n"
NDJSON = '{"viewer": "7", "first_name": "Jürgen", "product": "home", "premium": "812.40", "renewal_on": "2026-03-31"}\n'


@pytest.mark.parametrize(
    ("rows", "said", "what"),
    [
        (
            "7;Jürgen;home;a lot;2026-03-31\n8;Ana;home;812.40;soon\n",
            "2 rows: 0 imported, 2 rejected\n  premium: 1 row\n  renewal_on: 1 row\n",
            "no row was good: nobody was imported",
        ),
        ("", "0 rows: 0 imported, 0 rejected\n", "has no rows: nobody was imported"),
    ],
    ids=["all bad", "empty"],
)
def test_an_import_that_brought_nobody_in_fails(config: Path, tmp_path: Path, rows: str, said: str, what: str) -> None:
    path = _written(tmp_path / "export.csv", ("ID;first_name;product;premium;renewal_on\n" + rows).encode())

    done = run(config, "import", path, "--campaign", "renewal")

    assert (1, True) == (done.returncode, said in done.stdout)
    assert f"streamsrv: {path}: {what}; expected at least one row that fits the campaign's schema\n" == done.stderr
    assert bool(rows) == (f"rejected rows are listed in {path}.rejects.csv" in done.stdout)


def _parquet(path: Path) -> Path:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    columns = {"viewer": ["7"], "first_name": ["Jürgen"], "product": ["home"], "premium": ["812.40"]}
    parquet.write_table(arrow.table({**columns, "renewal_on": ["2026-03-31"]}), path)
    return path


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("form", ["cp1252", "utf-8-sig", "utf-16", "ndjson", "parquet"])
async def test_every_form_of_file_gives_the_same_viewer(config: Path, tmp_path: Path, form: str) -> None:
    options: tuple[str, ...] = ()
    if form == "parquet":
        path = _parquet(tmp_path / "export.parquet")
    elif form == "ndjson":
        path = _written(tmp_path / "export.ndjson", NDJSON.encode())
    else:
        path = _written(tmp_path / "export.csv", CSV.encode(form))
        options = ("--map", "first_name=Vorname", "--decimal", ",", "--date-format", "%d.%m.%Y")

    done = await asyncio.to_thread(run, config, "import", path, "--campaign", "renewal", *options)

    assert 0 == done.returncode, done.stderr
    async with open_register(load_settings(config, {})) as register:
        found = await RedisViewerStore(*register).viewer_by_id(RENEWAL, ViewerId("7"))
    expected = {"first_name": "Jürgen", "product": "home", "premium": "812.40", "renewal_on": "2026-03-31"}
    assert expected == found.attributes


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere.csv", "--campaign", "renewal"), "nowhere.csv: cannot be read: No such file or directory"),
        (("export.csv", "--campaign", "nothing"), '--campaign: there is no campaign "nothing"; expected renewal'),
        (("export.csv", "--campaign", "renewal", "--map", "x"), "--map x: does not say which column an attribute is"),
        (
            ("export.csv", "--campaign", "renewal", "--map", "name=First Name"),
            '--map name=First Name: "name" is not an attribute of this campaign',
        ),
        (("export.csv", "--campaign", "renewal", "--decimal", ";"), "--decimal: is not a decimal mark"),
    ],
)
def test_a_mistake_is_one_clear_line(config: Path, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    _files(tmp_path, 10)

    done = run(config, "import", *arguments)

    assert (1, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))
    assert message in done.stderr


def test_with_a_server_elsewhere_the_vault_needs_a_key(config: Path, tmp_path: Path) -> None:
    _files(tmp_path, 10)

    done: subprocess.CompletedProcess[str] = run(
        config, "import", "export.csv", "--campaign", "renewal", STREAMSRV_STATE_REDIS_URL="redis://127.0.0.1:1"
    )

    assert (1, True) == (done.returncode, "streamsrv: vault: no secret; expected STREAMSRV_VAULT_KEYS" in done.stderr)


def test_a_server_elsewhere_that_is_away_is_named_without_its_password(config: Path, tmp_path: Path) -> None:
    _files(tmp_path, 10)
    environ = {
        "STREAMSRV_STATE_REDIS_URL": "redis://team:a-password@127.0.0.1:1",
        "STREAMSRV_VAULT_KEYS": f"1:{'1' * 64}",
    }

    done = run(config, "import", "export.csv", "--campaign", "renewal", **environ)

    said = "streamsrv: the state store at redis://127.0.0.1:1 is unavailable, retry in 1 s"
    assert (1, said) == (done.returncode, done.stderr.splitlines()[-1])
    assert "a-password" not in done.stdout + done.stderr
