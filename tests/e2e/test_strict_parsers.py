"""Other people's parsers read every playlist of every viewer."""

import m3u8
import pytest

from tests.browser.node import refused_by_hls_parser
from tests.e2e.conftest import CUTS
from tests.e2e.server import Server
from tests.hls.asset import Asset


def texts(asset: Asset) -> dict[str, str]:
    return {"multivariant.m3u8": asset.multivariant.text} | {
        uri: playlist.text for uri, playlist in asset.playlists.items()
    }


@pytest.mark.parametrize("viewer", tuple(CUTS))
def test_hls_parser_in_strict_mode_accepts_every_playlist(server: Server, viewer: str) -> None:
    assert {} == refused_by_hls_parser(texts(server.asset(viewer, "numbers")))


def test_hls_parser_refuses_a_broken_one() -> None:
    assert "broken" in refused_by_hls_parser({"broken": "#EXTM3U\n#EXTINF:5,\na.ts\n"})


@pytest.mark.parametrize("viewer", tuple(CUTS))
def test_the_m3u8_package_accepts_every_playlist(server: Server, viewer: str) -> None:
    asset = server.asset(viewer, "numbers")
    for uri, text in texts(asset).items():
        read = m3u8.loads(text)
        assert (uri == "multivariant.m3u8") == read.is_variant
        if not read.is_variant:
            assert len(asset.playlists[uri].entries) == len(read.segments)
