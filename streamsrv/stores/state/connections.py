"""From a URL to a client of one server, of a master behind Sentinels, or of a cluster.

The clients never retry by themselves: redis-py's own retries took a call of 5 s to 59 s, and there is one layer of
them, in `store`. They are never cancelled either; instead each wait of a connection ends at the call's deadline, and
a connection that a wait ended on is closed, so that a late reply finds nobody (A17).
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from redis.asyncio import BlockingConnectionPool, Redis, RedisCluster, Sentinel
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.connection import Connection, SSLConnection, UnixDomainSocketConnection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import SentinelConnectionPool, SentinelManagedConnection, SentinelManagedSSLConnection
from redis.backoff import NoBackoff
from redis.maint_notifications import MaintNotificationsConfig

from streamsrv.core.errors import Invalid, invalid
from streamsrv.stores.state.cluster import SteadyCluster
from streamsrv.stores.state.deadlines import remaining_s

AnyRedis: TypeAlias = Redis | RedisCluster

SPARE_CONNECTIONS = 8
"""Above the bound of `State.run`, for what goes through `State.client`."""
PORT = 6379
SENTINEL_PORT = 26379
SCHEMES = "redis:// rediss:// unix:// redis+sentinel:// rediss+sentinel:// redis+cluster:// rediss+cluster://"
OPTIONS = frozenset({"db", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "sentinel_username", "sentinel_password"})
"""What may stand after the question mark."""


class _Bounded:
    """A connection whose timeouts are what is left of the running call's budget. Set values are ignored."""

    @property
    def socket_timeout(self) -> float:
        return remaining_s()

    @socket_timeout.setter
    def socket_timeout(self, value: object) -> None: ...

    @property
    def socket_connect_timeout(self) -> float:
        return remaining_s()

    @socket_connect_timeout.setter
    def socket_connect_timeout(self, value: object) -> None: ...

    async def _send_packed_command(self, command: Iterable[bytes]) -> None:
        """As theirs, but a connection that the server has closed is a connection error on uvloop as well.

        There writing to one raises `RuntimeError`, which nobody takes for a server that is away.
        """
        try:
            await super()._send_packed_command(command)  # type: ignore[misc] # of the connection's class behind this one
        except RuntimeError as error:
            raise ConnectionResetError("the server has closed the connection") from error


# redis-py declares the two as attributes; a property is one, too, which mypy does not accept in a subclass.
class BoundedConnection(_Bounded, Connection):  # type: ignore[misc]  # both have the method; ours calls theirs
    pass


class BoundedSSLConnection(_Bounded, SSLConnection):  # type: ignore[misc]  # as above
    pass


class BoundedUnixConnection(_Bounded, UnixDomainSocketConnection):  # type: ignore[misc]  # as above
    pass


class BoundedSentinelConnection(_Bounded, SentinelManagedConnection):  # type: ignore[misc]
    pass


class BoundedSentinelSSLConnection(_Bounded, SentinelManagedSSLConnection):  # type: ignore[misc]
    pass


class WatchedPool(SentinelConnectionPool):
    """Connections to the master; closes the Sentinels' connections, too."""

    async def aclose(self) -> None:
        await super().aclose()
        await self.sentinel_manager.aclose()


class Target(NamedTuple):
    """A URL, taken apart."""

    kind: str
    """"single", "sentinel" or "cluster"."""
    tls: bool
    hosts: tuple[tuple[str, int], ...]
    path: str
    """Of the Unix socket; empty for TCP."""
    master: str
    """The name that the Sentinels know the master by."""
    login: Mapping[str, str]
    options: Mapping[str, str]


def parse_url(url: str) -> Target:
    """`url`, taken apart; raises `Invalid`, which never shows the URL, for it may hold a password."""
    parts = _split(url)
    scheme, _, kind = parts.scheme.partition("+")
    kind = kind or "single"
    if f"{parts.scheme}://" not in SCHEMES.split():
        raise _wrong("an unknown scheme", SCHEMES)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := options.keys() - OPTIONS:
        raise _wrong(f"unknown option {sorted(unknown)[0]!r}", ", ".join(sorted(OPTIONS)))
    account, _, places = parts.netloc.rpartition("@")
    username, _, password = account.partition(":")
    login = {"username": unquote(username), "password": unquote(password)}
    path = unquote(parts.path)
    if scheme != "unix" and kind == "single" and path.strip("/"):
        options.setdefault("db", path.strip("/"))
    if not options.get("db", "0").isdigit() or (kind == "cluster" and options.get("db", "0") != "0"):
        raise _wrong("not a database", "a number; in a cluster, none")
    if kind == "sentinel" and not path.strip("/"):
        raise _wrong("no name of a master", "redis+sentinel://host:26379,host:26379/mymaster")
    if scheme == "unix" and not path:
        raise _wrong("no path", "unix:///run/redis/redis.sock")
    default_port = SENTINEL_PORT if kind == "sentinel" else PORT
    return Target(
        kind=kind,
        tls=scheme == "rediss",
        hosts=() if scheme == "unix" else tuple(_host(place, default_port) for place in places.split(",")),
        path=path if scheme == "unix" else "",
        master=path.strip("/") if kind == "sentinel" else "",
        login={name: value for name, value in login.items() if value},
        options=options,
    )


