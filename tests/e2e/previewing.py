"""`streamsrv preview` in its own process."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Preview:
    """A running preview, and the file that it shows."""

    url: str
    file: Path

    def page(self, viewer: str) -> str:
        return f"{self.url}show/viewer={viewer}"


@contextmanager
def previewing(folder: Path, campaign: Path, viewers: Path, segments: Path, ladder: Path) -> Iterator[str]:
    """Preview until the block ends, in `folder`; the base URL. Ends with Ctrl-C, and must end well."""
    process = subprocess.Popen(
        [sys.executable, "-m", "streamsrv", "preview", "--port=0", f"--campaign={campaign}", f"--viewers={viewers}"],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHONUNBUFFERED": "1",
            "STREAMSRV_STORAGE_SEGMENTS": str(segments),
            "STREAMSRV_STORAGE_LADDER": str(ladder),
            "STREAMSRV_RENDERING_KIT": str(Path(__file__).parents[2] / "config" / "brand.toml"),
        },
    )
    assert process.stdout is not None
    try:
        found = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
        assert found
        yield found[0]
        process.send_signal(signal.SIGINT)
        assert 0 == process.wait(timeout=30)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
