"""The brand kit: how words, numbers and charts look, by the names that scenes use for it.

One TOML file for a server, read when it starts. Sizes are fractions of the picture's height: every rung shows the same.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from streamsrv.core.errors import Invalid, Problem
from streamsrv.core.toml_files import KeyPath, faults_of, key_lines, line_of, not_toml, plain

FONTS = ("Manrope-Medium", "Manrope-Bold", "Manrope-ExtraBold")
"""What a style may begin with; scripts that it lacks come from the Noto fonts that ship beside it."""
PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".webp")
"""Of the pictures in the brand's folder: what else lies there is none."""
_STRICT = ConfigDict(extra="forbid")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?", re.ASCII)
_HEX_DIGITS = re.compile(r"#?([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})", re.ASCII)
_NAMED = {
    "black": "#000000", "white": "#ffffff", "red": "#ff0000", "green": "#008000", "blue": "#0000ff",
    "yellow": "#ffff00", "orange": "#ffa500", "grey": "#808080", "gray": "#808080", "navy": "#000080",
}  # fmt: skip
"""What is meant by the names that are written most (CSS Color 4, 6.1)."""


def _colour(text: str) -> str:
    if _COLOUR.fullmatch(text):
        return text
    meant = _NAMED.get(text.lower(), "")
    if digits := _HEX_DIGITS.fullmatch(text):
        meant = "#" + (digits[1] if len(digits[1]) > 4 else "".join(digit * 2 for digit in digits[1]))
    hint = f' (did you mean "{meant}"?); ' if meant else ""
    raise ValueError(f"{hint}expected a colour: #rrggbb, or #rrggbbaa for one that lets the picture through")


Colour = Annotated[str, AfterValidator(_colour)]
Share = Annotated[float, Field(ge=0, le=1)]
Size = Annotated[float, Field(ge=0.01, le=0.5)]


@checked(config=_STRICT, frozen=True, slots=True)
class Style:
    """How one kind of overlay looks."""

    font: Literal["Manrope-Medium", "Manrope-Bold", "Manrope-ExtraBold"] = "Manrope-Bold"
    size: Size = 0.06
    min_size: Size = 0.03
    """What `shrink` may come down to."""
    line_height: Annotated[float, Field(ge=0.8, le=2)] = 1.15
    letter_spacing: Annotated[float, Field(ge=-0.1, le=0.5)] = 0.0
    """In ems."""
    colour: Colour = "#ffffff"
    accent: Colour = "#f2b33d"
    """Of a chart's marks and a number that runs up."""
    plate: Colour | None = None
    """Behind the words; None for none."""
    plate_radius: Share = 0.2
    """Of the plate's height."""
    padding: Annotated[float, Field(ge=0, le=0.2)] = 0.015
    shadow: bool = False
    """A soft shadow behind the letters."""
    when_unreadable: Literal["plate", "shadow", "nothing"] = "plate"
    """What `check` puts behind words that the picture swallows."""


@dataclass(frozen=True, slots=True)
class Kit:
    """Every style by name, the first being the one for overlays that name none."""

    styles: Mapping[str, Style]
    digest: str = field(default="", compare=False)
    """Of everything in the kit: part of the name of what is drawn with it."""

    def style(self, name: str) -> Style:
        """The style of that name; the first where the kit has no such style or none is named."""
        return self.styles[self.known(name)]

    def known(self, name: str) -> str:
        """The name of the style that `style` gives."""
        return name if name in self.styles else next(iter(self.styles))


PLAIN = Kit({"plain": Style()}, "plain")
"""For a server without a kit."""


@checked(config=_STRICT, frozen=True, slots=True)
class _Document:
    style: dict[str, Style]


_ADAPTER = TypeAdapter(_Document)
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)


def parse_kit(text: str, *, where: str) -> Kit:
    """The kit that a TOML text describes; raises `Invalid` with every mistake."""
    try:
        document: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid([not_toml(error, text, where, "a table for each style, such as [style.title]")]) from error
    lines = key_lines(text)
    try:
        found = _ADAPTER.validate_python(document)
    except ValidationError as error:
        raise Invalid(faults_of(error, _Document, where=where, lines=lines)) from error
    problems = [
        Problem(_at(where, lines, name), "is not a name", "a lower-case letter, then letters, digits, _ and -")
        for name in found.style
        if not _NAME.fullmatch(name)
    ]
    problems += [
        Problem(_at(where, lines, name, "min_size"), f"is {style.min_size:g}", f"at most size, which is {style.size:g}")
        for name, style in found.style.items()
        if style.min_size > style.size
    ]
    if not found.style:
        problems.append(Problem(where, "has no style", "one table or more, such as [style.title]"))
    if problems:
        raise Invalid(problems)
    return Kit(found.style, hashlib.sha256(_ADAPTER.dump_json(found)).hexdigest()[:16])


def _at(where: str, lines: Mapping[KeyPath, int], *path: str) -> str:
    return f"{where}:{line_of(lines, ('style', *path))}: {'.'.join(map(plain, ('style', *path)))}"
