"""A slip in YAML is told where it was made and in the author's words: nobody has to know what a block mapping is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.campaign.document import Findings, parse_document
from streamsrv.core.errors import Invalid
from tests.core.test_campaign_mistakes import RIGHT, with_one

TEXT = """\
campaign: spring
title: {en: Spring, de: Frühling}
languages: {offered: [en, de]}
schema:
  name: {type: string}
  product:
    type: enum
    values: [home, motor]
require: [name, product]
audiences:
  drives: product == "motor"
story:
  - slot: hello
    scene: hello
    overlays:
      greeting: {en: "Hello {name}", de: "Hallo {name}"}
  - slot: offer
    when: drives
    scene: offer
fallback: [hello]
"""
SLIPS = (
    ("    when: drives", "   when: drives",
     '18:4: "when: drives" is indented by 3 spaces, which fits nothing above it; expected 4 spaces, as "slot" in '
     "line 17"),
    ("    when: drives", "     when: drives",
     '18:6: "when: drives" is indented by 5 spaces, which fits nothing above it; expected 4 spaces, as "slot" in '
     "line 17"),
    ("    overlays:\n", "  overlays:\n",
     '15:3: "overlays:" is indented by 2 spaces, which fits nothing above it; expected 4 spaces, as "scene" in line '
     '14, or no space, as "story" in line 12'),
    ("  name: {type", "     name: {type",
     '6:3: "product:" is indented by 2 spaces, which fits nothing above it; expected no space, as "schema" in line 4, '
     'or 5 spaces, as "name" in line 5'),
    ("  - slot: offer", "- slot: offer",
     '17:1: "- slot: offer" is not indented, which fits nothing above it; expected 2 spaces, as "- slot" in '
     "line 13"),
    ("    type: enum\n    values", "    type: enum\n   values",
     '8:4: "values: [home, motor]" is indented by 3 spaces, which fits nothing above it; expected 4 spaces, as "type" '
     'in line 7, or 2 spaces, as "product" in line 6'),
    ("  name: {type", "name: {type",
     '6:3: "product:" is indented by 2 spaces, which fits nothing above it; expected no space, as "name" in line 5'),
    ("campaign: spring", " campaign: spring",
     '1:2: "campaign: spring" is indented by 1 space; expected no space, as in line 2'),
    ("    when: drives", "\twhen: drives", "18:1: a tab in the indentation; expected spaces: YAML takes no tabs here"),
    ("    when: drives", "    when:drives", '18:9: no space behind the ":"; expected when: drives'),
    ("    when: drives", "    when; drives", '18:5: no ":" behind a key: "when; drives"; expected when: drives'),
    ("    when: drives", "    when drives", '18:5: no ":" behind a key: "when drives"; expected when: drives'),
    ("    when: drives", "    drives",
     '18:5: no ":" in a line where a key belongs: "drives"; expected key: value'),
    ("  - slot: offer", "  -slot: offer", '17:3: no space behind the "-"; expected - slot: offer'),
    ("  - slot: offer", "    slot: offer",
     '17:5: "slot" is given twice (first in line 13); expected a "- " before each item of a list'),
    ('de: "Hallo {name}"}', 'de: "Hallo {name}}',
     "16:42: a quote that nothing closes; expected a quote at the end of the text"),
    ('drives: product == "motor"', 'drives: "product == motor',
     "11:11: a quote that is closed in line 16 only, in the middle of another text; expected a quote at the end of the "
     "text"),
    ('de: "Hallo {name}"}', 'de: "Hallo {name}"', '16:17: a "{" that nothing closes; expected "}" at its end'),
    ("offered: [en, de]", "offered: [en, de", '3:29: a "[" is closed by "}"; expected "]"'),
    ("values: [home, motor]", "values: [home, motor", '8:13: a "[" that nothing closes; expected "]" at its end'),
    ("values: [home, motor]", "values: [home, motor]]",
     '8:26: a "]" that nothing opens; expected no such bracket, or quotes around the text'),
    ("values: [home, motor]", "values: [home,, motor]", '8:19: nothing stands before the ","; expected a value'),
    ('{en: "Hello {name}", de: "Hallo {name}"}', '{en: "Hello {name}" de: "Hallo {name}"}',
     '16:37: no "," before "de: "Hallo {name}"}"; expected a comma between two values'),
    ('{en: "Hello {name}", de: "Hallo {name}"}', '{en: "Hello {name}",\n        de: "Hallo"\n        fr: x}',
     '17:20: no "," before line 18; expected a comma between two values'),
    ('{en: "Hello {name}", de: "Hallo {name}"}', "{en: Hello {name}, de: Hallo}",
     '16:22: a text with "{" in it stands without quotes: "Hello {name}, de: Hallo}"; expected quotes around the whole '
     'text: "Hello {first_name}"'),
    ('{en: "Hello {name}", de: "Hallo {name}"}', "{name}, hello",
     '16:23: a text goes on behind a quote or a bracket: "{name}, hello"; expected quotes around the whole text: '
     '"{name}, hello"'),
    ("{type: string}", "{type: string personal: true}",
     '5:31: a second ":" in one value: "string personal: true}"; expected a "," before the next key, or quotes around '
     'a text with ":" in it'),
    ("title: {en: Spring, de: Frühling}", "title: Spring: the offer",
     '2:14: a text with ": " in it stands without quotes: "Spring: the offer"; expected quotes around the whole text: '
     '"Spring: the offer"'),
    ("when: drives", 'when: drives ? name == "x" : true',
     '18:32: a text with ": " in it stands without quotes: "drives ? name == "x" : true"; expected quotes around the '
     "whole text: 'drives ? name == \"x\" : true'"),
    ('drives: product == "motor"', 'drives: "motor" == product',
     '11:19: a text goes on behind a quote or a bracket: ""motor" == product"; expected quotes around the whole text: '
     "'\"motor\" == product'"),
    ("scene: offer", "scene: - offer",
     '19:12: a "-" behind a key; expected the list in lines of its own, each with a - of its own'),
    ("when: drives", "when: @drives", '18:11: a value begins with "@"; expected quotes around the whole value'),
    ("when: drives", "when: |drives", '18:11: a value begins with "|"; expected quotes around the whole value'),
    ("when: drives", "when: & drives", '18:11: a value begins with "&"; expected quotes around the whole value'),
    ("when: drives", "when: !drives",
     '18:11: the tag "!drives" is not used in campaigns; expected quotes around a whole value that begins with !'),
    ("when: drives", "when: *drives",
     "18:11: anchors and aliases (& and *) are not used in campaigns; expected the value itself, or quotes around a "
     "value that begins with & or *"),
    ('"Hallo {name}"', '"Hallo \\Karl"',
     r"16:50: a backslash in double quotes; expected \\ for a backslash itself, or single quotes"),
    ("    scene: offer\n", "    scene: offer\n    scene: hello\n",
     '20:5: "scene" is given twice (first in line 19); expected each key once'),
)  # fmt: skip
LINES = RIGHT.splitlines()


def test_the_text_has_no_problem() -> None:
    assert [] == told(TEXT)


def told(text: str) -> list[str]:
    """The problems of reading `text` as YAML alone."""
    findings = Findings("c.yaml")
    parse_document(text, findings)
    try:
        findings.raise_if_any()
    except Invalid as error:
        return [str(problem).removeprefix("c.yaml:") for problem in error.problems]
    return []


@pytest.mark.parametrize(("old", "new", "problem"), SLIPS, ids=[new.strip()[:30] for _, new, _ in SLIPS])
def test_a_slip_is_one_problem_where_it_was_made(old: str, new: str, problem: str) -> None:
    assert [problem] == told(with_one(TEXT, old, new))


def test_a_line_out_of_its_row_is_told_with_both_ways_to_mend_it() -> None:
    (problem,) = told(with_one(TEXT, "  product:\n", "product:\n").replace("    values", "  values"))

    assert problem == (
        '8:3: "values: [home, motor]" is indented by 2 spaces, which fits nothing above it; expected 4 spaces, as '
        '"type" in line 7, or no space, as "product" in line 6'
    )


@given(st.integers(0, len(LINES) - 1), st.integers(0, 12))
def test_no_indentation_is_told_in_the_parsers_words(at: int, spaces: int) -> None:
    line = " " * spaces + LINES[at].lstrip(" ")
    found = told("\n".join([*LINES[:at], line, *LINES[at + 1 :]]))

    assert [problem for problem in found if "not YAML" in problem or "<block" in problem] == []


@given(st.integers(0, len(RIGHT)), st.integers(0, 3), st.text("{}[]\"':,-#&*!|>%@ \n\tä", max_size=3))
def test_any_edit_reads_or_is_told_within_the_file(at: int, cut: int, put: str) -> None:
    text = RIGHT[:at] + put + RIGHT[at + cut :]

    for problem in told(text):
        line, column = map(int, problem.split(":")[:2])
        assert 1 <= line <= text.count("\n") + 1
        assert 1 <= column <= len(text.split("\n")[line - 1]) + 1
