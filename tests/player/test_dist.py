"""The built files are whole, small enough for a phone, and name no package index."""

import gzip
import hashlib
import json
from pathlib import Path

PLAYER = Path(__file__).parents[2] / "streamsrv" / "player"
DIST = PLAYER / "dist"


def test_the_manifest_describes_exactly_the_built_files() -> None:
    expected = {
        path.name: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size)
        for path in DIST.iterdir()
        if path.name != "manifest.json"
    }

    manifest = json.loads((DIST / "manifest.json").read_text())

    assert {name: (entry["sha256"], entry["bytes"]) for name, entry in manifest.items()} == expected


def compressed_bytes(name: str) -> int:
    return len(gzip.compress((DIST / name).read_bytes(), 9, mtime=0))


def test_all_scripts_are_under_260_kilobytes_compressed() -> None:
    assert sum(compressed_bytes(name) for name in ("player.js", "playback.js", "controls.js")) < 260_000


def test_the_script_that_asks_for_the_session_brings_no_player() -> None:
    assert compressed_bytes("player.js") < 12_000


def test_the_previews_script_brings_no_second_player() -> None:
    assert (DIST / "preview.js").stat().st_size < 5_000


def test_the_licences_of_both_bundled_libraries_are_shipped() -> None:
    licences = (DIST / "LICENSES.txt").read_text()

    assert [name for name in ("hls.js 1.", "media-chrome 4.") if f"{name}" not in licences] == []


def test_the_lock_file_pins_by_hash_and_names_no_host() -> None:
    packages = json.loads((PLAYER / "package-lock.json").read_text())["packages"]
    locked = {path: entry for path, entry in packages.items() if path}

    assert [path for path, entry in locked.items() if "resolved" in entry or "integrity" not in entry] == []
