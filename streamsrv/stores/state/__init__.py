"""The state store: viewers, sessions, assignments, revocations and keys, all in Redis.

`open_state` gives a `State` over an embedded Valkey, one server, Sentinels or a cluster, with one way to call it:
`State.run`. `names` has the name of every key. Modules of stores build on these; nothing else imports redis.
"""

from streamsrv.core.breaker import BreakerState
from streamsrv.stores.state.connections import AnyRedis, shown_url
from streamsrv.stores.state.store import State, open_state

__all__ = ["AnyRedis", "BreakerState", "State", "open_state", "shown_url"]
