"""Whatever a campaign file holds, loading it gives a campaign or `Invalid`, quickly, and nothing else."""

from contextlib import suppress
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.campaign import Campaign, load_campaign
from streamsrv.core.errors import Invalid

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
        return load_campaign(text, where="fuzz.yaml", scene_ids=["a", "b"])
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
