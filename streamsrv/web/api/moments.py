"""Times as the API tells them."""

from datetime import UTC, datetime


def moment(unix_s: float) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)


def moment_or_none(unix_s: int | None) -> datetime | None:
    return None if unix_s is None else moment(unix_s)