def shown_url(url: str) -> str:
    """`url` as it may be shown: where the server is, without a login and without options."""
    parts = _split(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def unix_target(path: str) -> Target:
    """A server of this machine, on a socket at `path`."""
    return Target(kind="single", tls=False, hosts=(), path=path, master="", login={}, options={})


def connect(target: Target, *, pool_size: int, pool_wait_s: float, budget_s: float) -> AnyRedis:
    """A client that has not connected yet. Its pools hold at most `pool_size` connections and a few (A18)."""
    shared: dict[str, Any] = {
        "protocol": 2,
        "driver_info": None,  # With this and the version before it, a new connection is ready without a round trip.
        "retry": Retry(NoBackoff(), 0),
        **target.login,
        **{name: value for name, value in target.options.items() if name.startswith("ssl_")},
    }
    most = pool_size + SPARE_CONNECTIONS
    if target.kind == "cluster":
        return _cluster(target, shared, most, budget_s)
    single: dict[str, Any] = {
        **shared,
        "db": int(target.options.get("db", "0")),
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
    }
    if target.kind == "sentinel":
        return _sentinel(target, single, most, budget_s)
    if target.path:
        single |= {"connection_class": BoundedUnixConnection, "path": target.path}
    else:
        ((host, port),) = target.hosts[:1]
        connection_class = BoundedSSLConnection if target.tls else BoundedConnection
        single |= {"connection_class": connection_class, "host": host, "port": port}
    return Redis.from_pool(BlockingConnectionPool(max_connections=most, timeout=pool_wait_s, **single))


def _sentinel(target: Target, shared: dict[str, Any], most: int, budget_s: float) -> Redis:
    """The master that the Sentinels name, asked again whenever a connection is made."""
    # A Sentinel that is away must leave time to ask the next.
    patience_s = budget_s / (len(target.hosts) + 1)
    asking: dict[str, Any] = {
        "retry": Retry(NoBackoff(), 0),
        "socket_timeout": patience_s,
        "socket_connect_timeout": patience_s,
        "driver_info": None,
        "protocol": 2,
    }
    for name in ("username", "password"):
        if value := target.options.get(f"sentinel_{name}"):
            asking[name] = value
    if target.tls:
        asking |= {"ssl": True, **{name: value for name, value in shared.items() if name.startswith("ssl_")}}
    sentinel: Sentinel = Sentinel(list(target.hosts), sentinel_kwargs=asking)  # type: ignore[no-untyped-call] # theirs
    connection_class = BoundedSentinelSSLConnection if target.tls else BoundedSentinelConnection
    master: Redis = sentinel.master_for(
        target.master,
        connection_pool_class=WatchedPool,
        connection_class=connection_class,
        max_connections=most,
        **shared,
    )
    return master


def _cluster(target: Target, shared: dict[str, Any], most: int, budget_s: float) -> SteadyCluster:
    cluster = SteadyCluster(
        startup_nodes=[ClusterNode(host, port) for host, port in target.hosts],
        max_connections=most,
        reinitialize_steps=0,  # Otherwise every fifth slot that moves closes all connections.
        require_full_coverage=False,  # Viewers whose slots are served must not wait for those whose are not.
        ssl=target.tls,
        **shared,
    )
    cluster.patience_s = budget_s / (len(target.hosts) + 1)
    # The client takes no class of connections, but its nodes do, and they are made from this.
    connection_class = BoundedSSLConnection if target.tls else BoundedConnection
    for kwargs in (cluster.connection_kwargs, cluster.nodes_manager.connection_kwargs):
        kwargs["connection_class"] = connection_class
    for node in cluster.startup_nodes:
        node.connection_class = connection_class
    return cluster


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise _wrong("not a URL", SCHEMES) from None


def _host(place: str, default_port: int) -> tuple[str, int]:
    """host, host:port, [v6] or [v6]:port."""
    try:
        parts = urlsplit(f"//{place}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _wrong("not a host and a port", "host:port") from None
    if not host:
        raise _wrong("no host", "host:port")
    return host, port or default_port


def _wrong(what: str, expected: str) -> Invalid:
    return invalid("state.redis_url", what, expected)
