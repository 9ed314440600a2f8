"""A branch is called unreachable only when no viewer reaches it, and common mistakes are found."""

import functools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.campaign.cel import Language, evaluate
from streamsrv.core.campaign.fields import Day, Field, Flag, Moment, Money, Number, OneOf, Record, Records, Text, Whole
from streamsrv.core.campaign.reach import can_hold
from streamsrv.core.campaign.schema import make_schema
from streamsrv.core.campaign.syntax import Syntax, parse_checked
from streamsrv.core.campaign.viewers import check_viewer

NOW = datetime(2026, 3, 31, 18, tzinfo=UTC)
CLOCK = {"now": NOW, "today": NOW.replace(hour=0)}
POLICY = Record(
    {
        "year": Field("year", Whole(2000, 2030)),
        "kind": Field("kind", OneOf(("new", "old"))),
        "paid": Field("paid", Flag()),
        "since": Field("since", Day(date(2020, 1, 1), date(2029, 12, 31))),
        "until": Field("until", Day(date(2030, 1, 1), date(2030, 1, 1))),
    }
)
SCHEMA = make_schema(
    {
        "tenure_years": Field("tenure_years", Whole(0, 100)),
        "product": Field("product", OneOf(("home", "motor", "life"))),
        "premium": Field("premium", Money("EUR", Decimal("1.10"), Decimal("900.40"))),
        "score": Field("score", Number(-1.5, 1.5)),
        "name": Field("name", Text(4)),
        "active": Field("active", Flag()),
        "renewal_on": Field("renewal_on", Day(date(2026, 1, 1), date(2026, 12, 31))),
        "seen": Field("seen", Moment(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))),
        "claims": Field("claims", Records({"cost": Field("cost", Whole(0, 9))}, 5)),
        "policy": Field("policy", POLICY),
        "number": Field("number", Whole()),
    }
)
LANGUAGE = Language(SCHEMA)
NEW_YEAR = 'timestamp("2026-01-01T00:00:00Z")'
SILVESTER = 'timestamp("2026-12-31T00:00:00Z")'
ANY_CLAIM = "claims.exists(c, c.cost > 5)"


def syntax(rule: str) -> Syntax:
    compiled = LANGUAGE.compile_condition(rule)
    assert not isinstance(compiled, list), compiled
    return parse_checked(compiled.serialize())


def holds(*true: str, false: Sequence[str] = ()) -> bool:
    return can_hold(SCHEMA, true=[syntax(rule) for rule in true], false=[syntax(rule) for rule in false])


