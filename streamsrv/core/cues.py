"""Where a viewer's own words stand among a scene's captions, and in the transcript of their video. Pure text.

A cue may name an overlay slot of its scene, as `{greeting}`: there stand the words that are shown in it. Words that no
cue names have a cue of their own while they are shown, so that all that is told is in the captions.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from unicodedata import bidirectional

from streamsrv.core.grid import Grid
from streamsrv.core.languages import is_right_to_left
from streamsrv.core.model import Cue, Decision, Overlay, OverlaySlot, Scene

_NAMED = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}", re.ASCII)
_TAG = re.compile(r"<[^<>]*>")
_SPOKEN_KINDS = ("text", "number", "money", "date")
"""What is words: charts, pictures and codes have no cue of their own, and charts and codes stand in the transcript."""

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_MARKUP = re.compile(r"<[^<>]*>|&[A-Za-z0-9#]+;")
_STRONG = {"L": "L", "R": "R", "AL": "R"}
_LRM, _RLM = "\u200e", "\u200f"


def names_in(text: str) -> tuple[str, ...]:
    """The overlay slots that a cue's text names, or would name if the scene had them."""
    return tuple(dict.fromkeys(_NAMED.findall(text)))


def shown_words(scene: Scene, decision: Decision | None, defaults: Mapping[str, str]) -> dict[str, str]:
    """What stands in each overlay slot of a scene, as one line; `defaults` where nothing was decided for it."""
    decided = {} if decision is None else {overlay.name: overlay for overlay in decision.overlays}
    return {
        name: _line(decided[name], slot) if name in decided else defaults.get(name, "")
        for name, slot in scene.overlays.items()
    }


def told_cues(
    scene: Scene, cues: Sequence[Cue], words: Mapping[str, str], grid: Grid, *, spoken: str, told_in: str | None
) -> tuple[Cue, ...]:
    """The scene's cues with a viewer's `words` in their places, then the words that have none, in order of time.

    Cues run in the direction of `spoken`, words by themselves in that of `told_in`; None leaves these out.
    """
    named = {name for cue in cues for name in names_in(cue.text)}
    found = list(directed((told for cue in cues if (told := _filled(cue, words)) is not None), spoken))
    if told_in is not None:
        found += directed(_own_cues(scene.overlays, named, words, grid), told_in)
    return tuple(sorted(found, key=lambda cue: (cue.start_ms, cue.end_ms)))


def transcript_lines(scene: Scene, cues: Sequence[Cue], words: Mapping[str, str]) -> Iterator[str]:
    """What is said and shown in a scene, line by line, as plain text; what no cue says stands in brackets."""
    named = {name for cue in cues for name in names_in(cue.text)}
    filled = ((cue.start_ms, _filled(cue, words)) for cue in cues)
    for _, cue in sorted(((start_ms, cue) for start_ms, cue in filled if cue is not None), key=lambda one: one[0]):
        yield unescape(_TAG.sub("", cue.text)).replace("\n", " ")
    for name, slot in as_read(scene.overlays):
        if name not in named and slot.kind != "image" and words.get(name):
            yield f"[{words[name]}]"


def _line(overlay: Overlay, slot: OverlaySlot) -> str:
    if slot.kind == "chart":
        return "; ".join(
            f"{mark.label}: {mark.text}" if mark.label and mark.text else mark.label or mark.text
            for mark in overlay.marks
        )
    return overlay.text


def _filled(cue: Cue, words: Mapping[str, str]) -> Cue | None:
    """None when nothing is left of it. A name that is no slot's stays as it is written."""
    if not _NAMED.search(cue.text):
        return cue
    text = _NAMED.sub(lambda found: escaped(words[found[1]]) if found[1] in words else found[0], cue.text)
    lines = [" ".join(line.split()) for line in text.split("\n")]
    text = "\n".join(line for line in lines if line)
    return Cue(cue.start_ms, cue.end_ms, text, cue.settings) if text else None


def _own_cues(
    overlays: Mapping[str, OverlaySlot], named: Iterable[str], words: Mapping[str, str], grid: Grid
) -> Iterator[Cue]:
    together: dict[tuple[int, int], list[str]] = {}
    for name, slot in as_read(overlays):
        if name not in named and slot.kind in _SPOKEN_KINDS and words.get(name):
            together.setdefault((slot.start_units, slot.end_units), []).append(escaped(words[name]))
    for (start_units, end_units), lines in together.items():
        yield Cue(grid.duration_ms(start_units), grid.duration_ms(end_units), "\n".join(lines))


def as_read(overlays: Mapping[str, OverlaySlot]) -> list[tuple[str, OverlaySlot]]:
    """By when they begin, and on the picture from the top down."""
    return sorted(overlays.items(), key=lambda item: (item[1].start_units, item[1].box[1], item[1].box[0]))


def escaped(words: str) -> str:
    """A viewer's words as WebVTT cue text: no markup, no timing, no second line (B14)."""
    plain = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return " ".join(plain.split())


def directed(cues: Iterable[Cue], language: str) -> Iterator[Cue]:
    """The cues with a mark before each line that players would turn around.

    They lay a line out by its first letter (WebVTT 1: `unicode-bidi: plaintext`): an Arabic sentence that begins with a
    Latin name would run from left to right. A line in one direction only runs in that one, whatever the language.
    """
    for cue in cues:
        if _RIGHT_TO_LEFT.search(cue.text):
            text = "\n".join(_directed(line, language) for line in cue.text.split("\n"))
            yield Cue(cue.start_ms, cue.end_ms, text, cue.settings)
        else:
            yield cue


def _directed(line: str, language: str) -> str:
    wanted, mark = ("R", _RLM) if is_right_to_left(language) else ("L", _LRM)
    runs = [_STRONG[kind] for letter in _MARKUP.sub("", line) if (kind := bidirectional(letter)) in _STRONG]
    return mark + line if wanted in runs and runs[0] != wanted else line
