"""What a source knows now stands over what was imported, and only where it fits."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.campaign import Campaign, check_viewer
from streamsrv.core.campaign.completing import Answer, complete, pointed
from streamsrv.core.errors import Problem
from streamsrv.core.model import CampaignId, Viewer, ViewerId
from streamsrv.core.rules import document, explain
from tests.core.authored import NOW_S, load, packaged

CAMPAIGN: Campaign = load(
    """\
campaign: test
schema:
  premium: {type: money, currency: EUR, default: 1}
  years: {type: int, default: 0}
  name: {type: string, personal: true}
  claims: {type: list, of: {v: {type: int}}}
sources:
  crm:
    url: "https://crm.example.com/{viewer}"
    map: {premium: /contract/premium, years: /years, name: /names/0}
  claims: {url: "https://claims.example.com/", map: {claims: /claims}}
story: [{slot: a, when: premium > 100.0 && years > 1 && size(claims) == 0, scene: b}, {slot: c, scene: b}]
fallback: [b]
""",
    packaged("b"),
)
CRM, CLAIMS = CAMPAIGN.sources
IMPORTED = {"premium": "812.40", "years": 3, "name": "Anna"}
GOOD = {"contract": {"premium": 900.5}, "years": 4, "names": ["Berta"]}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)


def completed(*answers: Answer) -> tuple[dict[str, object], dict[str, str], list[str]]:
    attributes, problems = complete(CAMPAIGN.schema, IMPORTED, answers)
    return dict(attributes), dict(attributes.origins), [str(problem) for problem in problems]


BEFORE = {"premium": Decimal("812.40"), "years": 3, "name": "Anna", "claims": ()}


def test_what_the_source_gives_stands_in_place_of_what_was_imported() -> None:
    now = {**BEFORE, "premium": Decimal("900.5"), "years": 4, "name": "Berta"}

    assert (now, dict.fromkeys(("premium", "years", "name"), "crm"), []) == completed(Answer(CRM, GOOD))


@pytest.mark.parametrize("fault", ["timeout", "refused", "circuit_open"])
def test_a_source_that_gave_nothing_leaves_what_was_imported_with_its_reason(fault: str) -> None:
    assert (BEFORE, {}, [f"source crm: {fault}"]) == completed(Answer(CRM, fault=fault))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "absent", [{}, {"contract": None}, {"contract": {"premium": None}}, {"contract": []}, [], None]
)
def test_what_is_absent_or_null_stays_as_it_was_imported(absent: object) -> None:
    assert (BEFORE, {}, []) == completed(Answer(CRM, absent))


def test_a_blank_text_is_absent() -> None:
    assert (BEFORE, {}, []) == completed(Answer(CRM, {"names": [" "]}))


def test_a_value_that_does_not_fit_stays_as_it_was_imported_and_the_others_change() -> None:
    answer = {**GOOD, "contract": {"premium": "a lot"}}

    assert (
        {**BEFORE, "years": 4, "name": "Berta"},
        {"years": "crm", "name": "crm"},
        ["source crm: premium: bad_value; expected an amount in EUR, such as 812.40"],
    ) == completed(Answer(CRM, answer))


def test_a_list_comes_whole_or_not_at_all() -> None:
    good = completed(Answer(CLAIMS, {"claims": [{"v": 1}, {"v": 2}]}))
    bad = completed(Answer(CLAIMS, {"claims": [{"v": 1}, {"v": "x"}]}))

    assert ({**BEFORE, "claims": ({"v": 1}, {"v": 2})}, {"claims": "claims"}, []) == good
    assert (BEFORE, {}, ["source claims: claims[1].v: bad_value; expected a whole number"]) == bad


def test_attributes_that_were_checked_before_are_completed_alike() -> None:
    attributes, _ = check_viewer(CAMPAIGN.schema, IMPORTED)

    assert dict(complete(CAMPAIGN.schema, attributes, [Answer(CRM, GOOD)])[0]) == completed(Answer(CRM, GOOD))[0]


def test_an_explanation_says_which_values_came_from_a_source_and_which_did_not_come() -> None:
    attributes, problems = complete(CAMPAIGN.schema, IMPORTED, [Answer(CRM, GOOD), Answer(CLAIMS, fault="timeout")])
    viewer = Viewer(ViewerId("anna"), CampaignId("test"), attributes)
    explanation = explain(CAMPAIGN, viewer, now_s=NOW_S, source_faults=problems)
    (rule,) = explanation.slots[0].rules
    written = document(explanation)

    assert {"premium": "crm", "years": "crm", "claims": ""} == {value.name: value.source for value in rule.inputs}
    assert {"premium": "crm", "years": "crm", "name": "crm"} == written["sources"]
    assert [{"where": "source claims", "reason": "timeout", "expected": ""}] == written["source_faults"]
    assert (Problem("source claims", "timeout"),) == explanation.source_faults


@given(JSON, st.lists(st.text(max_size=3) | st.sampled_from(("0", "1", "-", "00", "²")), max_size=4))
def test_a_pointer_leads_somewhere_or_to_nothing_in_any_document(written: object, pointer: list[str]) -> None:
    pointed(written, pointer)


@given(JSON)
def test_any_document_leaves_whole_attributes(written: object) -> None:
    attributes, _ = complete(CAMPAIGN.schema, IMPORTED, [Answer(CRM, written), Answer(CLAIMS, written)])

    assert BEFORE.keys() == attributes.keys()


@pytest.mark.parametrize(
    ("pointer", "value"),
    [(("a", "0"), 1), (("a", "01"), None), (("a", "-"), None), (("a", "2"), None), (("a/b",), 3), (("",), 4),
     (("a", "0", "x"), None), (("0",), 5)],
)  # fmt: skip
def test_pointers_go_through_objects_and_lists(pointer: tuple[str, ...], value: object) -> None:
    assert value == pointed({"a": [1, 2], "a/b": 3, "": 4, "0": 5}, pointer)
