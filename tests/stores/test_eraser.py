"""What was erased while serving leaves the servers' files, too, and once is enough for many (B11)."""

from pathlib import Path

from streamsrv.config import StateSettings
from streamsrv.core.model import ViewerId
from streamsrv.stores.campaigns import Against, load_campaigns
from streamsrv.stores.eraser import RedisEraser, finish_erasures
from streamsrv.stores.erasure import ErasureList
from streamsrv.stores.writing import ViewerWriter
from tests.stores.viewers import RENEWAL, Row, open_book

ROOT = Path(__file__).resolve().parents[2]
ANA = ViewerId("ana")


async def test_after_an_erasure_the_files_are_written_anew_once(tmp_path: Path) -> None:
    campaign = load_campaigns(ROOT / "config" / "campaigns", Against())[RENEWAL]
    settings = StateSettings(dir=tmp_path / "state")
    async with open_book(tmp_path / "state") as book:
        await ViewerWriter(book.state, book.vault, book.identity, RENEWAL).put(
            [Row(ANA, {"first_name": "Ana"})], at_s=1
        )
        link_id = book.identity.link_id(RENEWAL, ANA)
        (record,) = await book.state.many_get([f"v:{{{book.link(ANA)}}}"])
        eraser = RedisEraser(book.state, book.identity, ErasureList(tmp_path / "erasures.ndjson"))
        before = await eraser.trace(link_id)
        erased = await eraser.erase(campaign, [ANA], now_s=1_900_000_000)
        assert record is not None
        files = tmp_path / "state" / "appendonlydir"
        assert any(record in path.read_bytes() for path in files.iterdir())
        finished = [await finish_erasures(book.state, settings) for _ in range(2)]

        assert (before, erased, finished) == ((None, True), 1, [True, False])
        assert await eraser.trace(link_id) == (1_900_000_000, False)
        assert not any(record in path.read_bytes() for path in files.iterdir())
