"""One JSON object per line on standard error, for operators. Requests are counted, not logged; errors are logged.

Commands that a person watches log into a file, or in plain lines.

An exception is logged by its type and its frames, without its text: the text may quote a viewer's data (B8).
"""

import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO, TypedDict

import orjson

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """A record as one line; what was passed as `extra` becomes fields."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in _STANDARD}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _causes(record.exc_info[1])
        return orjson.dumps(line, default=str).decode()


class PlainFormatter(logging.Formatter):
    """A record as one line for a person, with what was passed as `extra`, and where an exception came from."""

    def format(self, record: logging.LogRecord) -> str:
        more = {key: str(value) for key, value in vars(record).items() if key not in _STANDARD}
        if record.exc_info and record.exc_info[1] is not None:
            first = _causes(record.exc_info[1])[0]
            more |= {"error": str(first["type"]), "at": first["frames"][-1] if first["frames"] else "?"}
        told = ", ".join(f"{key}: {value}" for key, value in more.items())
        return f"{record.levelname.lower()}: {record.getMessage()}" + (f" ({told})" if told else "")


def configure_logging(stream: TextIO = sys.stderr, *, level: int = logging.WARNING) -> None:
    """Send every logger of the process to `stream` as JSON lines. Called once, by a command, never by a library."""
    _send(logging.StreamHandler(stream), JsonFormatter(), level)


def log_plainly(*, level: int = logging.WARNING) -> None:
    """Send every logger of the process to standard error as lines for a person."""
    _send(logging.StreamHandler(sys.stderr), PlainFormatter(), level)


def log_into(path: Path, *, level: int = logging.WARNING) -> None:
    """Send every logger of the process to the end of a file as JSON lines; raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _send(logging.FileHandler(path, encoding="utf-8"), JsonFormatter(), level)


def _send(handler: logging.Handler, formatter: logging.Formatter, level: int) -> None:
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)


class _Cause(TypedDict):
    type: str
    frames: list[str]


def _causes(error: BaseException | None) -> list[_Cause]:
    """The exception and what caused it, newest first; bounded, for a chain may be long."""
    found: list[_Cause] = []
    while error is not None and len(found) < 5:
        frames = traceback.extract_tb(error.__traceback__)
        found.append(
            {
                "type": type(error).__qualname__,
                "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-20:]],
            }
        )
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found
