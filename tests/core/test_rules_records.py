"""Rules and texts reach into records, and records of records; dates in them are told in the campaign's days."""

import pytest

from streamsrv.core.campaign import Campaign
from streamsrv.core.model import Decision, SceneId
from streamsrv.core.rules import decide
from tests.core.authored import NOW_S, cut, load, packaged, problems, scene, tell, viewer, words

HEAD = """\
campaign: test
timezone: Europe/Berlin
schema:
  policy:
    type: record
    of:
      kind: {type: enum, values: [new, old]}
      since: {type: date}
      holder: {type: record, of: {name: {type: string, personal: true}, car: {type: record, of: {year: {type: int}}}}}
  claims:
    type: list
    of: {on: {type: date}, car: {type: record, of: {make: {type: string}, cost: {type: money, currency: EUR}}}}
  seen: {type: datetime, default: 2027-01-15T07:00:00Z}
  due: {type: date, default: 2027-01-15}
require: [policy]
"""
SCENES = packaged("plain", "a", "b", scene("card", "text"))
POLICY = {"kind": "new", "since": "2020-02-29", "holder": {"name": "Ana", "car": {"year": 2019}}}
CLAIMS = [
    {"on": "2026-03-01", "car": {"make": "Fiat", "cost": 90}},
    {"on": "2026-05-01", "car": {"make": "Seat", "cost": "1200.50"}},
]


def when(rule: str) -> Campaign:
    story = f"story: [{{slot: s, when: '{rule}', scene: a}}, {{slot: end, scene: b}}]\n"
    return load(f"{HEAD}{story}fallback: [plain]\n", SCENES)


def text(template: str, for_each: str = "") -> Campaign:
    return load(
        f'{HEAD}story:\n  - {{slot: s, {for_each}scene: card, overlays: {{text: "{template}"}}}}\nfallback: [plain]\n',
        SCENES,
    )


@pytest.mark.parametrize(
    "rule",
    [
        'policy.kind == "new"',
        "policy.holder.car.year > 2000",
        'policy["holder"].car.year == 2019',
        "policy.holder.car.year in [2018, 2019]",
        "timestamp(policy.since) < now",
        "size(policy.holder.name) == 3",
        "claims[1].car.cost > claims[0].car.cost",
        "claims.exists(c, c.car.cost > 1200)",
        'claims.filter(c, c.car.make == "Fiat").size() == 1',
        "claims.all(c, timestamp(c.on) < today)",
        "has(policy.kind)",
    ],
)
def test_a_rule_reads_parts_of_records_at_any_depth(rule: str) -> None:
    assert cut(tell(when(rule), policy=POLICY, claims=CLAIMS)) == ["a", "b"]


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ('policy.kid == "new"',
         '"kid" is no field of "policy" (did you mean "kind"?); expected one of: kind, since, holder'),
        ("policy.holder.car.yaer > 1",
         '"yaer" is no field of these records (did you mean "year"?); expected one of: year'),
        ('policy.kind == "now"', '"now" is never "kind" (did you mean "new"?); expected one of: new, old'),
        ('policy.holder.car.year == "x"', "compares number with string; expected two values of one kind"),
        ("policy.since < now", "a date inside a record is text; expected timestamp(…) around it"),
        ("claims.exists(c, c.car.prize > 1)",
         '"prize" is no field of these records; expected one of: make, cost'),
    ],
)  # fmt: skip
def test_a_part_that_a_record_has_not_or_not_in_that_type_is_a_mistake(rule: str, what: str) -> None:
    story = f"story: [{{slot: s, when: '{rule}', scene: a}}]\n"
    (problem,) = problems(f"{HEAD}{story}fallback: [plain]\n", SCENES)

    assert problem.endswith(f'slot "s" "{rule}": {what}')


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{policy.kind} {policy.holder.car.year}", "new 2019"),
        ("{policy.since|date:short}", "2/29/20"),
        ("{claims|list:car.make}: {claims|list:car.cost}", "Fiat and Seat: €90.00 and €1,200.50"),
        ("{seen|datetime:short} {seen|time}", "1/15/27, 8:00\u202fAM 8:00\u202fAM"),
    ],
)
def test_a_text_tells_parts_of_records_and_times_of_the_campaigns_zone(template: str, expected: str) -> None:
    assert words(tell(text(template), policy=POLICY, claims=CLAIMS)) == [{"text": expected}]


def test_each_record_of_a_list_tells_its_own_parts() -> None:
    told = text("{item.car.make} {item.on|date:medium} {item.car.cost|money:whole}", "for_each: claims, ")

    assert words(tell(told, policy=POLICY, claims=CLAIMS)) == [
        {"text": "Fiat Mar 1, 2026 €90"}, {"text": "Seat May 1, 2026 €1,201"},
    ]  # fmt: skip


def test_a_record_with_a_part_that_is_missing_or_wrong_is_missing_data() -> None:
    fallback = (Decision("fallback", SceneId("plain"), "fallback story: data_missing"),)
    no_year = POLICY | {"holder": {"name": "Ana", "car": {}}}

    assert [
        tell(when("policy.holder.car.year > 1"), policy=policy).decisions
        for policy in (no_year, POLICY | {"kind": "else"}, "new", [POLICY])
    ] == [fallback] * 4


# 2027-01-14 23:30 UTC is the 15th in Berlin already.
@pytest.mark.parametrize(
    ("now_s", "expected"),
    [(NOW_S - 30_600, ["a", "b"]), (NOW_S - 32_401, ["b"]), (NOW_S, ["a", "b"]), (NOW_S + 54_000, ["b"])],
    ids=["0:30 in Berlin, the day before in UTC", "23:59:59 in Berlin", "the day", "0:00 in Berlin, the day in UTC"],
)
def test_today_is_the_day_of_the_campaigns_time_zone(now_s: int, expected: list[str]) -> None:
    assert cut(decide(when("due == today"), viewer(policy=POLICY), now_s=now_s)) == expected


def test_a_moment_is_compared_with_now_to_the_second() -> None:
    told = when("seen <= now")

    assert [cut(decide(told, viewer(policy=POLICY), now_s=NOW_S - 3_600 + late_s)) for late_s in (-1, 0)] == [
        ["b"], ["a", "b"],
    ]  # fmt: skip
