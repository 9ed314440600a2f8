"""Assignment is even, independent, sticky, and the same everywhere (C18)."""

import subprocess
import sys
from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2_contingency, chisquare

from streamsrv.core.experiments import MILLION, Experiment, assign, is_held_out, unit_key

UNITS = tuple(f"viewer-{number:06}" for number in range(200_000))
SALT = "renewal"

texts = st.text(st.characters(exclude_categories=["Cs"]))
all_weights = st.lists(st.integers(0, 2**40), min_size=1, max_size=12).filter(any)


def experiment(name: str = "offer-2026", /, **arms: int) -> Experiment:
    return Experiment(name, tuple(arms.items()))


def arms_of(asked: Experiment, units: tuple[str, ...] = UNITS) -> Mapping[str, str]:
    return {unit: assign(asked, salt=SALT, unit=unit) for unit in units}


@pytest.mark.parametrize(
    "weights",
    [(50, 50), (90, 10), (1, 1, 1), (70, 20, 10)],
    ids=lambda weights: "-".join(map(str, weights)),
)
def test_arms_get_their_shares(weights: tuple[int, ...]) -> None:
    asked = Experiment("offer-2026", tuple((f"arm-{number}", weight) for number, weight in enumerate(weights)))
    counts = Counter(arms_of(asked).values())

    observed = [counts[arm] for arm, _ in asked.arms]
    expected = [len(UNITS) * weight / sum(weights) for weight in weights]
    assert chisquare(observed, expected).pvalue > 0.001


@pytest.mark.parametrize("other", ["offer-2027", "offer-202", "hello"])
def test_two_experiments_know_nothing_of_each_other(other: str) -> None:
    pairs = Counter(
        zip(arms_of(experiment(a=1, b=1)).values(), arms_of(experiment(other, a=2, b=1, c=1)).values(), strict=True)
    )

    table = [[pairs[mine, theirs] for theirs in "abc"] for mine in "ab"]
    assert chi2_contingency(table).pvalue > 0.001


def test_two_campaigns_know_nothing_of_each_other() -> None:
    asked = experiment(a=1, b=1)
    pairs = Counter(
        (assign(asked, salt="renewal", unit=unit), assign(asked, salt="churn", unit=unit)) for unit in UNITS
    )

    assert chi2_contingency([[pairs[mine, theirs] for theirs in "ab"] for mine in "ab"]).pvalue > 0.001


def test_the_holdout_knows_nothing_of_the_experiments() -> None:
    arms = arms_of(experiment("holdout", a=1, b=1))
    pairs = Counter((is_held_out(salt=SALT, unit=unit, share_ppm=500_000), arm) for unit, arm in arms.items())

    assert chi2_contingency([[pairs[held, arm] for arm in "ab"] for held in (True, False)]).pvalue > 0.001


@pytest.mark.parametrize("share_ppm", [1_000, 50_000, 100_000])
def test_the_holdout_has_its_share(share_ppm: int) -> None:
    held_out = sum(is_held_out(salt=SALT, unit=unit, share_ppm=share_ppm) for unit in UNITS)

    assert binomtest(held_out, len(UNITS), share_ppm / MILLION).pvalue > 0.001


def test_nobody_or_everybody_can_be_held_out() -> None:
    some = UNITS[:1000]

    assert not any(is_held_out(salt=SALT, unit=unit, share_ppm=0) for unit in some)
    assert all(is_held_out(salt=SALT, unit=unit, share_ppm=MILLION) for unit in some)


def test_a_larger_holdout_keeps_who_was_in_it() -> None:
    small = {unit for unit in UNITS if is_held_out(salt=SALT, unit=unit, share_ppm=50_000)}
    large = {unit for unit in UNITS if is_held_out(salt=SALT, unit=unit, share_ppm=100_000)}

    assert small < large


