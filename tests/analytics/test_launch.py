"""The cost of a launch: renders, seconds, hits, workers, and what is advised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.analytics.launch import Hour, RungCost, WindowLoad, plan_launch
from streamsrv.analytics.renders import Window
from streamsrv.core.model import SceneId

COST = RungCost("720p", cpu_s=0.5, size_bytes=100_000)


def load(
    *overlays: str, shown: int = 1000, renders: int = 100, distinct: tuple[int, ...] = (100,), seconds: float = 2.0,
    repeats: dict[int, int] | None = None, scene: str = "hello",
) -> WindowLoad:  # fmt: skip
    """A window of two segments."""
    window = Window(
        SceneId(scene), ("s",), overlays or ("name",), 1.0, 1.0 + seconds, shown, shown, renders, distinct, 2, 6,
        renders * 12,
    )  # fmt: skip
    return WindowLoad(window, seconds, repeats or {shown // renders: renders})


def test_words_are_rendered_once_and_shown_often() -> None:
    plan = plan_launch([load()], COST, viewers=1000)

    assert (2000, 200, 0.9) == (plan.segments_shown, plan.segments_to_render, plan.share_shared)
    assert (100.0, 20_000_000) == (plan.cpu_s, plan.size_bytes)


def test_the_dearest_window_stands_first_and_is_named() -> None:
    plan = plan_launch([load(), load("amount", renders=900, distinct=(900,), scene="card")], COST, viewers=1000)

    assert [("card", 0.9), ("hello", 0.1)] == [(one.scene, one.share_of_cpu) for one in plan.windows]
    assert ("amount in scene card drives the cost: 90 % of it, 900 renders",) == plan.advice


def test_overlays_that_cost_less_apart_are_told() -> None:
    one = load("name", "amount", renders=41_000, shown=50_000, distinct=(1_100, 800), repeats={1: 32_000, 2: 9_000})

    assert ("name and amount in one window of scene hello: 41,000 renders; in 2 windows: 1,900",) == plan_launch(
        [one], COST, viewers=50_000
    ).advice


def test_the_first_hour_renders_most_and_later_ones_share() -> None:
    plan = plan_launch([load(repeats={10: 100})], COST, viewers=1000, clicks=(500, 500, 0))

    first, second, third = plan.hours
    assert Hour(500, 1000, 200, 99.902, 1) == first
    assert (500, 1000, 0, 1) == (second.clicks, second.segments, second.rendered, second.workers)
    assert Hour(0, 0, 0, 0.0, 0) == third


def test_workers_are_as_many_as_the_hours_seconds_take() -> None:
    many = load(renders=50_000, shown=50_000, distinct=(50_000,), repeats={1: 50_000})

    (hour,) = plan_launch([many], COST, viewers=50_000, clicks=(25_000,)).hours
    # 25,000 renders of 2 s at 0.5 s a second, in 2,520 s of each worker.
    assert (25_000.0, 10) == (hour.cpu_s, hour.workers)


def test_nobody_costs_nothing() -> None:
    plan = plan_launch([], COST, viewers=0, clicks=(10,))

    assert (0, 0.0, (), ()) == (plan.segments_to_render, plan.cpu_s, plan.windows, plan.advice)
    assert (Hour(10, 0, 0, 0.0, 0),) == plan.hours


@given(st.lists(st.integers(0, 400), min_size=1, max_size=8), st.dictionaries(st.integers(1, 9), st.integers(1, 50)))
def test_no_hour_renders_more_than_is_asked_for_nor_all_of_them_more_than_there_is(
    clicks: list[int], repeats: dict[int, int]
) -> None:
    shown = sum(times * values for times, values in repeats.items())
    renders = sum(repeats.values())
    if not renders:
        return
    one = load(shown=shown, renders=renders, distinct=(renders,), repeats=repeats)
    hours = plan_launch([one], COST, viewers=1000, clicks=clicks).hours

    assert all(hour.rendered <= hour.segments + 1 for hour in hours)
    assert sum(hour.rendered for hour in hours) <= renders * 2 + len(hours)
    assert all(hour.cpu_s == pytest.approx(max(0.0, hour.cpu_s)) for hour in hours)
