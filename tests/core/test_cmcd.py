"""Players' hints on what comes next: read where they are exactly ours, and nothing else comes of any text."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.cmcd import MAX_CHARS, Next, next_of, next_of_query


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("3-45.m4s", Next(None, None, 3, 45)),
        ("../720p/3-45.m4s", Next(None, "720p", 3, 45)),
        ("../../../own/abc/720p/3-45.m4s", Next("abc", "720p", 3, 45)),
        ("../../abc/720p/3-45.m4s", Next("abc", "720p", 3, 45)),
        ("/p/token/own/abc/720p/3-45.m4s", None),
        ("3-45.ts", None),
        ("03-45.m4s", None),
        ("-1-45.m4s", None),
        ("", None),
    ],
)
def test_a_hint_is_a_place_of_ours_or_nothing(path: str, expected: Next | None) -> None:
    assert expected == next_of(f'bl=21300,nor="{quote(path, safe="")}",su')
    assert expected == next_of_query("CMCD=" + quote(f'bl=21300,nor="{quote(path, safe="")}",su', safe=""))


def test_what_is_too_long_or_not_quoted_is_not_read() -> None:
    assert None is next_of("nor=3-45.m4s")
    assert None is next_of_query("")
    assert None is next_of_query("x=" + "y" * MAX_CHARS + "&CMCD=" + quote('nor="3-45.m4s"'))
    assert None is next_of(" " * MAX_CHARS + 'nor="3-45.m4s"')


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(text: str) -> None:
    for told in (text, f'nor="{text}"', f"CMCD=nor%3D%22{text}%22"):
        next_of(told)
        next_of_query(told)
