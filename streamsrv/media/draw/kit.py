"""The brand kit's files. Draws nothing, and loads nothing that could: servers import this."""

import hashlib
from contextlib import suppress
from pathlib import Path

from streamsrv.core.brand import PLAIN, Kit, parse_kit
from streamsrv.core.errors import invalid


def kit_digest(path: Path) -> str:
    """What stands for a kit with its pictures in the names of what is drawn with them; raises `Invalid`."""
    digest = hashlib.sha256(load_kit(path).digest.encode())
    for picture in picture_files(path):
        with suppress(OSError):
            digest.update(picture.name.encode() + b"\0" + hashlib.sha256(picture.read_bytes()).digest())
    return digest.hexdigest()[:16]


def picture_files(kit: Path) -> list[Path]:
    """What lies in the folder of the brand's pictures, which is beside the kit and called like it; by name."""
    folder = kit.with_suffix("")
    return sorted(folder.iterdir()) if folder.is_dir() else []


def load_kit(path: Path) -> Kit:
    """The brand kit of a file, or the plain one where there is none; raises `Invalid`."""
    try:
        return parse_kit(path.read_text(encoding="utf-8"), where=str(path))
    except FileNotFoundError:
        return PLAIN
    except (OSError, UnicodeDecodeError) as error:
        raise invalid(str(path), "cannot be read as text", "a brand kit in TOML") from error
