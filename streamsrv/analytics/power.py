"""How many viewers show an effect on a rate, and which effect a number of viewers shows.

The two-sided test of two rates on the arcsine scale (Cohen's h = 2 asin √p₁ − 2 asin √p₀), both tails counted, as in
statsmodels' `NormalIndPower`: with N viewers in arms of shares s₀ and s₁ the test statistic is normal around
h √(N s₀ s₁ / (s₀ + s₁)). The figures are for one look, at the end; a test that may be read at any time needs more.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """A comparison of arms with their control: shares of the viewers (control first), false alarm rate, and power.

    With more than one arm beside the control, `alpha` is divided among the comparisons (Bonferroni).
    Raises `ValueError` where the numbers make no plan.
    """

    shares: tuple[float, ...]
    alpha: float = 0.05
    power: float = 0.8

    def __post_init__(self) -> None:
        if len(self.shares) < 2 or min(self.shares) <= 0 or not math.isclose(sum(self.shares), 1):
            raise ValueError(f"the shares are {self.shares}, expected two or more above 0 that add up to 1")
        if not 0 < self.alpha < self.power < 1:
            raise ValueError(f"alpha is {self.alpha}, power {self.power}, expected 0 < alpha < power < 1")

    @property
    def comparisons(self) -> int:
        return len(self.shares) - 1


@dataclass(frozen=True, slots=True)
class Detectable:
    """The rates nearest to the control's that can be told from it; None where not even 0 or 1 is far enough."""

    fall: float | None
    rise: float | None


def viewers_needed(baseline: float, rate: float, plan: Plan) -> tuple[int, ...]:
    """Viewers in each arm that tell the smallest arm's `rate` from the control's `baseline` with the plan's power.

    Raises `ValueError` where a rate is not between 0 and 1 or the two are equal.
    """
    _check(baseline)
    _check(rate)
    if rate == baseline:
        raise ValueError("the two rates are equal, expected different ones")
    effect = _angle(rate) - _angle(baseline)
    in_all = (_separation(plan) / effect) ** 2 / _weight(plan)
    return tuple(math.ceil(in_all * share) for share in plan.shares)


def detectable(baseline: float, viewers: int, plan: Plan) -> Detectable:
    """What `viewers` in all arms together can show against a control's `baseline`. Raises `ValueError` as above."""
    _check(baseline)
    if viewers < 1:
        raise ValueError(f"there are {viewers} viewers, expected one or more")
    effect = _separation(plan) / math.sqrt(viewers * _weight(plan))
    low, high = _angle(baseline) - effect, _angle(baseline) + effect
    return Detectable(
        fall=math.sin(low / 2) ** 2 if low > 0 else None,
        rise=math.sin(high / 2) ** 2 if high < math.pi else None,
    )


def _separation(plan: Plan) -> float:
    """How far from 0 the test statistic must stand on average, for it to pass either critical value often enough."""
    # SciPy takes 0.3 s to import, which every command would pay.
    from scipy.optimize import brentq
    from scipy.special import ndtr, ndtri

    critical = _critical(plan)

    def missing(shift: float) -> float:
        return float(ndtr(shift - critical) + ndtr(-shift - critical)) - plan.power

    # At 0 both tails together are alpha; at the upper end, and 1 beyond it for rounding, the effect's own is enough.
    return float(brentq(missing, 0.0, critical + float(ndtri(plan.power)) + 1))


def _critical(plan: Plan) -> float:
    from scipy.special import ndtri  # See _separation.

    return -float(ndtri(plan.alpha / plan.comparisons / 2))


def _weight(plan: Plan) -> float:
    """What one viewer in all adds to the comparison of the control with the smallest arm."""
    control, smallest = plan.shares[0], min(plan.shares[1:])
    return control * smallest / (control + smallest)


def _angle(rate: float) -> float:
    return 2 * math.asin(math.sqrt(rate))


def _check(rate: float) -> None:
    if not 0 < rate < 1:
        raise ValueError(f"the rate is {rate:g}, expected one between 0 and 1")
