"""What the preview is made of: addresses that are read back, and the lines that mistakes are shown on."""

import re

from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.errors import Problem
from streamsrv.web.preview_choice import Choice, parse_choice
from streamsrv.web.preview_page import excerpts

TEXTS = st.text(max_size=12)


@given(st.builds(Choice, TEXTS, st.dictionaries(TEXTS.filter(lambda name: ":" not in name), TEXTS, max_size=3), TEXTS))
def test_every_choice_is_read_back_from_its_address(choice: Choice) -> None:
    path = choice.path()

    assert choice == parse_choice(path.removeprefix("/show/"))
    assert re.fullmatch(r"/show/viewer=[A-Za-z0-9_.~%:;=-]*", path)


def test_the_line_of_a_mistake_is_shown_from_where_it_begins() -> None:
    problems = [
        Problem("a:b.yaml:2:4", "is wrong", "right"),
        Problem("a:b.yaml:9:1", "is beyond"),
        Problem("scenes", "are gone"),
    ]
    shown = [(one["where"], one["line"], one["before"], one["after"]) for one in excerpts(problems, "one\ntwo three")]

    assert [("a:b.yaml", 2, "two", " three"), ("a:b.yaml", 9, "", ""), ("scenes", 0, "", "")] == shown


def test_a_long_line_is_cut_around_its_mistake() -> None:
    line = "x" * 1000 + "HERE" + "y" * 1000
    (shown,) = excerpts([Problem("f:1:1001", "is wrong")], line)

    assert ("x" * 79, "HERE" + "y" * 77) == (shown["before"], shown["after"])
