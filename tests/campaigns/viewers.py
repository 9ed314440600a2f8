"""Any viewer of a campaign. What is personal can be found again, wherever it must not be."""

from collections.abc import Mapping
from datetime import date

from hypothesis import strategies as st

from tests.campaigns.tree import Tree

SECRETS = ("PRIVAT", "76543", "1987")
"""Every value of a personal attribute, enums and truth values apart, has one of these in it."""
_HIDDEN: Mapping[str, tuple[object, ...]] = {
    "string": ("PRIVAT", "Äna PRIVAT"),
    "int": (76543, "76543"),
    "number": (76543.25, "76543.5"),
    "money": ("76543.21", 76543),
    "date": ("1987-06-05",),
    "datetime": ("1987-06-05T23:30:00Z", "1987-06-05 08:00:30+02:00"),
}
_OPEN: Mapping[str, tuple[object, ...]] = {
    "string": ("Ana", "Bo\u200bb", "e\u0301" * 40, "<b>{x}</b>", "🧑🏽‍🚀", "../..", "de-CH", "\u200b", ""),
    "int": (55, 0, 1, "100"),
    "number": (0.5, 0, "33.25", 100.0),
    "money": ("812.40", "0.00", 99.99, 100),
    "date": ("2026-01-01", "2027-06-30", date(2026, 7, 1)),
    "datetime": ("2026-01-01T00:00:00Z", "2027-06-30T23:59:59.5-11:00", "9999-12-31T23:59:59Z"),
}
_BROKEN: tuple[object, ...] = (
    "", "x", "PRIVAT\x00", "\ud800", "nan", "1e5", "2026-02-30", "9" * 40, "0001-01-01T00:00:00+14:00",
    -1, 10**30, 0.001, float("nan"), float("inf"), True, [], [None], [[]], [{}] * 99, {}, {"on": "x"}, {"a": {}},
)  # fmt: skip


@st.composite
def viewers(draw: st.DrawFn, tree: Tree) -> dict[str, object]:
    """What a viewer of the campaign may come with: good, missing and broken values, and some nobody asked for."""
    trouble = draw(st.sampled_from((0, 0, 1, 3)))
    given: dict[str, object] = {}
    for name, declared in tree["schema"].items():
        fate = draw(st.integers(0, 9)) - 2 * trouble
        if fate >= 0:
            given[name] = value(draw, declared)
        elif fate % 3:
            given[name] = draw(st.sampled_from(_BROKEN) | st.text(max_size=5)) if fate % 3 == 1 else None
    if draw(st.booleans()):
        given["unasked"] = "PRIVAT"
    return given


def value(draw: st.DrawFn, declared: Tree, hidden: bool = False) -> object:
    """Something that fits; for what is personal, something that can be found again."""
    hidden = hidden or declared.get("personal", False)
    match declared["type"]:
        case "record":
            return {name: value(draw, part, hidden) for name, part in declared["of"].items()}
        case "list":
            count = draw(st.integers(0, declared["max_items"]))
            return [{name: value(draw, part, hidden) for name, part in declared["of"].items()} for _ in range(count)]
        case "enum":
            return draw(st.sampled_from(declared["values"]))
        case "bool":
            return draw(st.sampled_from((True, False, "true", "false")))
        case kind:
            return draw(st.sampled_from((_HIDDEN if hidden else _OPEN)[kind]))
