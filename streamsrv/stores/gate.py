"""Who is let in: devices, sessions and wrong answers of each link, counted over all processes in the store for state.

One script looks, decides and counts, so that a hundred knocks at once are a hundred knocks in a row. What is kept of a
device is a keyed hash, different for every link; of an answer nothing at all.
"""

import hashlib
import hmac
from collections import Counter
from typing import Any

from redis.exceptions import NoScriptError

from streamsrv.core.access import (
    BARRED,
    MAX_DEVICE_CHARS,
    OPEN,
    Access,
    Admission,
    Barred,
    Knock,
    Verify,
    is_answerable,
    is_right,
)
from streamsrv.core.identity import link_text
from streamsrv.core.model import LinkId, Viewer
from streamsrv.ports import Clock
from streamsrv.stores.state import AnyRedis, State, names

REMEMBERED_S = 30 * 86_400
"""How long a device counts, and need not answer again, after it was last seen or has answered."""
DAY_S = 86_400
MAX_DEVICES_KEPT = 100
"""As many as a policy may allow; the one not seen for longest goes."""
LOCKS_S = (900, 3_600, 14_400, 86_400, 604_800)
"""How long a link takes no answers, the first time, the second time and so on: a year of birth is one of 80."""
_DEVICE_BYTES = 12
_NOT_ASKED, _RIGHT, _WRONG, _UNANSWERED = range(4)

# KEYS: devices, tries. ARGV: now, device, what the answer was, most devices, most sessions, most tries, then constants.
# A device is "seen:answered", in seconds; "s" and "w" are the day's sessions and when that day began.
_SCRIPT = """
local now, device, answer = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local most_devices, most_sessions, most_tries = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local remembered, day, kept = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local seen, answered, devices, oldest, oldest_seen = nil, 0, 0, nil, nil
local sessions, began = 0, now
local all = redis.call('HGETALL', KEYS[1])
for at = 1, #all, 2 do
  local name, value = all[at], all[at + 1]
  if name == 's' then sessions = tonumber(value)
  elseif name == 'w' then began = tonumber(value)
  else
    local last, proved = string.match(value, '(%d+):(%d+)')
    last, proved = tonumber(last), tonumber(proved)
    if now - last > remembered then redis.call('HDEL', KEYS[1], name)
    else
      devices = devices + 1
      if not oldest_seen or last < oldest_seen then oldest, oldest_seen = name, last end
      if name == device then seen = last; if now - proved <= remembered then answered = proved end end
    end
  end
end
local proves = false
if answer ~= 0 and answered == 0 then
  local tries = redis.call('HMGET', KEYS[2], 'n', 'level', 'until')
  local wrong, level, locked = tonumber(tries[1] or 0), tonumber(tries[2] or 0), tonumber(tries[3] or 0)
  if locked > now then return {'locked', 0, locked - now} end
  if answer == 3 then return {'unanswered', most_tries - wrong, 0} end
  if answer == 2 then
    wrong = wrong + 1
    local result = {'wrong', most_tries - wrong, 0}
    if wrong >= most_tries then
      level = level + 1
      local lasts = tonumber(ARGV[9 + math.min(level, #ARGV - 9)])
      redis.call('HSET', KEYS[2], 'until', now + lasts)
      wrong = 0
      result = {'locked', 0, lasts}
    end
    redis.call('HSET', KEYS[2], 'n', wrong, 'level', level)
    redis.call('EXPIRE', KEYS[2], remembered)
    return result
  end
  proves = true
end
if now - began >= day then sessions, began = 0, now end
if most_sessions > 0 and sessions >= most_sessions then return {'sessions', 0, began + day - now} end
if most_devices > 0 and not seen and (device == '' or devices >= most_devices) then return {'devices', 0, 0} end
if proves then redis.call('DEL', KEYS[2]); answered = now end
if device ~= '' and (most_devices > 0 or answered > 0) then
  if not seen and devices >= kept then redis.call('HDEL', KEYS[1], oldest) end
  redis.call('HSET', KEYS[1], device, now .. ':' .. answered)
end
if most_sessions > 0 then redis.call('HSET', KEYS[1], 's', sessions + 1, 'w', began) end
redis.call('EXPIRE', KEYS[1], remembered)
return {'', 0, 0}
"""
_SCRIPT_SHA = hashlib.sha1(_SCRIPT.encode(), usedforsecurity=False).hexdigest()


class RedisGate:
    """A `Gate` over the store for state."""

    def __init__(self, state: State, *, secret: bytes, clock: Clock) -> None:
        self._state = state
        self._key = hmac.digest(secret, b"devices of links", "sha256")
        self._clock = clock
        self.outcomes: Counter[str] = Counter(dict.fromkeys(("admitted", *BARRED), 0))
        """How many knocks came to what."""

    async def admit(self, link_id: LinkId, access: Access, knock: Knock, viewer: Viewer) -> Admission:
        """Whether whoever knocks is told the viewer's own story; counts it. Raises `Unavailable`."""
        admission = await self._admission(link_id, access, knock, viewer)
        self.outcomes[admission.reason or "admitted"] += 1
        return admission

    async def _admission(self, link_id: LinkId, access: Access, knock: Knock, viewer: Viewer) -> Admission:
        answer = _NOT_ASKED
        if access.verify is not None:
            known = viewer.attributes.get(access.verify.attribute)
            if not is_answerable(access.verify.kind, known):
                return Admission(personal=False, reason="unanswerable")
            answer = _heard(access.verify, known, knock.answer)
        link = link_text(link_id)
        keys = (names.devices(link), names.failed_tries(link))
        arguments = (
            self._clock.now_ms() // 1000,
            self._device(link_id, knock.device),
            answer,
            access.devices or 0,
            access.sessions_a_day or 0,
            access.verify.tries if access.verify else 0,
            REMEMBERED_S,
            DAY_S,
            MAX_DEVICES_KEPT,
            *LOCKS_S,
        )

        async def decide(client: AnyRedis) -> Any:
            try:
                return await client.evalsha(_SCRIPT_SHA, len(keys), *keys, *arguments)
            except NoScriptError:
                return await client.eval(_SCRIPT, len(keys), *keys, *arguments)

        # Not twice: each knock is counted.
        reason, tries_left, retry_after_s = await self._state.run(decide, what="access", retry=False)
        return _admission_of(access, reason.decode(), tries_left, retry_after_s)

    def _device(self, link_id: LinkId, device: str) -> bytes:
        if not device or len(device) > MAX_DEVICE_CHARS:
            return b""
        named = device.encode(errors="surrogatepass")
        return hmac.digest(self._key, link_id + named, "sha256")[:_DEVICE_BYTES].hex().encode()


def _heard(verify: Verify, known: object, answer: str) -> int:
    if not answer.strip():
        return _UNANSWERED
    return _RIGHT if is_right(verify.kind, known, answer) else _WRONG


def _admission_of(access: Access, reason: str, tries_left: int, retry_after_s: int) -> Admission:
    why: Barred | None = next((known for known in BARRED if known == reason), None)
    match why:
        case None:
            return OPEN
        case "unanswered" | "wrong":
            return Admission(personal=False, reason=why, ask=access.verify, tries_left=tries_left)
        case "locked":
            return Admission(personal=False, reason=why, tries_left=0, retry_after_s=retry_after_s)
        case _:
            return Admission(personal=False, reason=why, retry_after_s=retry_after_s or None)