@pytest.mark.parametrize(
    "rule",
    [
        "false",
        "true == false",
        "!(1 < 2.5)",
        '"a" in ["b"]',
        "tenure_years > 200",
        "200 < tenure_years",
        "5 < tenure_years && tenure_years < 6",
        "5 <= tenure_years && 5 > tenure_years",
        "5 < tenure_years && 5 >= tenure_years",
        "tenure_years < 0",
        "tenure_years > 5 && tenure_years < 6",
        "tenure_years > 5.2 && tenure_years < 5.8",
        "tenure_years in [101, 102]",
        "tenure_years in []",
        "(tenure_years >= 5) && tenure_years < 3",
        "!(tenure_years >= 5) && !(tenure_years < 7)",
        'product == "home" && product == "motor"',
        'product != "home" && product != "motor" && product != "life"',
        '!(product in ["home", "motor", "life"])',
        'product == "home" ? product == "life" : product == "home"',
        "active && !active",
        "active == false && active",
        "active == (tenure_years > 3) && active && tenure_years == 3",
        "active != (tenure_years > 3) && active && tenure_years == 4",
        "premium > 900.40",
        "premium < 1",
        "premium >= 5 && premium < 5.0",
        "score > 0.5 && score <= 0.5",
        'name == "Frieda"',
        'name == "Ann" && name == "Bob"',
        'name < "b" && name > "c"',
        "size(name) > 4",
        "size(claims) > 9",
        "claims.size() == 0 && size(claims) > 0",
        f"renewal_on < {NEW_YEAR}",
        f"renewal_on > {SILVESTER}",
        'renewal_on > timestamp("2026-03-31T00:00:00Z") && renewal_on < timestamp("2026-04-01T00:00:00Z")',
        'renewal_on == timestamp("2026-03-31T00:00:00+02:00")',
        'seen > timestamp("2026-01-02T01:00:00+01:00")',
        'seen < timestamp("2025-12-31T23:00:00-01:00")',
        "policy.year > 2030",
        'policy.kind == "new" && policy.kind == "old"',
        "policy.paid && !policy.paid",
        'timestamp(policy.since) > timestamp("2029-12-31T00:00:00Z")',
        f"{ANY_CLAIM} && !{ANY_CLAIM}",
        "renewal_on < today && !(renewal_on < today)",
        '(product == "home" || active) && product == "life" && !active',
    ],
)
def test_a_rule_that_no_viewer_makes_true_is_found(rule: str) -> None:
    assert not holds(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "true",
        "tenure_years >= 100",
        "tenure_years <= 0",
        "tenure_years > 5 && tenure_years < 7",
        "number > 9223372036854775806",
        "number < -9223372036854775807",
        "number == 9007199254740993 && number <= 9007199254740992.0",
        "premium >= 900.40 && premium <= 901",
        "premium > 5.0 && premium < 5.01",
        'name > "Ann" && name < "Ann!"',
        'name < "A"',
        'name != "" && name != "Ann"',
        "size(name) == 4 && size(claims) == 5",
        f"renewal_on == {NEW_YEAR}",
        f"renewal_on == {SILVESTER}",
        'renewal_on == timestamp("2026-03-31T02:00:00+02:00")',
        'seen > timestamp("2026-01-01T00:00:00Z") && seen < timestamp("2026-01-01T00:00:00.000002Z")',
        "now > timestamp('2026-01-01T00:00:00Z') && now < timestamp('2026-01-01T00:00:00Z')",
        "renewal_on < now && renewal_on > today",
        f"{ANY_CLAIM} && !claims.exists(c, c.cost > 6)",
        "has(policy.paid) && !policy.paid",
        "tenure_years + 1 > 200",
        'name.startsWith("A") && name == "Bob"',
        '!("y" in {"x": "y"})',
        "5 <= tenure_years && 5 >= tenure_years",
        "!(5 < tenure_years) && !(5 > tenure_years)",
        "(policy.year || true) && policy.year > 2003",
        '!(policy.until == timestamp("2030-01-01T00:00:00Z"))',
        "[has(policy.paid)] == [true] && !([policy.paid] == [true])",
        "tenure_years != number && number != size(claims) && size(claims) != tenure_years",
        "active && (number > 5 ? !active : active)",
        "active && !(number > 5 && active)",
        "active && (number > 5 || !active)",
        "google.protobuf.Timestamp{seconds: 1} < now && !(google.protobuf.Timestamp{nanos: 1} < now)",
    ],
)
def test_a_rule_that_can_be_true_or_cannot_be_told_passes(rule: str) -> None:
    assert holds(rule)


@pytest.mark.parametrize(
    ("earlier", "option"),
    [
        (["tenure_years >= 5"], "tenure_years > 7"),
        (["active && tenure_years > 3"], "active && tenure_years > 3"),
        ([f"{ANY_CLAIM} && active"], f"active && {ANY_CLAIM}"),
        (["true"], "active"),
        (["tenure_years >= 0"], 'product == "home"'),
        (['product == "home"', 'product in ["motor", "life"]'], "active"),
        (['product == "home"', 'product == "motor" && active', 'product == "motor"'], 'product != "life"'),
        (["active", 'product == "home"'], '!active && product != "motor" && product != "life"'),
        (["active || tenure_years > 3", "premium > 5"], "active ? premium > 7 : tenure_years > 4"),
        (["active && tenure_years < 9", "active && tenure_years >= 9"], "active"),
        (["active == policy.paid", "active", "policy.paid == true"], "true"),
    ],
)
def test_an_option_that_earlier_ones_leave_nothing_to_is_found(earlier: Sequence[str], option: str) -> None:
    assert not holds(option, false=earlier)


