"""Whatever a campaign file holds, loading it gives a campaign or `Invalid`, quickly, and nothing else."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streamsrv.core.campaign import Campaign, load_campaign
from streamsrv.core.errors import Invalid
from tests.campaigns import Drawn, campaigns
from tests.campaigns import loaded as sound
from tests.campaigns.tree import as_yaml as written
from tests.timelines import make_scenes

# How long drawn campaigns take to compile depends on who else uses the machine.
unhurried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DEMO = (Path(__file__).parents[2] / "config" / "campaigns" / "renewal.yaml").read_text(encoding="utf-8")
VOCABULARY = """
    campaign schema story fallback audiences require slot scene when choose otherwise for_each cta label url type of
    values default min max string enum int number money date bool list EUR loyal claims size now a b 1 -1 2.5 true
    https://a.b/ 2026-01-01
"""
TOKENS = """
    loyal a b n s d f c ( ) [ ] { } , . : ? == != < <= > >= && || ! + - * / % in 1 2u 2.5 'a' r'b' true false null
    c.all(x, c.exists(y, c.filter(z, c.map(w, size( has( timestamp( now today matches( x x.v c[0] .v // `a` dyn(
"""
SCENES = make_scenes("a", "b")
WORDS = st.sampled_from(VOCABULARY.split())
RULES = st.lists(st.sampled_from(TOKENS.split()), max_size=14).map(" ".join)
RULE_FILE = """\
campaign: fuzz
schema:
  n: {{type: int, default: 0}}
  s: {{type: enum, values: [a, b], default: a}}
  d: {{type: date, default: 2026-01-01}}
  f: {{type: bool, default: true}}
  c: {{type: list, max_items: 3, of: {{v: {{type: int}}, t: {{type: date}}}}}}
audiences:
  loyal: {audience}
  a: loyal || n > 1
story:
  - slot: one
    scene: one
    when: {rule}
fallback: [one]
"""


def loaded(text: str) -> Campaign | None:
    with suppress(Invalid):
        return load_campaign(text, where="fuzz.yaml", scenes=SCENES)
    return None


def as_yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@given(st.text())
def test_any_text(text: str) -> None:
    loaded(text)


@given(st.text(alphabet="{}[]:,-?!&*|>'\"%@`#\n\t ab1.~<\\"))
def test_any_text_of_signs_that_mean_something(text: str) -> None:
    loaded(text)


@given(st.recursive(WORDS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=6)))
def test_any_tree_of_known_words(tree: object) -> None:
    # JSON is YAML; single-quoted Python texts without quotes inside are, too.
    loaded(repr(tree))


@given(st.integers(0, len(DEMO)), st.integers(0, 40), st.text(max_size=20) | WORDS)
def test_any_mistake_typed_into_the_demo_campaign(at: int, removed: int, typed: str) -> None:
    loaded(DEMO[:at] + typed + DEMO[at + removed :])


@given(RULES | st.text(max_size=30), RULES | st.text(max_size=30))
def test_any_rule(audience: str, rule: str) -> None:
    loaded(RULE_FILE.format(audience=as_yaml(audience), rule=as_yaml(rule)))


@unhurried
@given(campaigns(), st.data())
def test_any_line_taken_out_of_any_campaign(drawn: Drawn, data: st.DataObject) -> None:
    lines = drawn.text.splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))

    with suppress(Invalid):
        load_campaign("".join(lines[:at] + lines[at + 1 :]), where="drawn.yaml", scenes=drawn.scenes)


@unhurried
@given(campaigns(), st.data())
def test_an_attribute_of_no_known_type_is_one_problem(drawn: Drawn, data: st.DataObject) -> None:
    """Whatever else says its name: rules, texts, lists to go through, the viewer's language."""
    sound(drawn)
    name = data.draw(st.sampled_from(list(drawn.tree["schema"])))
    broken = {**drawn.tree["schema"], name: {"type": "qqq"}}

    with pytest.raises(Invalid) as caught:
        load_campaign(written({**drawn.tree, "schema": broken}), where="drawn.yaml", scenes=drawn.scenes)

    assert [f'"{name}" has the type "qqq"'] == [problem.what for problem in caught.value.problems]


@unhurried
@given(campaigns())
def test_a_key_that_nothing_knows_is_one_problem(drawn: Drawn) -> None:
    sound(drawn)
    first, *others = drawn.tree["story"]
    tree = {**drawn.tree, "story": [{**first, "zzzzzz": "x"}, *others]}

    with pytest.raises(Invalid) as caught:
        load_campaign(written(tree), where="drawn.yaml", scenes=drawn.scenes)

    assert ['"zzzzzz"'] == [problem.what.split()[0] for problem in caught.value.problems]
