"""The audit log: who did what to whom, as lines that prove they are all there, unchanged and in order (B26).

Each line carries an HMAC over the line before it, so without the key no line can be changed, taken out, put in or
moved. The head (how many lines, and the last one's HMAC) is kept apart from the lines: it tells when the last ones
are missing. Whoever may write to the store could put back an older head with its lines; `Head.text`, noted elsewhere,
tells that. Lines name people by opaque ids only, never by anything of theirs (B8).
"""

import hmac
import json
from collections.abc import Mapping
from typing import NamedTuple

from streamsrv.core.errors import Problem
from streamsrv.core.model import TenantId

_MAC_BYTES = 32
_FIELDS = {"n": int, "id": str, "at_ms": int, "actor": str, "action": str, "subject": str, "detail": dict, "mac": str}


class Act(NamedTuple):
    """Something that someone did with the server's administration."""

    at_ms: int
    actor: str
    """`key:` and an API key's prefix, or `cli:` and the name of whoever ran the command."""
    action: str
    """The thing and the verb: `viewer.write`."""
    subject: str
    """An opaque id: a link's text, a campaign's id, a key's prefix."""
    detail: Mapping[str, str | int]


class Head(NamedTuple):
    """Where a log ends."""

    lines: int
    mac: bytes

    @property
    def text(self) -> str:
        """To be kept elsewhere, and compared later."""
        return f"{self.lines}:{self.mac.hex()}"


START = Head(0, bytes(_MAC_BYTES))
"""The head of a log without lines."""


class Line(NamedTuple):
    """One line of a log, as it is written."""

    number: int
    line_id: str
    """Random: two equal acts at one moment are two lines, and one that was sent twice is one."""
    act: Act
    mac: bytes


class AuditPage(NamedTuple):
    """Some lines of a log in order, as they are written, and where the whole log ends."""

    texts: tuple[str, ...]
    head: Head


def next_line(act: Act, head: Head, *, line_id: str, tenant_id: TenantId, key: bytes) -> tuple[str, Head]:
    """The line that follows `head`, and the head after it."""
    number = head.lines + 1
    mac = _mac(act, number, line_id, head.mac, tenant_id, key)
    return _json({"n": number, "id": line_id, **_plain(act), "mac": mac.hex()}), Head(number, mac)


def parse_head(text: str) -> Head | None:
    """The head that `Head.text` told; None for anything else."""
    count, _, mac = text.partition(":")
    try:
        head = Head(int(count), bytes.fromhex(mac))
    except ValueError:
        return None
    return head if head.text == text and len(head.mac) == _MAC_BYTES else None


def parse_line(text: str) -> Line | None:
    """A line as `next_line` wrote it; None for anything else."""
    try:
        found = json.loads(text)
        if not isinstance(found, dict) or {name: type(value) for name, value in found.items()} != _FIELDS:
            return None
        mac = bytes.fromhex(found.pop("mac"))
    except (ValueError, RecursionError):
        return None
    return Line(found.pop("n"), found.pop("id"), Act(**found), mac)


class Chain:
    """Checks a log's lines one by one, in constant memory."""

    def __init__(self, tenant_id: TenantId, key: bytes) -> None:
        self._tenant_id = tenant_id
        self._key = key
        self.head = START
        """Where the lines that were taken so far end."""

    def take(self, text: str) -> Problem | None:
        """The next line's problem; the chain goes on from the line as it stands, so that one break is told once."""
        expected = self.head.lines + 1
        line = parse_line(text)
        if line is None:
            self.head = Head(expected, self.head.mac)
            return Problem(f"line {expected}", "is not a line of an audit log")
        mac = _mac(line.act, line.number, line.line_id, self.head.mac, self._tenant_id, self._key)
        self.head = Head(line.number, line.mac)
        if line.number != expected:
            return Problem(f"line {expected}", f"is missing or moved: line {line.number} stands there")
        if not hmac.compare_digest(mac, line.mac):
            return Problem(f"line {expected}", "was changed, or the line before it")
        return None

    def finish(self, head: Head) -> Problem | None:
        """What is wrong with the end of the log, whose head says `head`."""
        if self.head == head:
            return None
        if self.head.lines < head.lines:
            return Problem("end", f"{head.lines - self.head.lines} of {head.lines} lines are missing")
        if self.head.lines > head.lines:
            return Problem("end", f"there are {self.head.lines} lines, and the head knows of {head.lines}")
        return Problem("end", "the last line is another than the head knows")


def _mac(act: Act, number: int, line_id: str, before: bytes, tenant_id: TenantId, key: bytes) -> bytes:
    signed = _json([tenant_id, number, line_id, before.hex(), _plain(act)])
    return hmac.digest(key, signed.encode(), "sha256")


def _plain(act: Act) -> dict[str, object]:
    return {**act._asdict(), "detail": dict(act.detail)}


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)
