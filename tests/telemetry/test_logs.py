"""Log lines for machines, without anybody's data."""

import io
import logging

import orjson

from streamsrv.telemetry.logs import JsonFormatter


def logged(message: str, error: BaseException | None = None, **extra: object) -> dict[str, object]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("test")
    logger.addHandler(handler)
    logger.error(message, exc_info=error, extra=extra)
    logger.removeHandler(handler)
    line: dict[str, object] = orjson.loads(stream.getvalue())
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
