"""How many viewers show an effect: the published figures, and what simulated experiments say (C26)."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import norm

from streamsrv.analytics.power import Plan, detectable, viewers_needed

HOLDOUT = Plan(shares=(0.1, 0.9))
HALVES = Plan(shares=(0.5, 0.5))
EXPERIMENTS = 20_000
NOISE = 4 * (0.25 / EXPERIMENTS) ** 0.5
"""Four standard errors of a share of that many experiments."""

rates = st.floats(0.001, 0.999)


@pytest.mark.parametrize(
    ("rate", "plan", "expected"),
    [
        (0.036, HOLDOUT, (7_715, 69_433)),
        (0.036, HALVES, (13_887, 13_887)),
        (0.033, HOLDOUT, (29_546, 265_909)),
    ],
)
def test_the_published_figures_come_out(rate: float, plan: Plan, expected: tuple[int, int]) -> None:
    assert expected == viewers_needed(0.03, rate, plan)


def test_the_totals_are_those_published() -> None:
    assert [77_148, 27_774, 295_455] == [
        sum(viewers_needed(0.03, 0.036, HOLDOUT)),
        sum(viewers_needed(0.03, 0.036, HALVES)),
        sum(viewers_needed(0.03, 0.033, HOLDOUT)),
    ]


@pytest.mark.parametrize("plan", [HOLDOUT, HALVES], ids=["holdout", "halves"])
@pytest.mark.parametrize("rate", [0.036, 0.024], ids=["rise", "fall"])
def test_simulated_experiments_show_the_effect_as_often_as_promised(rate: float, plan: Plan) -> None:
    shown = simulate(0.03, rate, viewers_needed(0.03, rate, plan))

    assert abs(plan.power - shown) < NOISE


@pytest.mark.parametrize("plan", [HOLDOUT, HALVES], ids=["holdout", "halves"])
def test_simulated_experiments_without_an_effect_show_one_as_seldom_as_promised(plan: Plan) -> None:
    shown = simulate(0.03, 0.03, viewers_needed(0.03, 0.036, plan))

    assert abs(plan.alpha - shown) < NOISE


def simulate(baseline: float, rate: float, viewers: tuple[int, ...]) -> float:
    """The share of experiments in which the two-sided test at 5 % on the arcsine scale shows a difference."""
    random = np.random.default_rng(20260301)
    control, treated = (
        2 * np.arcsin(np.sqrt(random.binomial(count, chance, EXPERIMENTS) / count))
        for count, chance in zip(viewers, (baseline, rate), strict=True)
    )
    statistic = (treated - control) / np.sqrt(sum(1 / count for count in viewers))
    return float(np.mean(np.abs(statistic) > 1.959963985))


@pytest.mark.parametrize(("plan", "power"), [(HOLDOUT, 0.79), (HALVES, 0.80)], ids=["holdout", "halves"])
def test_a_score_test_reaches_nearly_the_same_power(plan: Plan, power: float) -> None:
    """What reports use is the score test: where one arm is small it needs a little more."""
    random = np.random.default_rng(20260302)
    viewers = viewers_needed(0.03, 0.036, plan)
    control, treated = (
        random.binomial(count, chance, EXPERIMENTS) for count, chance in zip(viewers, (0.03, 0.036), strict=True)
    )
    pooled = (control + treated) / sum(viewers)
    error = np.sqrt(pooled * (1 - pooled) * sum(1 / count for count in viewers))
    shown = np.mean(np.abs(treated / viewers[1] - control / viewers[0]) / error > 1.959963985)

    assert abs(power - shown) < NOISE


@given(rates, rates, st.floats(0.01, 0.99), st.floats(0.06, 0.99))
def test_the_viewers_needed_are_just_enough(baseline: float, rate: float, share: float, power: float) -> None:
    assume(abs(rate - baseline) > 1e-4)
    plan = Plan(shares=(share, 1 - share), power=power)
    control, treated = viewers_needed(baseline, rate, plan)

    assert reached(baseline, rate, control, treated) > power - 1e-9
    assert reached(baseline, rate, control - 1, treated - 1) < power + 1e-9


def reached(baseline: float, rate: float, control: int, treated: int) -> float:
    """The power at 5 %, both tails."""
    effect = 2 * np.arcsin(np.sqrt(rate)) - 2 * np.arcsin(np.sqrt(baseline))
    shift = effect * np.sqrt(control * treated / max(control + treated, 1))
    return float(norm.cdf(shift - norm.ppf(0.975)) + norm.cdf(-shift - norm.ppf(0.975)))


@given(rates, st.integers(1, 10**9), st.floats(0.01, 0.99))
def test_what_viewers_can_show_needs_that_many(baseline: float, viewers: int, share: float) -> None:
    plan = Plan(shares=(share, 1 - share))
    found = detectable(baseline, viewers, plan)

    for rate in (found.fall, found.rise):
        if rate is not None and 0 < rate < 1:
            needed = sum(viewers_needed(baseline, rate, plan))
            assert viewers - 1 <= needed <= viewers + 2 + viewers * 1e-6


def test_few_viewers_show_nothing_at_all() -> None:
    found = detectable(0.5, 2, HALVES)

    assert (None, None) == (found.fall, found.rise)


def test_more_arms_need_more_viewers_because_each_may_be_wrong() -> None:
    two, three = Plan(shares=(0.5, 0.5)), Plan(shares=(0.5, 0.25, 0.25))
    alone = viewers_needed(0.03, 0.036, Plan(shares=(2 / 3, 1 / 3), alpha=0.025))

    assert (1, 2) == (two.comparisons, three.comparisons)
    assert alone == viewers_needed(0.03, 0.036, three)[:2]


def test_the_smallest_arm_decides() -> None:
    needed = viewers_needed(0.03, 0.036, Plan(shares=(0.4, 0.1, 0.5)))

    pair = Plan(shares=(0.8, 0.2), alpha=0.025)
    assert viewers_needed(0.03, 0.036, pair) == needed[:2]


@pytest.mark.parametrize(
    ("shares", "alpha", "power", "message"),
    [
        ((1.0,), 0.05, 0.8, "two or more"),
        ((0.0, 1.0), 0.05, 0.8, "above 0"),
        ((0.5, 0.6), 0.05, 0.8, "add up to 1"),
        ((0.5, 0.5), 0.0, 0.8, "0 < alpha"),
        ((0.5, 0.5), 0.8, 0.8, "alpha < power"),
        ((0.5, 0.5), 0.05, 1.0, "power < 1"),
    ],
)
def test_numbers_that_make_no_plan_are_refused(
    shares: tuple[float, ...], alpha: float, power: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Plan(shares=shares, alpha=alpha, power=power)


@pytest.mark.parametrize(
    ("baseline", "rate", "message"),
    [(0.0, 0.1, "the rate is 0,"), (0.1, 1.0, "the rate is 1,"), (0.1, 0.1, "equal")],
)
def test_rates_that_cannot_be_compared_are_refused(baseline: float, rate: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        viewers_needed(baseline, rate, HALVES)


def test_nobody_shows_nothing() -> None:
    with pytest.raises(ValueError, match="there are 0 viewers"):
        detectable(0.5, 0, HALVES)
