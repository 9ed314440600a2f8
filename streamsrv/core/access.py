"""The forwarding policy: who, of all that hold one viewer's link, is told that viewer's own story (B5).

Owns what a campaign asks for, what a player brings, and when an answer is the right one. Counting devices, sessions
and tries over all processes is a `Gate`'s; whoever is not admitted gets the fallback story, never an error.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, get_args

MAX_ANSWER_CHARS = 200
MAX_DEVICE_CHARS = 200

AskKind = Literal["text", "number", "date"]
"""What kind of answer a page asks for: which keys it offers."""
Barred = Literal["devices", "sessions", "unanswered", "wrong", "locked", "unanswerable", "uncounted"]
"""Why the un-personalised story is told: too many devices, too many sessions today, no answer yet, a wrong one, too
many wrong ones, no answer known for this viewer, or a player that cannot be counted (a bare playlist's address)."""
BARRED: tuple[Barred, ...] = get_args(Barred)

_NUMBER = re.compile(r"[+-]?\d{1,19}([.,]\d{1,9})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}([.,])\d{3}(?:\1\d{3}){0,5}(?:(?!\1)[.,]\d{1,9})?", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-./])(\d{1,2})[-./](\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Verify:
    """A second factor: something the viewer knows, asked before anything personal is shown."""

    attribute: str
    labels: Mapping[str, str]
    """How it is asked for, by language."""
    kind: AskKind = "text"
    tries: int = 5
    """Wrong answers until the link takes none for a while."""


@dataclass(frozen=True, slots=True)
class Access:
    """What a campaign asks of those who open its links. None asks for nothing."""

    devices: int | None = None
    sessions_a_day: int | None = None
    verify: Verify | None = None


@dataclass(frozen=True, slots=True)
class Knock:
    """What a player brings when it asks for a session. Neither is kept or logged in clear."""

    device: str = field(default="", repr=False)
    """What the page made up for this browser; empty where it has nothing."""
    answer: str = field(default="", repr=False)
    """Empty: not answered yet."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether the viewer's own story may be told to whoever knocked."""

    personal: bool
    reason: Barred | None = None
    """Why not."""
    ask: Verify | None = None
    """What is to be answered; None where no answer would help now."""
    tries_left: int | None = None
    retry_after_s: int | None = None
    """When knocking again may help: the lock opens, or a new day begins."""


OPEN = Admission(personal=True)
"""For campaigns without a policy."""


def without_knock(access: Access | None) -> Admission:
    """For players that are given a playlist's bare address: a GET counts nothing (B1), so a policy keeps them out."""
    return OPEN if access is None else Admission(personal=False, reason="uncounted")


def is_answerable(kind: AskKind, known: object) -> bool:
    """Whether there is an answer that `is_right` would take."""
    return bool(_canonical(kind, known))


def is_right(kind: AskKind, known: object, answer: str) -> bool:
    """Whether `answer` says `known` (an attribute's value, typed or as imported), however it is written.

    Dates in the orders people write them, numbers with either decimal sign, texts without regard to capitals, spaces,
    hyphens and the form of letters. Each reading is compared in constant time.
    """
    expected = _canonical(kind, known)
    if not expected or len(answer) > MAX_ANSWER_CHARS:
        return False
    right = False
    # All of them, so that how long it takes does not say which one it was.
    for reading in _READINGS[kind](answer):
        right |= hmac.compare_digest(_digest(expected), _digest(reading))
    return right


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def _canonical(kind: AskKind, known: object) -> str:
    """The one form that readings are held against; empty where there is none."""
    match known:
        case bool() | None:
            return ""
        case date():
            return known.isoformat()[:10]
        case int() | float() | Decimal():
            written = Decimal(repr(known)) if isinstance(known, float) else Decimal(known)
            return _plain_number(written) if written.is_finite() else ""
        case str():
            # Imported dates are ISO 8601, and imported numbers have a point: one reading at most.
            return next(_READINGS[kind](known), "")
        case _:
            return ""


def _texts(answer: str) -> Iterator[str]:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", answer).casefold())
    yield "".join(letter for letter in folded if unicodedata.category(letter) not in _UNHEARD)


_UNHEARD = frozenset(("Zs", "Zl", "Zp", "Pd", "Cc", "Cf"))
"""Spaces, hyphens and what is not seen."""


def _dates(answer: str) -> Iterator[str]:
    """31.12.1984 is told by its dots; 5/6/1984 may be either."""
    text = "".join(_ascii_digits(answer).split())
    orders: list[tuple[str, str, str]] = []
    if match := _YEAR_FIRST.fullmatch(text):
        orders.append((match[1], match[2], match[3]))
    elif match := _YEAR_LAST.fullmatch(text):
        orders.append((match[4], match[3], match[1]))
        if match[2] != ".":
            orders.append((match[4], match[1], match[3]))
    for year, month, day in orders:
        try:
            yield date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            continue


def _numbers(answer: str) -> Iterator[str]:
    # Currencies, spaces and apostrophes stand around and between digits in many countries.
    text = "".join(letter for letter in _ascii_digits(answer) if letter in "+-.,0123456789")
    if _NUMBER.fullmatch(text):
        yield _plain_number(Decimal(text.replace(",", ".")))
    if match := _GROUPED.fullmatch(text):
        yield _plain_number(Decimal(text.replace(match[1], "").replace(",", ".")))


_READINGS: Mapping[AskKind, Callable[[str], Iterator[str]]] = MappingProxyType(
    {"text": _texts, "number": _numbers, "date": _dates}
)
"""Everything that an answer may mean, by its kind."""


def _ascii_digits(text: str) -> str:
    """The text with digits of any script as 0 to 9."""
    letters = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in letters)


def _plain_number(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"
