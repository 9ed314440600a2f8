"""What an error of the Redis client says about the server."""

from enum import Enum, auto

from redis import exceptions as redis

BROKEN = (redis.RedisError, redis.RedisClusterException, OSError, EOFError)
"""All that a call may raise because of the server or the way there; anything else is a mistake of ours."""
_AWAY = (
    redis.ConnectionError,
    redis.TimeoutError,
    redis.ClusterDownError,
    redis.MasterDownError,
    redis.RedisClusterException,
    OSError,
    EOFError,
)


class Failure(Enum):
    STARVED = auto()
    """All connections are taken: says nothing about the server."""
    LATE = auto()
    """It did not answer in time."""
    AWAY = auto()
    """It serves nobody: gone, starting, without a master."""
    OURS = auto()
    """A mistake of the code that calls."""
    REFUSED = auto()
    """It answered, but no: full, read-only, or the key holds something else. Others may fare better."""


def failure(error: BaseException) -> Failure:
    """What `error`, one of `BROKEN`, says."""
    # The blocking pool raises a plain error, which only its text tells from a lost connection.
    if isinstance(error, redis.MaxConnectionsError) or str(error) == "No connection available.":
        return Failure.STARVED
    if isinstance(error, redis.TimeoutError | TimeoutError):
        return Failure.LATE
    return Failure.AWAY if isinstance(error, _AWAY) else Failure.REFUSED
