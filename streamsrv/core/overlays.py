"""What is drawn over a scene for one viewer, and the name under which it is kept. No pixels.

Overlays whose windows overlap in time are drawn together: a group. A plan says everything that decides a group's pixels
but the brand kit; its canonical bytes are the same for equal words, so that viewers who see the same share one render.
"""

import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, get_args

from streamsrv.core.campaign.campaign import MAX_MARKS
from streamsrv.core.campaign.formats import clean_text
from streamsrv.core.model import Align, ChartKind, Decision, Fit, Look, Mark, Motion, OverlayKind, OverlaySlot, Scene

VERSION = 4
"""Raise it with any change to what equal plans would look like."""
MAX_TEXT_CHARS = 500
"""Looked at before anything is shaped (B18); what a template may give at most."""
MAX_LABEL_CHARS = 40
SLIDE = 0.35
"""Of a box's height: how far below its place an overlay that slides in comes from."""
_KEY_BYTES = 20
_DIGITS = re.compile(r"\d(?:[\d.,'’\u00a0\u202f]*\d)?")


class Group(NamedTuple):
    """Overlays of a scene that are drawn together."""

    names: tuple[str, ...]
    start_units: int
    end_units: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """One overlay with what it shows."""

    name: str
    kind: OverlayKind
    box: tuple[float, float, float, float]
    """Left, top, width and height as fractions of the picture."""
    from_frame: int
    """Counted from the scene's start."""
    to_frame: int
    look: Look
    text: str = field(repr=False)
    marks: tuple[Mark, ...] = field(repr=False)
    behind: tuple[float, float] | None = None
    """How dark and how light the picture behind it is: what is put behind words follows from it."""


@dataclass(frozen=True, slots=True)
class DrawPlan:
    """Everything that is drawn in one group, the lowest first."""

    language: str
    items: tuple[Drawn, ...]
    whole: bool = False
    """Whether the whole picture is encoded, also where only some rows would have to be."""

    def canonical(self) -> bytes:
        """The plan as JSON: equal plans are equal bytes. `parse_plan` reads it."""
        document = {
            "version": VERSION,
            "language": self.language,
            "whole": self.whole,
            "items": [
                {
                    "name": item.name,
                    "kind": item.kind,
                    "box": [round(edge, 6) for edge in item.box],
                    "frames": [item.from_frame, item.to_frame],
                    "style": item.look.style,
                    "align": item.look.align,
                    "fit": list(item.look.fit),
                    "motion": item.look.motion,
                    "chart": item.look.chart,
                    "text": item.text,
                    "marks": [list(mark) for mark in item.marks],
                    "behind": None if item.behind is None else [round(edge, 4) for edge in item.behind],
                }
                for item in self.items
            ],
        }
        return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def groups_of(overlays: Mapping[str, OverlaySlot]) -> tuple[Group, ...]:
    """The groups of a scene in the order of time; inside a group, names by start, then end."""
    found: list[Group] = []
    for name, slot in sorted(overlays.items(), key=lambda item: (item[1].start_units, item[1].end_units)):
        if found and slot.start_units < found[-1].end_units:
            last = found[-1]
            found[-1] = Group((*last.names, name), last.start_units, max(last.end_units, slot.end_units))
        else:
            found.append(Group((name,), slot.start_units, slot.end_units))
    return tuple(found)


