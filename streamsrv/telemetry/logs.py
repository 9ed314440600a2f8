"""One JSON object per line on standard error, for operators. Requests are counted, not logged; errors are logged.

An exception is logged by its type and its frames, without its text: the text may quote a viewer's data (B8).
"""

import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import TextIO

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


def configure_logging(stream: TextIO = sys.stderr, *, level: int = logging.WARNING) -> None:
    """Send every logger of the process to `stream` as JSON lines. Called once, by a command, never by a library."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=level, force=True)


def _causes(error: BaseException | None) -> list[dict[str, object]]:
    """The exception and what caused it, newest first; bounded, for a chain may be long."""
    found: list[dict[str, object]] = []
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
