"""The audit log of each tenant: a stream of chained lines, and its head apart from it.

A line and the head after it are written together or not at all, and only after the head that the line was made for:
processes that write at once try again. Lines are never changed or taken away.
"""

import asyncio
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NamedTuple

from streamsrv.core.audit import START, Act, AuditPage, Chain, Head, next_line, parse_head
from streamsrv.core.errors import Problem, Unavailable
from streamsrv.core.model import TenantId
from streamsrv.stores.state import AnyRedis, State, names

MOST_TRIES = 50
"""How often a line is made anew because another process was quicker."""
ID_BYTES = 8
PAGE_LINES = 1_000
_WHAT = "the audit log"
# Answers with the head as it is afterwards. Sent twice, it writes once.
_APPEND = """
local head = redis.call('GET', KEYS[1]) or ARGV[1]
if head == ARGV[2] then
  redis.call('XADD', KEYS[2], ARGV[4] .. '-0', 'line', ARGV[5])
  redis.call('SET', KEYS[1], ARGV[3])
  head = ARGV[3]
end
return head
"""
_END = """
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
return {redis.call('GET', KEYS[1]) or ARGV[1], last[1] and last[1][1] or ''}
"""


class Verdict(NamedTuple):
    """What a look at a whole log found."""

    head: Head
    problems: tuple[Problem, ...]


class RedisAuditLog:
    """An `AuditLog` over the store for state."""

    def __init__(self, state: State, *, key: bytes, random_bytes: Callable[[int], bytes]) -> None:
        """`key` is never kept in the store: see `audit_key`."""
        self._state = state
        self._key = key
        self._random_bytes = random_bytes
        self._heads: dict[TenantId, Head] = {}
        self._locks: dict[TenantId, asyncio.Lock] = {}

    async def append(self, tenant_id: TenantId, act: Act) -> None:
        """Write `act` down for good; raises `Unavailable`, and then it may be written or not."""
        # One at a time in this process: more would only make one another try again. Tenants come from the settings.
        async with self._locks.setdefault(tenant_id, asyncio.Lock()):
            head = self._heads.get(tenant_id, START)
            line_id = self._random_bytes(ID_BYTES).hex()
            for _ in range(MOST_TRIES):
                text, after = next_line(act, head, line_id=line_id, tenant_id=tenant_id, key=self._key)
                head = await self._state.run(_appending(tenant_id, head, after, text), what=_WHAT)
                self._heads[tenant_id] = head
                if head == after:
                    return
        raise Unavailable(_WHAT)

    async def page(self, tenant_id: TenantId, *, after: int, limit: int) -> AuditPage:
        """Up to `limit` lines after the line of this number, and where the log ends; raises `Unavailable`."""
        head, _ = await self._state.run(_ending(tenant_id), what=_WHAT)
        return AuditPage(await self._state.run(_reading(tenant_id, after, limit), what=_WHAT), head)

    async def lines(self, tenant_id: TenantId) -> AsyncIterator[str]:
        """Every line that there is now, as it is written; raises `Unavailable`."""
        _, last = await self._state.run(_ending(tenant_id), what=_WHAT)
        async for text in self._lines(tenant_id, last):
            yield text

    async def verify(self, tenant_id: TenantId, *, noted: Head = START) -> Verdict:
        """Look at every line and at the head; raises `Unavailable`. Constant memory, but for problems.

        `noted` is a head that was written down elsewhere: the log must have come past it.
        """
        head, last = await self._state.run(_ending(tenant_id), what=_WHAT)
        chain = Chain(tenant_id, self._key)
        problems: list[Problem] = []
        passed = noted == START
        async for text in self._lines(tenant_id, last):
            if (problem := chain.take(text)) is not None:
                problems.append(problem)
            passed = passed or chain.head == noted
        if (problem := chain.finish(head)) is not None:
            problems.append(problem)
        if not passed:
            problems.append(Problem("end", "the log never came past the head that was noted: it was put back"))
        return Verdict(head, tuple(problems))

    async def _lines(self, tenant_id: TenantId, last: str) -> AsyncIterator[str]:
        """The lines up to the entry `last`; what is written meanwhile is for the next time."""
        after = "-"
        while last:
            found = await self._state.run(_scanning(tenant_id, after, last), what=_WHAT)
            for _, text in found:
                yield text
            if len(found) < PAGE_LINES:
                return
            after = f"({found[-1][0]}"


def audit_key(identity_secret: bytes) -> bytes:
    """The key of the chains: it follows from a secret that is as old as the installation and never stored in clear."""
    return hmac.digest(identity_secret, b"audit log", "sha256")


def _keys(tenant_id: TenantId) -> tuple[str, str]:
    return names.audit_head(tenant_id), names.audit(tenant_id)


def _appending(tenant_id: TenantId, before: Head, after: Head, text: str) -> Callable[[AnyRedis], Awaitable[Head]]:
    async def append(client: AnyRedis) -> Head:
        told = (START.text, before.text, after.text, after.lines, text)
        return _head(await client.eval(_APPEND, 2, *_keys(tenant_id), *map(str, told)))

    return append


def _ending(tenant_id: TenantId) -> Callable[[AnyRedis], Awaitable[tuple[Head, str]]]:
    """The head, and the id of the last entry or nothing, both as of one moment."""

    async def end(client: AnyRedis) -> tuple[Head, str]:
        head, last = await client.eval(_END, 2, *_keys(tenant_id), START.text)
        return _head(head), last.decode()

    return end


def _reading(tenant_id: TenantId, after: int, limit: int) -> Callable[[AnyRedis], Awaitable[tuple[str, ...]]]:
    async def read(client: AnyRedis) -> tuple[str, ...]:
        return tuple(_texts(await client.xrange(names.audit(tenant_id), f"{after + 1}-0", "+", count=limit)))

    return read


def _scanning(tenant_id: TenantId, after: str, last: str) -> Callable[[AnyRedis], Awaitable[list[tuple[str, str]]]]:
    async def scan(client: AnyRedis) -> list[tuple[str, str]]:
        found: Any = await client.xrange(names.audit(tenant_id), after, last, count=PAGE_LINES)
        return list(zip([entry_id.decode() for entry_id, _ in found], _texts(found), strict=True))

    return scan


def _texts(found: Any) -> list[str]:
    """The lines of stream entries; an entry that somebody else wrote is an empty line, which no chain takes."""
    return [fields.get(b"line", b"").decode(errors="replace") for _, fields in found]


def _head(text: bytes) -> Head:
    """A head that is spoilt is one that no chain ends at."""
    return parse_head(text.decode(errors="replace")) or Head(0, b"")
