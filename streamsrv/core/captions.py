"""Captions: WebVTT and SubRip files in, one WebVTT text on a viewer's own clock out. Pure text.

WebVTT is read as W3C WebVTT 1 section 4 describes it, leniently where authors' tools differ (hours left out,
commas for the decimal point, missing blank line after the header).
"""

import re
from collections.abc import Iterable

from streamsrv.core.errors import Invalid, Problem, invalid
from streamsrv.core.model import Cue

MAX_CUES = 20_000
MAX_CUE_CHARACTERS = 2_000

_STAMP = r"(?:(\d{1,4}):)?([0-5]\d):([0-5]\d)[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_STAMP}\s*-->\s*{_STAMP}(?:[ \t]+(.*?))?\s*$")
_SETTING = re.compile(r"(?:vertical|line|position|size|align|region):[\w.%,+-]+$")
_SRT_MARKUP = re.compile(r"\{\\[^}]*\}|</?font[^>]*>", re.IGNORECASE)
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def parse_captions(text: str, *, where: str) -> tuple[Cue, ...]:
    """The cues of a WebVTT or SubRip text, in order of their start.

    Raises `Invalid` with every broken block, each as `where:line`.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    webvtt = text.startswith("WEBVTT")
    problems: list[Problem] = []
    cues: list[Cue] = []
    for line_number, block in _blocks(text):
        if block[0].split(" ", 1)[0] in {"WEBVTT", "NOTE", "STYLE", "REGION"} and "-->" not in block[0]:
            continue
        try:
            cues.append(_parse_block(block, webvtt=webvtt))
        except ValueError as error:
            problems.append(Problem(f"{where}:{line_number}", str(error)))
    if problems:
        raise Invalid(problems)
    if not cues:
        raise invalid(where, "has no captions", "a WebVTT or SubRip (.srt) file with at least one cue")
    if len(cues) > MAX_CUES:
        raise invalid(where, f"has {len(cues)} cues", f"at most {MAX_CUES}")
    return tuple(sorted(cues, key=lambda cue: (cue.start_ms, cue.end_ms)))


def format_captions(cues: Iterable[tuple[int, Cue]]) -> str:
    """One WebVTT text from (offset in ms, cue) pairs; the cue's own clock is moved by the offset.

    Carries X-TIMESTAMP-MAP with the zero of the media clock (RFC 8216bis 3.1.4, Apple 5.2-5.7).
    """
    parts = ["WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n"]
    for number, (offset_ms, cue) in enumerate(cues, start=1):
        settings = f" {cue.settings}" if cue.settings else ""
        start, end = format_stamp(offset_ms + cue.start_ms), format_stamp(offset_ms + cue.end_ms)
        parts.append(f"{number}\n{start} --> {end}{settings}\n{cue.text}\n")
    return "\n".join(parts)


def format_stamp(ms: int) -> str:
    """`ms` as a WebVTT timestamp, hours always written."""
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"


def _blocks(text: str) -> Iterable[tuple[int, list[str]]]:
    block: list[str] = []
    start = 1
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            if block and "-->" in line and block[0].startswith("WEBVTT"):
                block = []
            if not block:
                start = number
            block.append(line)
        elif block:
            yield start, block
            block = []
    if block:
        yield start, block


def _parse_block(block: list[str], *, webvtt: bool) -> Cue:
    at = 0 if "-->" in block[0] else 1
    match = _TIMING.match(block[at]) if at < len(block) else None
    if match is None:
        raise ValueError(
            f"{_quoted(block[min(at, len(block) - 1)])} is not a cue timing; expected 00:00:01.000 --> 00:00:02.500"
        )
    start_ms, end_ms = _milliseconds(*match.groups()[:4]), _milliseconds(*match.groups()[4:8])
    if end_ms <= start_ms:
        raise ValueError(f"the cue ends at {format_stamp(end_ms)}, expected an end after its start")
    text = "\n".join(line for line in block[at + 1 :])
    if len(text) > MAX_CUE_CHARACTERS:
        raise ValueError(f"the cue has {len(text)} characters, expected at most {MAX_CUE_CHARACTERS}")
    if not webvtt:
        text = _SRT_MARKUP.sub("", text)
    # "-->" may not stand in cue text (WebVTT 4.1), and text controls could hide or reorder words (B14, B18).
    text = _UNSAFE.sub("", text).replace("-->", "->")
    settings = " ".join(word for word in (match.group(9) or "").split() if webvtt and _SETTING.match(word))
    return Cue(start_ms=start_ms, end_ms=end_ms, text=text, settings=settings)


def _milliseconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0"))


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
