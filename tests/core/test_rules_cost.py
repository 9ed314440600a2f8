"""What a rule may cost has a ceiling, at load and per viewer (B21)."""

import time
from collections.abc import Callable

import pytest

from streamsrv.core.campaign import Campaign, check_viewer, load_campaign
from streamsrv.core.errors import Invalid
from streamsrv.core.model import CampaignId, Viewer, ViewerId
from streamsrv.core.rules import decide

CEILING_S = 0.005


def load(*rules: str, max_items: int = 50, audiences: str = "") -> Campaign:
    slots = "".join(f"  - {{slot: s{index}, scene: a, when: '{rule}'}}\n" for index, rule in enumerate(rules))
    schema = f"c: {{type: list, max_items: {max_items}, of: {{v: {{type: int}}, t: {{type: string}}}}}}"
    text = f"campaign: x\nschema: {{{schema}}}\n{audiences}story:\n{slots}fallback: [b]\n"
    return load_campaign(text, where="x.yaml", scenes=None)


def fastest_s(act: Callable[[], object]) -> float:
    """The best of a few runs: what the work costs, without what else the machine does."""
    taken = []
    for _ in range(7):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return min(taken)


@pytest.mark.parametrize(
    "rule",
    [
        "+".join(["1"] * 10_000) + " == 1",
        "(" * 200 + "true" + ")" * 200,
        "[" * 200 + "]" * 200 + " == []",
        "c.all(x, " * 30 + "true" + ")" * 30,
        "c.all(x, c.all(y, c.all(z, true)))",
        "c.all(x, c.all(y, x.t.contains(y.t)))",
        "c.map(x, c.map(y, x.t + y.t)).size() > 0",
        "(c + c + c).size() > 0",
        '"aaaa".matches("(a+)+b")',
    ],
    ids=lambda rule: rule[:30],
)
def test_a_rule_that_could_cost_much_is_refused_when_the_file_is_loaded(rule: str) -> None:
    with pytest.raises(Invalid):
        load(rule)


def test_audiences_cannot_double_without_end() -> None:
    chain = "audiences:\n  a0: size(c) == 0\n" + "".join(f"  a{n}: a{n - 1} && a{n - 1}\n" for n in range(1, 40))

    with pytest.raises(Invalid, match="characters when its audiences are written out; expected at most 2000"):
        load("a39", audiences=chain)


@pytest.mark.parametrize(
    ("rules", "items"),
    [
        (['c.all(x, c.all(y, x.v <= 50 && y.t != "b"))'], 50),
        (['c.all(x, !x.t.contains("aaaaab"))', 'c.exists(x, x.t.contains("aaaaac"))'], 50),
        (["c.exists(x, c.exists(y, x.v + y.v == 1000 / (x.v - x.v)))"], 10),
        (["c.all(x, c.all(y, x.v + y.v != -1))"], 10),
        (["!" * 400 + "true"], 1),
    ],
    ids=["nested loops", "searches", "fails each time", "sums", "long"],
)
def test_the_dearest_rules_that_load_stay_under_the_ceiling(rules: list[str], items: int) -> None:
    campaign = load(*rules, max_items=items)
    attributes = {"c": [{"v": index, "t": "a" * 200} for index in range(items)]}
    viewer = Viewer(ViewerId("v"), CampaignId("x"), check_viewer(campaign.schema, attributes)[0])

    assert fastest_s(lambda: decide(campaign, viewer, now_s=0)) < CEILING_S
