"""How fast links are written for every viewer of a campaign: `python -m load.links [VIEWERS…]`.

Once for a campaign without chance, once for one with an experiment and a holdout, where each viewer's arms are
recorded before their link is written, and once more when they are recorded already.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from load.importing import server_cpu_s, watch
from load.measure import ROOT
from load.viewers import write_export
from streamsrv.config import Settings, StateSettings
from streamsrv.stores.register import open_register
from streamsrv.stores.state import State

VIEWERS = (100_000, 1_000_000)
CHANCE = """
holdout: {share: 0.1}
"""


async def measure(count: int, folder: Path) -> None:
    """Import viewers, write their links in each way, and print a line for each."""
    write_export(folder / "export.csv", folder / "expected.csv", count)
    campaigns = folder / "campaigns"
    config = _settings(folder, campaigns)
    async with open_register(Settings(state=StateSettings(dir=folder / "var" / "state"))) as register:
        await asyncio.to_thread(
            watch, _command("import", folder / "export.csv", "--campaign", "renewal", "--config", config)
        )
        await _round("no experiment, no holdout", register.state, config, folder)
        text = (ROOT / "config" / "campaigns" / "renewal.yaml").read_text()
        (campaigns / "renewal.yaml").write_text(text + CHANCE)
        await _round("holdout, to be recorded", register.state, config, folder)
        await _round("holdout, recorded before", register.state, config, folder)


async def _round(name: str, state: State, config: Path, folder: Path) -> None:
    out = folder / "links.csv"
    before_s = await server_cpu_s(state)
    started_s = time.monotonic()
    command = _command("links", "--campaign", "renewal", "--out", out, "--config", config)
    used = await asyncio.to_thread(watch, command)
    taken_s = time.monotonic() - started_s
    server_s = await server_cpu_s(state) - before_s
    with out.open() as file:
        count = sum(1 for _ in file) - 1
    split = f"command {1e6 * used.cpu_s['reader'] / count:.0f}, server {1e6 * server_s / count:.0f}"
    peak_mib = used.peak_bytes["reader"] / 2**20
    print(
        f"{count:>9,} links, {name}: {count / taken_s:,.0f} a second; "
        f"CPU µs a link: {split}; peak RSS {peak_mib:.0f} MiB"
    )


def _settings(folder: Path, campaigns: Path) -> Path:
    campaigns.mkdir()
    (campaigns / "renewal.yaml").write_text((ROOT / "config" / "campaigns" / "renewal.yaml").read_text())
    config = folder / "server.toml"
    config.write_text(f'[storage]\ncampaigns = "{campaigns}"\n[state]\ndir = "{folder / "var" / "state"}"\n')
    return config


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "streamsrv", *map(str, arguments)]


def main() -> None:
    for count in [int(argument) for argument in sys.argv[1:]] or VIEWERS:
        with tempfile.TemporaryDirectory(prefix="links-") as folder:
            asyncio.run(measure(count, Path(folder)))


if __name__ == "__main__":
    main()
