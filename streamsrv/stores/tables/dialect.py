"""How a CSV file is written: its encoding, its line ends and its delimiter, learnt from its first bytes."""

import codecs
import csv
import io
import re
from dataclasses import dataclass

from streamsrv.core.errors import invalid

DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 20
_SAMPLE_CHARS = 64 * 1024
_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[ \t]*(\r\n|\r|\n)', re.IGNORECASE)
"""What Excel reads as the delimiter and does not show."""
_QUOTED = re.compile(r'"[^"]*"')
_OTHER_FORMATS = {b"PK\x03\x04": "a spreadsheet or archive", b"\xd0\xcf\x11\xe0": "a spreadsheet", b"\x1f\x8b": "gzip"}


@dataclass(frozen=True, slots=True)
class Dialect:
    codec: str
    start_bytes: int
    """Where the header begins."""
    terminator: str
    delimiter: str


def read_dialect(head: bytes, where: str) -> Dialect:
    """The dialect of a file that begins with `head`; raises `Invalid` when it is no text."""
    codec, start_bytes = _encoding(head, where)
    text = head[start_bytes:].decode(codec, "replace")
    if stated := _SEPARATOR_LINE.match(text):
        start_bytes += len(stated.group().encode(codec))
        text = text[stated.end() :]
    bare = _QUOTED.sub("", text)
    terminator = "\r" if "\r" in bare and "\n" not in bare else "\n"
    return Dialect(codec, start_bytes, terminator, stated.group(1) if stated else _delimiter(text))


def _encoding(head: bytes, where: str) -> tuple[str, int]:
    for magic, name in _OTHER_FORMATS.items():
        if head.startswith(magic):
            raise invalid(where, f"is {name}", "text: CSV (from Excel: save as CSV UTF-8), NDJSON or Parquet")
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise invalid(where, "is UTF-32", "UTF-8, UTF-16 with its byte order mark, or Windows-1252")
    for bom, codec in _BOMS.items():
        if head.startswith(bom):
            return codec, len(bom)
    if b"\0" in head[:4]:
        raise invalid(where, "begins with NUL bytes", "UTF-8, UTF-16 with its byte order mark, or Windows-1252")
    return _eight_bits(head), 0


def _eight_bits(head: bytes) -> str:
    """UTF-8 or Windows-1252.

    Text of the one is hardly ever valid in the other, so lines vote: one broken row must not turn all names of a
    UTF-8 file into others.
    """
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        votes = 0
        for line in head.splitlines()[:-1] or [head]:
            if not line.isascii():
                votes += 1 if _is_utf8(line) else -1
        return "utf-8" if votes > 0 else "cp1252"
    return "utf-8"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(text: str) -> str:
    """The one under which most rows have as many cells as the header; the header must have two at least."""
    best = (0.0, 0)
    found = ","
    for delimiter in DELIMITERS:
        counts = _counts(text[:_SAMPLE_CHARS], delimiter)
        if counts and counts[0] > 1:
            score = (counts.count(counts[0]) / len(counts), counts[0])
            if score > best:
                best, found = score, delimiter
    return found


def _counts(text: str, delimiter: str) -> list[int]:
    """How many cells the first rows have."""
    counts: list[int] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True):
            if row:
                counts.append(len(row))
            if len(counts) == _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    return counts
