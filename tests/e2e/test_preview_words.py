"""What a preview draws: pictures for e-mails with each viewer's words, as viewers get them."""

import re
import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.e2e.previewing import Preview, previewing
from tests.e2e.server import Answer, fetch

LARGEST_BYTES = 500_000


@pytest.fixture(scope="module")
def preview(greet_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    folder = tmp_path_factory.mktemp("preview")
    file = folder / "greet.yaml"
    file.write_text((greet_store / "campaigns" / "greet.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    store = greet_store / "segments", greet_store / "ladder.toml"
    with previewing(folder, file, greet_store / "viewers.ndjson", *store) as url:
        yield Preview(url, file)
    assert ["greet.yaml"] == [path.name for path in folder.iterdir()]


def picture(preview: Preview, viewer: str, name: str) -> Answer:
    """The picture that a viewer's page leads to."""
    page = fetch(preview.page(viewer)).body.decode()
    found = re.search(r'href="(/v/[^"]+)">[^<]*' + re.escape(name), page)
    assert found
    return fetch(preview.url.rstrip("/") + found[1])


def pictures_in(data: bytes) -> list[NDArray[np.int16]]:
    """The pictures of a JPEG file, or of a moving WebP file, in grey."""
    files = [data] if data[:2] == b"\xff\xd8" else _stills(data)
    return [frame.to_ndarray(format="gray").astype(np.int16) for one in files for frame in _decoded(one)]


def _decoded(data: bytes) -> Iterator[av.VideoFrame]:
    with av.open(BytesIO(data), "r") as container:
        yield from container.decode(video=0)


def _stills(webp: bytes) -> list[bytes]:
    """Each picture of an animation as a WebP file: what stands behind the 16 bytes of an ANMF chunk's own."""
    assert (b"RIFF", b"WEBP", len(webp) - 8) == (webp[:4], webp[8:12], struct.unpack("<I", webp[4:8])[0])
    found, at = [], 12
    while at < len(webp):
        size = struct.unpack("<I", webp[at + 4 : at + 8])[0]
        if webp[at : at + 4] == b"ANMF":
            picture = webp[at + 24 : at + 8 + size]
            found.append(b"RIFF" + struct.pack("<I", len(picture) + 4) + b"WEBP" + picture)
        at += 8 + size + size % 2
    return found


@pytest.mark.parametrize(
    ("name", "content_type", "moves"), [("still", "image/jpeg", False), ("moving", "image/webp", True)]
)
def test_pictures_for_e_mails_show_each_viewer_s_own_words(
    preview: Preview, name: str, content_type: str, moves: bool
) -> None:
    answers = {viewer: picture(preview, viewer, name) for viewer in ("ana", "another-ana", "zoe")}
    found = {viewer: pictures_in(answer.body) for viewer, answer in answers.items()}
    ana, other, zoe = (found[viewer][0] for viewer in ("ana", "another-ana", "zoe"))

    assert {(200, content_type)} == {(answer.status, answer.headers["Content-Type"]) for answer in answers.values()}
    assert {moves} == {len(pictures) > 1 for pictures in found.values()}
    assert all(len(answer.body) < LARGEST_BYTES for answer in answers.values())
    assert [(360, 640)] * 3 == [one.shape for one in (ana, other, zoe)]
    assert np.array_equal(ana, other)
    # Other words in their box, and the same picture above and below.
    differs = np.abs(ana - zoe) > 60
    assert differs[158:202].any()
    assert not differs[:140].any()
    assert not differs[220:].any()
