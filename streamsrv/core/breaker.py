"""When to stop asking what is away, and how often to ask twice. Pure: time and chance are arguments."""

from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

BUCKETS = 10
WINDOW_S = 2.0
"""Outcomes of so long are looked at, unless somebody says otherwise: by time, for calls that are late end together,
after the others."""
LEAST_FAILURES = 5
FAILED_SHARE = 0.8
"""It opens when at least this many of them failed, and at least this share. A cluster that lost a third stays open to
its other viewers."""
PROBES = 2
"""Calls let through when it is half open. All of them must do well before it closes."""
FIRST_OPEN_S = 0.25
LONGEST_OPEN_S = 4.0
"""How long it stays open: the first time, and at most; twice as long each time that a probe fails."""
RETRY_SHARE = 0.2
"""Retries for each call, in the long run (A12)."""
SAVED_RETRIES = 10.0


class BreakerState(IntEnum):
    """The value is the gauge's."""

    CLOSED = 0
    HALF_OPEN = 1
    OPEN = 2


class Outcomes:
    """How calls ended in the latest `window_s`, a tenth of it at a time."""

    def __init__(self, monotonic: Callable[[], float], window_s: float) -> None:
        self._monotonic = monotonic
        self._bucket_s = window_s / BUCKETS
        self._buckets: dict[int, list[int]] = {}

    def add(self, *, well: bool) -> None:
        now = self._now()
        if now not in self._buckets:
            self._forget(now)
            self._buckets[now] = [0, 0]
        self._buckets[now][0] += 1
        self._buckets[now][1] += not well

    def total(self) -> tuple[int, int]:
        """How many, and how many of them failed."""
        self._forget(self._now())
        return sum(done for done, _ in self._buckets.values()), sum(failed for _, failed in self._buckets.values())

    def span_s(self) -> float:
        """How long ago the first was, or a bucket longer."""
        now = self._now()
        return (now - min(self._buckets, default=now)) * self._bucket_s

    def clear(self) -> None:
        self._buckets.clear()

    def _forget(self, now: int) -> None:
        for past in [bucket for bucket in self._buckets if bucket <= now - BUCKETS]:
            del self._buckets[past]

    def _now(self) -> int:
        return int(self._monotonic() / self._bucket_s)


class Permit(NamedTuple):
    era: int
    is_probe: bool


class Breaker:
    """A circuit breaker (A13): closed, open, half open, and closed again once exactly `PROBES` probes did well.

    A call asks for a permit and says with it how it ended. Permits of an earlier state say nothing about this one:
    they are taken and ignored.
    """

    def __init__(
        self,
        *,
        monotonic: Callable[[], float],
        uniform: Callable[[float, float], float],
        window_s: float = WINDOW_S,
        least_span_s: float = 0.0,
    ) -> None:
        """`uniform` draws a number between two.

        Outcomes must lie `least_span_s` apart to open it: of calls made together, those that are refused end first.
        """
        self._least_span_s = least_span_s
        self._monotonic = monotonic
        self._uniform = uniform
        self._state = BreakerState.CLOSED
        self._era = 0
        self._outcomes = Outcomes(monotonic, window_s)
        self._open_until_s = 0.0
        self._open_s = FIRST_OPEN_S
        self._probing = 0
        self._passed = 0
        self.opened = 0
        """How often it opened, failed probes included."""

    @property
    def state(self) -> BreakerState:
        """What the next call meets."""
        if self._state is BreakerState.OPEN and self._monotonic() >= self._open_until_s:
            self._become(BreakerState.HALF_OPEN)
        return self._state

    def remaining_s(self) -> float:
        """How long it stays open; 0 when it is not."""
        return max(0.0, self._open_until_s - self._monotonic()) if self.state is BreakerState.OPEN else 0.0

    def admit(self) -> Permit | None:
        """A permit for one call, to be handed back by `settle`; None where the call must not be made."""
        state = self.state
        if state is BreakerState.OPEN:
            return None
        if state is BreakerState.HALF_OPEN:
            if self._probing + self._passed >= PROBES:
                return None
            self._probing += 1
        return Permit(self._era, state is BreakerState.HALF_OPEN)

    def settle(self, permit: Permit, *, well: bool | None) -> None:
        """Say how a call ended; None where that says nothing about whom it asked."""
        if permit.era != self._era:
            return
        if permit.is_probe:
            self._probing -= 1
            self._probed(well)
        elif well is not None:
            self._outcomes.add(well=well)
            if not well and self._are_too_many_failing():
                self._open_s = FIRST_OPEN_S
                self._open()

    def _are_too_many_failing(self) -> bool:
        done, failed = self._outcomes.total()
        is_much = failed >= LEAST_FAILURES and failed >= FAILED_SHARE * done
        return is_much and self._outcomes.span_s() >= self._least_span_s

    def _probed(self, well: bool | None) -> None:
        if well:
            self._passed += 1
            if self._passed == PROBES:
                self._become(BreakerState.CLOSED)
        elif well is False:
            self._open_s = min(2 * self._open_s, LONGEST_OPEN_S)
            self._open()

    def _open(self) -> None:
        self.opened += 1
        # Processes that lost it at the same moment must not all come back at the same moment.
        self._open_until_s = self._monotonic() + self._open_s * self._uniform(0.75, 1.25)
        self._become(BreakerState.OPEN)

    def _become(self, state: BreakerState) -> None:
        self._state = state
        self._era += 1
        self._outcomes.clear()
        self._probing = self._passed = 0


class RetryBudget:
    """Each call pays in a fifth of a retry, and a retry costs a whole one: however bad it gets, 1.2 tries a call."""

    def __init__(self) -> None:
        self._saved = 0.0

    def pay_in(self) -> None:
        self._saved = min(SAVED_RETRIES, self._saved + RETRY_SHARE)

    def take(self) -> bool:
        """Whether one more retry may be made, which is then paid."""
        # Adding a fifth five times gives a little less than one.
        if self._saved < 1.0 - 1e-9:
            return False
        self._saved -= 1.0
        return True