def test_widening_the_last_arm_moves_units_only_into_it() -> None:
    before = arms_of(experiment(plain=70, bonus=20, gift=10))
    after = arms_of(experiment(plain=70, bonus=10, gift=20))
    moves = Counter((before[unit], after[unit]) for unit in UNITS if before[unit] != after[unit])

    assert {("bonus", "gift")} == moves.keys()
    assert binomtest(moves["bonus", "gift"], len(UNITS), 0.1).pvalue > 0.001


def test_an_arm_of_no_weight_gets_nobody() -> None:
    asked = experiment(first=0, a=1, between=0, b=1, last=0)

    assert {"a", "b"} == set(arms_of(asked, UNITS[:1000]).values())


def test_these_units_have_these_arms_for_ever() -> None:
    """Whoever changes the hash moves the viewers of every running experiment."""
    asked = experiment(plain=50, bonus=50)
    units = ("ana", "ben", "chloé", "")

    assert ["bonus", "bonus", "bonus", "plain"] == [assign(asked, salt=SALT, unit=unit) for unit in units]
    assert [True, False, False, False] == [is_held_out(salt=SALT, unit=unit, share_ppm=500_000) for unit in units]
    assert [
        "102cce0de1027b0535d423fcf4a40aa5",
        "eb8526130c75f9ba80f80940aff88f25",
        "f416ababa0048fe994c787f843e1af97",
        "a71ebc90b72446072c1839e40a908fa7",
    ] == [unit_key(salt=SALT, unit=unit) for unit in units]


def test_every_process_gives_the_same_answer() -> None:
    code = (
        "from streamsrv.core.experiments import *\n"
        "asked = Experiment('offer-2026', (('plain', 50), ('bonus', 50)))\n"
        "print(*(assign(asked, salt='renewal', unit=f'viewer-{number:06}') for number in range(1000)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert list(arms_of(experiment(plain=50, bonus=50), UNITS[:1000]).values()) == done.stdout.split()


@given(all_weights, texts, texts, texts)
def test_every_unit_has_an_arm_that_has_weight(weights: list[int], name: str, salt: str, unit: str) -> None:
    asked = Experiment(name, tuple((f"arm-{number}", weight) for number, weight in enumerate(weights)))

    assert dict(asked.arms)[assign(asked, salt=salt, unit=unit)] > 0


@given(all_weights, st.integers(1, 1000), texts)
def test_only_the_proportions_of_weights_count(weights: list[int], factor: int, unit: str) -> None:
    asked = Experiment("x", tuple((f"arm-{number}", weight) for number, weight in enumerate(weights)))
    scaled = Experiment("x", tuple((arm, weight * factor) for arm, weight in asked.arms))

    assert assign(asked, salt=SALT, unit=unit) == assign(scaled, salt=SALT, unit=unit)


@given(texts, texts, texts, texts)
def test_a_unit_key_stands_for_one_unit_of_one_salt(salt: str, unit: str, other_salt: str, other_unit: str) -> None:
    key = unit_key(salt=salt, unit=unit)

    assert 16 == len(bytes.fromhex(key))
    assert ((salt, unit) == (other_salt, other_unit)) == (key == unit_key(salt=other_salt, unit=other_unit))


def test_where_one_part_ends_and_the_next_begins_counts() -> None:
    assert unit_key(salt="a", unit="bc") != unit_key(salt="ab", unit="c")
    assert unit_key(salt="a", unit="\0b") != unit_key(salt="a\0", unit="b")


@pytest.mark.parametrize(
    "arms",
    [(), (("a", 0), ("b", 0)), (("a", 1), ("b", -1)), (("a", 1), ("a", 1))],
    ids=["no arms", "no weight", "below 0", "twice"],
)
def test_an_experiment_without_a_possible_arm_is_refused(arms: tuple[tuple[str, int], ...]) -> None:
    with pytest.raises(ValueError, match="experiment offer"):
        Experiment("offer", arms)
