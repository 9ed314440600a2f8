"""The whole error tree. Classes carry fields; the sentence is written once, in `__str__`.

StreamsrvError
├── NotFound       a thing that was never there (or may not be known to exist): 404
├── Rejected       a request that is understood and refused
│   ├── Expired          a genuine token whose time is over or that was revoked: 410
│   ├── BadRange         a Range that lies outside the body: 416
│   ├── BadData          data sent by a program that does not fit, with every problem: 422
│   ├── Unauthenticated  no API key, or one that opens nothing: 401
│   ├── Forbidden        a good API key without the scope: 403
│   └── TooMany          more requests than one client may send: 429 and Retry-After
├── Unavailable    transient trouble, worth a retry: 503 and Retry-After
├── NotRendered    a viewer's own segment that is not there in time: the shared one is shown
└── Invalid        a file, setting or argument that is wrong, found when it is loaded, never while serving
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


class StreamsrvError(Exception):
    """The root: everything this package raises on purpose."""


class NotFound(StreamsrvError):
    """No such thing; `kind` says what was looked for and never whose it was."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind

    def __str__(self) -> str:
        return f"no such {self.kind}"


class Rejected(StreamsrvError):
    """A request that is understood and refused, for a reason safe to show."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class Expired(Rejected):
    """A genuine token whose time is over."""


class NotShown(Rejected):
    """A genuine link, outside the days of its campaign."""


class BadRange(Rejected):
    """A Range header that names nothing inside a body of `size_bytes`."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(f"the range lies outside the {size_bytes} bytes of the body")
        self.size_bytes = size_bytes


class Unauthenticated(Rejected):
    """No API key, or one that opens nothing. Why not is never told: it would help whoever is guessing."""

    def __init__(self) -> None:
        super().__init__("an API key that is valid is needed: Authorization: Bearer ssk_…")


class Forbidden(Rejected):
    """A good API key that may not do this."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"this API key lacks the scope {scope}")
        self.scope = scope


class TooMany(Rejected):
    """More than one client may ask for; the same request may succeed after `retry_after_s`."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"too many requests, retry in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class Unavailable(StreamsrvError):
    """Something the answer needs is away for now; the same request may succeed after `retry_after_s`."""

    def __init__(self, what: str, *, retry_after_s: int = 1) -> None:
        super().__init__(what)
        self.what = what
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        return f"{self.what} is unavailable, retry in {self.retry_after_s} s"


NotRenderedReason = Literal["timeout", "queue_full", "data_missing", "render_error", "circuit_open", "policy"]


class NotRendered(StreamsrvError):
    """A viewer's own segment that is not there in time; the shared one is shown. Reasons are a closed list (A5)."""

    def __init__(self, reason: NotRenderedReason) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"not rendered: {self.reason}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in one place: where it is, what is wrong, and what was expected there."""

    where: str
    what: str
    expected: str = ""

    def __str__(self) -> str:
        tail = f"; expected {self.expected}" if self.expected else ""
        return f"{self.where}: {self.what}{tail}"


class BadData(Rejected):
    """Data that was sent and does not fit; carries every problem found. Problems name fields and never show a value."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("the data that was sent does not fit")


class Invalid(StreamsrvError):
    """Something loaded is wrong; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def invalid(where: str, what: str, expected: str = "") -> Invalid:
    """An `Invalid` with a single problem."""
    return Invalid([Problem(where, what, expected)])