@pytest.mark.parametrize(
    ("earlier", "option"),
    [
        (["tenure_years > 7"], "tenure_years >= 5"),
        (["active && tenure_years > 3"], "active"),
        (['product == "home"', 'product == "motor"'], "active"),
        (["active && tenure_years < 9", "active && tenure_years > 9"], "active"),
        (["premium < 5", "premium > 5"], "true"),
        ([ANY_CLAIM], "claims.exists(d, d.cost > 5)"),
    ],
)
def test_an_option_that_earlier_ones_leave_something_to_passes(earlier: Sequence[str], option: str) -> None:
    assert holds(option, false=earlier)


def test_of_a_hundred_options_each_alike_to_none_before_it_only_the_last_is_out_of_reach() -> None:
    ages = [f"tenure_years == {age} && product in ['home', 'motor']" for age in range(99)]
    options = [*map(syntax, ages), syntax('tenure_years < 99 && product != "life"')]

    reached = [can_hold(SCHEMA, true=[option], false=options[:at]) for at, option in enumerate(options)]

    assert [True] * 99 + [False] == reached


def test_a_search_without_end_is_given_up() -> None:
    # Whether an even number of them is true does not depend on their order: only trying everything shows that.
    conditions = [f"claims.exists(c, c.cost > {at})" for at in range(20)]
    odd = functools.reduce("({}) != ({})".format, conditions)
    even = "!({})".format(functools.reduce("({}) != ({})".format, reversed(conditions)))

    assert holds(odd, even)


def test_a_term_that_is_asked_about_very_much_is_given_up() -> None:
    rules = [f"number in {list(range(at, at + 80_000, 1_000))}" for at in range(100)]

    assert holds(*rules)


def test_terms_that_hang_together_by_the_hundred_are_given_up_before_the_stack_ends() -> None:
    conditions = [f"claims.exists(c, c.cost > {at})" for at in range(990)]
    apart = [conditions[at : at + 22] for at in range(0, 990, 22)]

    assert holds(*[functools.reduce("({}) != ({})".format, ["active", *some]) for some in apart])


WORDS = st.sampled_from(["home", "motor", "life"])
NAMES = st.text("Aab é!\U0001f600", max_size=4)
NUMBERS = st.sampled_from(["-1", "0", "3", "5", "7", "100", "101", "2.5", "5.0", "1.1", "900.4"])
WHOLE = st.sampled_from(["0", "3", "4", "5", "7", "100", "-9223372036854775808", "9007199254740993"])
DAYS = st.sampled_from(
    [
        f'timestamp("{text}")'
        for text in (
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00.000001Z",
            "2026-01-01T00:00:00.0000015Z",
            "2026-01-02T02:00:00+02:00",
            "2026-01-01T23:30:00-00:30",
            "2026-01-02",
            "2026-02-30T00:00:00Z",
        )
    ]
)
ORDERS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])


def compared(
    term: str, constants: st.SearchStrategy[str], signs: st.SearchStrategy[str] = ORDERS
) -> st.SearchStrategy[str]:
    """`term` and a constant, in either order, or `term` among a few of them."""
    among = st.lists(constants, max_size=3).map(lambda found: f"{term} in [{', '.join(found)}]")
    pairs = st.tuples(st.permutations([st.just(term), constants]), signs).flatmap(
        lambda pair: st.tuples(pair[0][0], st.just(pair[1]), pair[0][1]).map(" ".join)
    )
    return pairs | among


