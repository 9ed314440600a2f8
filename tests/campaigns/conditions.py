"""Any condition over a schema: tests of its attributes, loops, audiences, and tests that fail for some viewers."""

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from tests.campaigns.tree import Tree, parts

_TESTS: Mapping[str, tuple[str, ...]] = {
    "string": ('{0} == "Ana"', '{0}.startsWith("B")', "size({0}) > 3", '!({0} in ["", "x"])', '{0}.contains("{{x}}")'),
    "int": ("{0} >= 50", "{0} < 60", "{0} % 2 == 0", "100 / {0} > 3", "{0} in [0, 1, 2]", "{0} > 10 ? {0} < 90 : true"),
    "number": ("{0} > 10.5", "{0} <= 80", "{0} * 2.0 != 1.0"),
    "money": ("{0} > 100.0", "{0} <= 812.4", "{0} < 900"),
    "date": (
        '{0} > timestamp("2026-06-01T00:00:00Z")',
        '{0} <= timestamp("2026-12-31T00:00:00+01:00")',
        "{0} < today",
        '{0} - today < duration("720h")',
    ),
    "datetime": (
        '{0} >= timestamp("2026-06-01T00:00:00Z")',
        "{0}.getMonth() < 6",
        "{0} < now",
        '{0}.getFullYear("Europe/Berlin") > 2020',
    ),
    "bool": ("{0}", "!{0}", "{0} == true"),
    "list": ("size({0}) > 0", "size({0}) < 2", "{0} != []"),
}
_CLOCK = ('now > timestamp("2026-06-01T00:00:00Z")', "today.getDayOfWeek() != 3")


def condition(draw: st.DrawFn, schema: Tree, audiences: Sequence[str]) -> str:
    """One rule over attributes that rules may read, and over `audiences`."""
    first = _one(draw, schema, audiences)
    match draw(st.integers(0, 7)):
        case 0:
            return f"{first} && {_one(draw, schema, audiences)}"
        case 1:
            return f"{first} || {_one(draw, schema, audiences)}  // or"
        case 2:
            return f"!({first})"
        case _:
            return first


def _one(draw: st.DrawFn, schema: Tree, audiences: Sequence[str]) -> str:
    known = parts(schema)
    kind = draw(st.integers(0, 14))
    if audiences and kind < 4:
        return draw(st.sampled_from(audiences))
    if not known or kind == 14:
        return draw(st.sampled_from(_CLOCK))
    path, declared = draw(st.sampled_from(known))
    return _loop(draw, path, declared) if declared["type"] == "list" and kind > 8 else _test(draw, path, declared)


def _loop(draw: st.DrawFn, path: str, declared: Tree) -> str:
    name, part = draw(st.sampled_from(parts(declared["of"])))
    macro = draw(st.sampled_from(("{0}.exists(x, {1})", "{0}.all(x, {1})", "size({0}.filter(x, {1})) > 0")))
    first = draw(st.integers(0, 3)) == 0
    # The first record of an empty list is a rule that fails.
    return _test(draw, f"{path}[0].{name}", part) if first else macro.format(path, _test(draw, f"x.{name}", part))


def _test(draw: st.DrawFn, path: str, declared: Tree) -> str:
    if declared["type"] == "enum":
        word = draw(st.sampled_from(declared["values"]))
        return draw(st.sampled_from((f'{path} == "{word}"', f'{path} != "{word}"', f'{path} in ["{word}"]')))
    inside = "." in path
    if inside and declared["type"] == "bool":
        return f"{path} == true"
    # Inside records, dates are text.
    written = f"timestamp({path})" if inside and declared["type"] in ("date", "datetime") else path
    return draw(st.sampled_from(_TESTS[declared["type"]])).format(written)
