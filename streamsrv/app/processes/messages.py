"""What the supervisor and its workers tell each other.

Both ends run the same version, which `Hello` makes sure of; so a message is its fields, and nothing else is agreed.
"""

from dataclasses import dataclass, fields
from importlib.metadata import version
from typing import Any

import orjson

from streamsrv.core.errors import Invalid, Problem, StreamsrvError, invalid

VERSION = version("streamsrv")
"""Of this end."""


@dataclass(frozen=True, slots=True)
class Hello:
    """To a worker, first of all: what to serve, and as whom."""

    version: str
    slot: int
    settings: dict[str, Any]
    campaigns: dict[str, str]
    """Files in base64, by path: so that a worker that comes later serves what the others serve."""
    listening: list[list[int]]
    """The descriptors of every slot's listening sockets."""


@dataclass(frozen=True, slots=True)
class Accept:
    """To a worker: take connections from the sockets of these slots, and of no others."""

    slots: list[int]


@dataclass(frozen=True, slots=True)
class Ask:
    """To a worker: say your `Counts` now."""


@dataclass(frozen=True, slots=True)
class Drain:
    """To a worker: take no more connections, finish what is in hand, and leave. A second one may only hurry it."""

    limit_s: float
    idle_grace_s: float
    """How long a kept connection may stay without a request."""


@dataclass(frozen=True, slots=True)
class Ready:
    """From a worker: everything is loaded and checked."""


@dataclass(frozen=True, slots=True)
class Refused:
    """From a worker: this cannot be served."""

    problems: list[list[str]]

    @staticmethod
    def of(error: StreamsrvError) -> "Refused":
        if not isinstance(error, Invalid):
            # The store for state, which is away: trying again may do.
            return Refused([["start", str(error), ""]])
        return Refused([[problem.where, problem.what, problem.expected] for problem in error.problems])

    def error(self) -> Invalid:
        return Invalid(Problem(*problem) for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Leaving:
    """From a worker: somebody told me to stop, and I take no more connections."""


@dataclass(frozen=True, slots=True)
class Counts:
    """From a worker, every second and when asked: its metrics so far."""

    families: list[Any]
    """As `telemetry.merging` has them."""


Message = Hello | Accept | Ask | Drain | Ready | Refused | Leaving | Counts
_KINDS: dict[str, type[Message]] = {
    kind.__name__: kind for kind in (Hello, Accept, Ask, Drain, Ready, Refused, Leaving, Counts)
}


def write_message(message: Message) -> bytes:
    """A message as bytes."""
    # Not `asdict`: it would copy every metric, every second.
    body = {field.name: getattr(message, field.name) for field in fields(message)}
    return orjson.dumps([type(message).__name__, body])


def parse_message(data: bytes) -> Message:
    """The message in `data`; raises `Invalid` where it is none."""
    try:
        name, body = orjson.loads(data)
        return _KINDS[name](**body)
    except (ValueError, KeyError, TypeError) as error:
        raise invalid("a message between processes", "is not understood", "both ends of one version") from error
