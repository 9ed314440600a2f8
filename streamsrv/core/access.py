"""The forwarding policy: who, of all that hold one viewer's link, is told that viewer's own story (B5).

Owns what a campaign asks for, what a player brings, and when an answer is the right one. Counting devices, sessions
and tries over all processes is a `Gate`'s; whoever is not admitted gets the fallback story, never an error.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

MAX_ANSWER_CHARS = 200
MAX_DEVICE_CHARS = 200

AskKind = Literal["text", "number", "date"]
"""What kind of answer a page asks for: which keys it offers."""
Barred = Literal["devices", "sessions", "unanswered", "wrong", "locked", "unanswerable", "uncounted"]
"""Why the un-personalised story is told: too many devices, too many sessions today, no answer yet, a wrong one, too
many wrong ones, no answer known for this viewer, or a player that cannot be counted (a bare playlist's address)."""
BARRED: tuple[Barred, ...] = get_args(Barred)

_NUMBER = re.compile(r"[+-]?\d{1,18}([.,]\d{1,9})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d{1,9})?", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[-./]?(\d{1,2})[-./]?(\d{1,2})", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-./])(\d{1,2})[-./](\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Verify:
    """A second factor: something the viewer knows, asked before anything personal is shown."""

    attribute: str
    labels: Mapping[str, str]
    """How it is asked for, by language."""
    kind: AskKind = "text"
    tries: int = 5
    """Wrong answers until the link is locked for a while."""


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
    """What would have to be answered; None where no answer would help now."""
    tries_left: int | None = None
    retry_after_s: int | None = None
    """When the next answer is heard, where the link is locked."""


OPEN = Admission(personal=True)
"""For campaigns without a policy."""


def without_knock(access: Access | None) -> Admission:
    """For players that are given a playlist's bare address: a GET counts nothing (B1), so a policy keeps them out."""
    return OPEN if access is None else Admission(personal=False, reason="uncounted")


def is_right(known: object, answer: str) -> bool:
    """Whether `answer` says `known` (a typed value), however it is written. In constant time for each reading of it.

    Dates in the orders people write them, numbers with either decimal sign, texts without regard to case, spaces,
    hyphens and the form of letters.
    """
    if len(answer) > MAX_ANSWER_CHARS:
        return False
    expected = _digest(_canonical(known))
    found = False
    for reading in _readings(known, answer):
        # All of them, so that how long it takes does not say which one it was.
        found |= hmac.compare_digest(expected, _digest(reading))
    return found


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _canonical(known: object) -> str:
    match known:
        case date():
            return known.isoformat()
        case str():
            return _folded(known)
        case int() | float() | Decimal():
            return _plain_number(Decimal(repr(known)) if isinstance(known, float) else Decimal(known))
        case _:
            raise TypeError(f"no answer can be {type(known).__name__}")


def _readings(known: object, answer: str) -> Iterable[str]:
    """Everything that `answer` may mean as a value of the kind of `known`."""
    text = _ascii_digits(answer)
    match known:
        case date():
            return _dates("".join(text.split()))
        case int():
            return _numbers(text, _WHOLE)
        case float() | Decimal():
            return _numbers(text, _NUMBER)
        case _:
            return (_folded(answer),)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in decomposed if unicodedata.category(letter)[0] != "Z"
                   and unicodedata.category(letter) not in ("Pd", "Cc", "Cf"))  # fmt: skip


def _ascii_digits(text: str) -> str:
    """The text with digits of any script as 0 to 9."""
    letters = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in letters)


def _dates(text: str) -> Iterable[str]:
    """31.12.1984 is told by its dots; 5/6/1984 may be either."""
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


def _numbers(text: str, form: re.Pattern[str]) -> Iterable[str]:
    # Currencies, spaces and apostrophes stand around and between digits in many countries.
    bare = "".join(letter for letter in text if letter in "+-.," or letter in "0123456789")
    if form.fullmatch(bare):
        yield _plain_number(Decimal(bare.replace(",", ".")))
    if match := _GROUPED.fullmatch(bare):
        ungrouped = bare.replace(match[1], "").replace(",", ".")
        if form.fullmatch(ungrouped):
            yield _plain_number(Decimal(ungrouped))


def _plain_number(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"
