"""When calls are let through, and how many retries there are."""

import random

from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core import breaker
from streamsrv.core.breaker import Breaker, BreakerState, RetryBudget


class Time:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def _breaker(time: Time) -> Breaker:
    return Breaker(monotonic=time, uniform=random.Random(1).uniform)


def _call(one: Breaker, *, well: bool | None) -> bool:
    """Whether the call was let through; if so, it ended like that."""
    permit = one.admit()
    if permit is not None:
        one.settle(permit, well=well)
    return permit is not None


def _opened(time: Time) -> Breaker:
    one = _breaker(time)
    for _ in range(breaker.LEAST_FAILURES):
        _call(one, well=False)
    return one


def test_it_opens_after_five_failures_and_lets_nothing_through() -> None:
    one = _breaker(Time())

    assert [_call(one, well=False) for _ in range(7)] == [True] * 5 + [False] * 2
    assert (one.state, one.opened) == (BreakerState.OPEN, 1)


def test_failures_of_one_moment_do_not_open_one_that_waits_and_sees() -> None:
    time = Time()
    one = Breaker(monotonic=time, uniform=random.Random(1).uniform, least_span_s=0.4)
    for _ in range(1000):
        _call(one, well=False)
    before = one.state
    time.now_s += 0.6
    _call(one, well=False)

    assert (before, one.state) == (BreakerState.CLOSED, BreakerState.OPEN)


def test_failures_among_successes_open_it_when_they_are_four_of_five() -> None:
    one = _breaker(Time())
    for _ in range(10):
        _call(one, well=True)
    for _ in range(39):
        _call(one, well=False)
    before = one.state
    _call(one, well=False)

    assert (before, one.state) == (BreakerState.CLOSED, BreakerState.OPEN)


def test_what_is_two_seconds_old_is_forgotten() -> None:
    time = Time()
    one = _breaker(time)
    for _ in range(1000):
        _call(one, well=True)
    time.now_s += breaker.WINDOW_S
    for _ in range(5):
        _call(one, well=False)

    assert one.state is BreakerState.OPEN


def test_half_open_lets_exactly_two_through_however_many_ask() -> None:
    time = Time()
    one = _opened(time)
    time.now_s += 60

    assert [one.admit() is not None for _ in range(100)] == [True] * 2 + [False] * 98
    assert one.state is BreakerState.HALF_OPEN


def test_two_good_probes_close_it_and_one_does_not() -> None:
    time = Time()
    one = _opened(time)
    time.now_s += 60
    _call(one, well=True)
    after_one = one.state
    _call(one, well=True)

    assert (after_one, one.state) == (BreakerState.HALF_OPEN, BreakerState.CLOSED)


def test_a_failed_probe_opens_it_again_for_twice_as_long_up_to_a_bound() -> None:
    time = Time()
    one = _opened(time)
    waits = [one.remaining_s()]
    for _ in range(7):
        time.now_s += one.remaining_s()
        _call(one, well=False)
        waits.append(one.remaining_s())
    longest = [min(breaker.FIRST_OPEN_S * 2**number, breaker.LONGEST_OPEN_S) for number in range(8)]

    assert all(0.75 * most <= wait <= 1.25 * most for wait, most in zip(waits, longest, strict=True))


def test_a_probe_that_says_nothing_makes_room_for_another() -> None:
    time = Time()
    one = _opened(time)
    time.now_s += 60
    for _ in range(5):
        _call(one, well=None)
    _call(one, well=True)
    _call(one, well=True)

    assert one.state is BreakerState.CLOSED


def test_a_call_from_before_it_opened_says_nothing_about_the_probes() -> None:
    time = Time()
    one = _breaker(time)
    early = one.admit()
    assert early is not None
    for _ in range(5):
        _call(one, well=False)
    time.now_s += 60
    one.admit()
    one.settle(early, well=False)

    assert one.state is BreakerState.HALF_OPEN


@given(st.lists(st.tuples(st.sampled_from([True, False, None]), st.floats(0, 10)), max_size=200))
def test_whatever_happens_two_good_calls_after_the_longest_wait_close_it(
    story: list[tuple[bool | None, float]],
) -> None:
    time = Time()
    one = _breaker(time)
    for well, pause_s in story:
        _call(one, well=well)
        time.now_s += pause_s
    time.now_s += 1.25 * breaker.LONGEST_OPEN_S
    _call(one, well=True)
    _call(one, well=True)

    assert one.state is BreakerState.CLOSED


@given(st.integers(0, 500), st.integers(1, 10))
def test_retries_never_pass_a_fifth_of_the_calls(calls: int, wished: int) -> None:
    budget, retries = RetryBudget(), 0
    for _ in range(calls):
        budget.pay_in()
        retries += sum(budget.take() for _ in range(wished))

    assert retries == calls // 5


def test_unused_retries_are_saved_up_to_ten() -> None:
    budget = RetryBudget()
    for _ in range(1000):
        budget.pay_in()

    assert sum(budget.take() for _ in range(50)) == 10
