"""Which language a page without a viewer is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.web.languages import preferred_language

OFFERED = ("en", "nl", "de", "fr", "ar")
CASES = {
    "": "en",
    "nl": "nl",
    "nl-BE,nl;q=0.9,en;q=0.8": "nl",
    "sv, de;q=0.5": "de",
    "en;q=0.1, fr;q=0.7": "fr",
    "DE-at": "de",
    "nl;q=0, de;q=0.2": "de",
    "nl;q=nonsense": "en",
    "*": "en",
    "ar-EG,ar;q=0.9,en;q=0.8": "ar",
    "nlx": "en",
}


@pytest.mark.parametrize(("header", "expected"), CASES.items(), ids=CASES)
def test_the_language_with_the_most_weight_among_ours_is_chosen(header: str, expected: str) -> None:
    assert preferred_language(header, OFFERED, otherwise="en") == expected


@given(st.text(max_size=600))
def test_whatever_a_browser_sends_one_of_our_languages_is_chosen(header: str) -> None:
    assert preferred_language(header, OFFERED, otherwise="en") in OFFERED