def plan_group(
    scene: Scene,
    group: Group,
    decision: Decision,
    *,
    language: str,
    unit_frames: int,
    defaults: Mapping[str, str],
    whole: bool = False,
) -> DrawPlan:
    """What a decision draws in one group; `defaults` are the scene's own words for slots it says nothing of.

    Slots that show nothing have no place in the plan: a plan without items draws nothing.
    """
    shown = {overlay.name: overlay for overlay in decision.overlays}
    items = []
    for name in group.names:
        slot, overlay = scene.overlays[name], shown.get(name)
        text = clean_text(overlay.text if overlay else defaults.get(name, ""))[:MAX_TEXT_CHARS]
        marks = _clean_marks(overlay.marks if overlay else ())
        if not (marks if slot.kind == "chart" else text):
            continue
        items.append(
            Drawn(
                name=name,
                kind=slot.kind,
                box=slot.box,
                from_frame=slot.start_units * unit_frames,
                to_frame=slot.end_units * unit_frames,
                look=slot.look,
                text=text,
                marks=marks,
                behind=slot.behind,
            )
        )
    return DrawPlan(language, tuple(items), whole)


def content_key(secret: bytes, *, scene_key: str, kit: str, plan: DrawPlan) -> str:
    """The name of a group's rendered segments, in hex: told by nobody who does not know the tenant's `secret` (B10).

    `kit` stands for the brand kit and the drawing: what else decides the pixels. A rendition and an index complete it.
    """
    named = b"\0".join((b"own", str(VERSION).encode(), scene_key.encode(), kit.encode(), plan.canonical()))
    return hmac.digest(secret, named, "sha256")[:_KEY_BYTES].hex()


def parse_plan(written: bytes) -> DrawPlan:
    """The plan that `DrawPlan.canonical` wrote; raises `ValueError` for anything else."""
    try:
        document = json.loads(written)
        if document["version"] != VERSION:
            raise ValueError("a draw plan of another version")
        items = tuple(_parse_item(item) for item in document["items"])
        return DrawPlan(str(document["language"]), items, bool(document["whole"]))
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not a draw plan") from error


def counted_text(text: str, share: float) -> str:
    """The text with its last number on the way up: `share` of it, from 0 to 1, in the same form.

    Digits are Latin in every locale; separators keep their places counted from the right, so that grouping is the
    locale's own. At 1 it is the text.
    """
    if share >= 1 or not (found := list(_DIGITS.finditer(text))):
        return text
    number = found[-1]
    digits = [letter for letter in number[0] if letter.isdigit()]
    decimals = _decimals(number[0])
    now = str(int(int("".join(digits)) * max(0.0, share))).rjust(decimals + 1, "0")
    written: list[str] = []
    left = list(now)
    for letter in reversed(number[0]):
        if not left:
            break
        written.append(left.pop() if letter.isdigit() else letter)
    return text[: number.start()] + "".join(reversed(written)) + text[number.end() :]


def _decimals(number: str) -> int:
    """How many digits stay whatever the number: those behind a last separator that does not group by three."""
    for at, letter in enumerate(reversed(number)):
        if not letter.isdigit():
            return at if at != 3 or number.count(letter) == 0 else 0
    return 0


def _clean_marks(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    return tuple(
        Mark(clean_text(mark.label)[:MAX_LABEL_CHARS], mark.value, clean_text(mark.text)[:MAX_LABEL_CHARS])
        for mark in list(marks)[:MAX_MARKS]
    )


def _parse_item(item: Mapping[str, Any]) -> Drawn:
    left, top, width, height = (float(edge) for edge in item["box"])
    first, last = (int(frame) for frame in item["frames"])
    look = Look(item["style"], item["align"], tuple(item["fit"]), item["motion"], item["chart"])
    known = (
        (item["kind"], OverlayKind), (look.align, Align), (look.motion, Motion), (look.chart, ChartKind),
        *((policy, Fit) for policy in look.fit),
    )  # fmt: skip
    if any(word not in get_args(kind) for word, kind in known) or not 0 <= first <= last:
        raise ValueError("not a draw plan")
    marks = tuple(Mark(str(label), float(value), str(text)) for label, value, text in item["marks"])
    box = (left, top, width, height)
    behind = None
    if item["behind"] is not None:
        low, high = (float(edge) for edge in item["behind"])
        behind = (low, high)
    return Drawn(str(item["name"]), item["kind"], box, first, last, look, str(item["text"]), marks, behind)