QUOTED_NAMES = NAMES.map(lambda text: f'"{text}"')
TESTS = st.one_of(
    compared("tenure_years", WHOLE),
    compared("number", WHOLE),
    compared("size(claims)", WHOLE),
    compared("size(name)", WHOLE),
    compared("product", WORDS.map(lambda word: f'"{word}"')),
    compared("name", QUOTED_NAMES),
    compared("renewal_on", DAYS),
    compared("seen", DAYS),
    compared("timestamp(policy.since)", DAYS),
    compared("policy.year", NUMBERS | st.sampled_from(["2000", "2001", "2001.0", "2001.5"])),
    compared("policy.kind", st.sampled_from(['"new"', '"old"'])),
    compared("active", st.sampled_from(["true", "false"])),
    st.builds(
        "{} {} {}".format, st.sampled_from(["premium", "score", "tenure_years", "number"]), ORDERS, NUMBERS
    ).filter(lambda rule: "=" not in rule.replace("<=", "").replace(">=", "")),
    st.sampled_from(
        [
            "true",
            "false",
            "active",
            "policy.paid",
            "has(policy.paid)",
            "premium == 5.0",
            "score != 1.1",
            "number > 9007199254740992.0",
            "number <= 9223372036854775807.0",
            "policy.year == policy.year",
            "10 / tenure_years > 2",
            "10 / size(claims) > 2",
            "claims[0].cost > 4",
            "policy.year",
            "renewal_on < now",
            "now < timestamp('2026-04-01T00:00:00Z')",
            'policy.since == "2026-01-01T00:00:00Z"',
            'name.contains("a")',
            ANY_CLAIM,
            "claims.all(c, c.cost > tenure_years)",
        ]
    ),
)
RULES = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.builds("!({})".format, inner),
        st.builds("({}) && ({})".format, inner, inner),
        st.builds("({}) || ({})".format, inner, inner),
        st.builds("({}) == ({})".format, inner, inner),
        st.builds("({}) != ({})".format, inner, inner),
        st.builds("({}) ? ({}) : ({})".format, inner, inner, inner),
    ),
    max_leaves=8,
)
VIEWERS = st.fixed_dictionaries(
    {
        "tenure_years": st.sampled_from([0, 1, 3, 4, 5, 6, 7, 100]),
        "product": WORDS,
        "premium": st.sampled_from(["1.10", "2.50", "5.00", "5.01", "100", "900.40"]),
        "score": st.sampled_from([-1.5, -1, 0, 1.1, 1.2, 1.5]),
        "name": NAMES,
        "active": st.booleans(),
        "renewal_on": st.sampled_from(["2026-01-01", "2026-01-02", "2026-01-03", "2026-12-31"]),
        "seen": st.integers(0, 3).map(lambda at: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)),
        "claims": st.lists(st.fixed_dictionaries({"cost": st.integers(0, 9)}), max_size=5),
        "policy": st.fixed_dictionaries(
            {
                "year": st.sampled_from([2000, 2001, 2002, 2030]),
                "kind": st.sampled_from(["new", "old"]),
                "paid": st.booleans(),
                "since": st.sampled_from(["2026-01-01", "2026-01-02", "2029-12-31"]),
                "until": st.just("2030-01-01"),
            }
        ),
        "number": st.sampled_from([-(2**63), -1, 0, 5, 6, 2**53, 2**53 + 1, 2**63 - 1]),
    }
)


@given(VIEWERS, st.lists(RULES, min_size=1, max_size=6))
def test_what_some_viewer_makes_true_and_false_can_hold(viewer: dict[str, object], rules: list[str]) -> None:
    attributes, problems = check_viewer(SCHEMA, viewer)
    given_by: dict[object, list[Syntax]] = {True: [], False: []}
    for rule in rules:
        compiled = LANGUAGE.compile_condition(rule)
        if not isinstance(compiled, list):
            outcome = evaluate(compiled, {**attributes.bound, **CLOCK})
            given_by.setdefault(outcome, []).append(parse_checked(compiled.serialize()))

    assert () == problems
    assert can_hold(SCHEMA, true=given_by[True], false=given_by[False])
