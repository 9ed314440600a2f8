"""Log lines for machines, without anybody's data."""

import io
import logging
from pathlib import Path

import orjson

from streamsrv.telemetry.logs import JsonFormatter, PlainFormatter, log_into


def text(formatter: logging.Formatter, message: str, error: BaseException | None = None, **extra: object) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.getLogger("test")
    logger.addHandler(handler)
    logger.error(message, exc_info=error, extra=extra)
    logger.removeHandler(handler)
    return stream.getvalue()


def logged(message: str, error: BaseException | None = None, **extra: object) -> dict[str, object]:
    line: dict[str, object] = orjson.loads(text(JsonFormatter(), message, error, **extra))
    return line


def test_a_record_is_one_object_with_its_extra_fields() -> None:
    line = logged("a stored object is damaged", object="abc", bytes=12)

    assert str(line.pop("at")).endswith("+00:00")
    assert line == {
        "level": "error", "logger": "test", "message": "a stored object is damaged", "object": "abc", "bytes": 12,
    }  # fmt: skip


def test_an_exception_is_told_by_type_and_place_without_its_text() -> None:
    try:
        try:
            raise KeyError("Ana's premium")
        except KeyError as error:
            raise RuntimeError("412.50") from error
    except RuntimeError as error:
        line = logged("a handler failed", error)

    causes = line["error"]
    assert isinstance(causes, list)
    assert [cause["type"] for cause in causes] == ["RuntimeError", "KeyError"]
    assert all("test_logs.py" in frame for cause in causes for frame in cause["frames"])
    assert "Ana" not in str(line)
    assert "412" not in str(line)


def test_a_person_is_told_in_one_plain_line() -> None:
    line = text(PlainFormatter(), "a call to the state store failed", why="LATE TimeoutError", calls=3)

    assert "error: a call to the state store failed (why: LATE TimeoutError, calls: 3)\n" == line
    assert "error: gone\n" == text(PlainFormatter(), "gone")


def test_a_person_is_told_where_an_exception_comes_from_without_its_text() -> None:
    try:
        raise KeyError("Ana's premium")
    except KeyError as error:
        line = text(PlainFormatter(), "a handler failed", error)

    assert line.startswith(f"error: a handler failed (error: KeyError, at: {__file__}:")
    assert "Ana" not in line


def test_a_log_file_takes_what_every_logger_says_after_what_is_in_it(tmp_path: Path) -> None:
    path, root = tmp_path / "var" / "server.log", logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        root.handlers = []
        for message in ("one", "two"):
            log_into(path)
            logging.getLogger("streamsrv.test").warning(message)
    finally:
        for handler in root.handlers:
            handler.close()
        root.handlers = before
        root.setLevel(level)

    assert ["one", "two"] == [orjson.loads(line)["message"] for line in path.read_bytes().splitlines()]
