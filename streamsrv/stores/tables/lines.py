"""Lines of a text file with the byte offset after each, in constant memory.

Bytes are split before they are decoded, so that an offset is exact and an undecodable line harms no other.
"""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from streamsrv.core.errors import Problem

MAX_LINE_CHARS = 128 * 1024
_MAX_LINE_BYTES = 4 * MAX_LINE_CHARS
_BLOCK_BYTES = 256 * 1024
_NAMES = {"utf-8": "UTF-8", "cp1252": "Windows-1252", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
TOO_LONG = Problem("row", "is too long", f"at most {MAX_LINE_CHARS} characters")


class Line(NamedTuple):
    text: str
    """Without its line feed."""
    end_bytes: int
    fault: Problem | None
    """Why the text cannot be trusted."""


def read_lines(file: BinaryIO, codec: str, terminator: str, start_bytes: int) -> Iterator[Line]:
    """The lines of `file` from an offset that is a line's beginning."""
    ending = terminator.encode(codec)
    undecodable = Problem("row", f"has bytes that are not {_NAMES[codec]}", f"{_NAMES[codec]}, as the rest of the file")
    end_bytes = start_bytes
    rest = b""
    overlong = False
    file.seek(start_bytes)
    while block := file.read(_BLOCK_BYTES):
        pieces = _split(rest + block, ending)
        rest = pieces.pop()
        for piece in pieces:
            end_bytes += len(piece) + len(ending)
            if overlong or len(piece) > _MAX_LINE_BYTES:
                yield Line("", end_bytes, TOO_LONG)
                overlong = False
                continue
            try:
                yield Line(piece.decode(codec), end_bytes, None)
            except UnicodeDecodeError:
                yield Line(piece.decode(codec, "replace"), end_bytes, undecodable)
        if len(rest) > _MAX_LINE_BYTES:
            # What is passed over is whole code units, so that the line's end is still found.
            passed = len(rest) - len(rest) % len(ending)
            end_bytes += passed
            rest = rest[passed:]
            overlong = True
    if overlong:
        yield Line("", end_bytes + len(rest), TOO_LONG)
    elif rest:
        try:
            yield Line(rest.decode(codec), end_bytes + len(rest), None)
        except UnicodeDecodeError:
            yield Line(rest.decode(codec, "replace"), end_bytes + len(rest), undecodable)


def _split(block: bytes, ending: bytes) -> list[bytes]:
    pieces = block.split(ending)
    if len(ending) == 1:
        return pieces
    # In UTF-16 the ending also turns up between two halves of other characters: such pieces belong together.
    whole: list[bytes] = []
    open_piece: list[bytes] = []
    odd = False
    for piece in pieces:
        open_piece.append(piece)
        odd ^= len(piece) % 2 == 1
        if not odd:
            whole.append(ending.join(open_piece))
            open_piece = []
    if open_piece:
        whole.append(ending.join(open_piece))
    return whole
