"""Numbers in URLs: only what this server wrote is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core import urls


@pytest.mark.parametrize("text", ["", "-1", "+1", "01", "1.0", "1e3", " 1", "٣", "1_0", "9" * 13, "100"])
def test_a_number_that_the_server_did_not_write_is_refused(text: str) -> None:
    assert urls.parse_number(text, limit=100) is None


@given(st.integers(0, 10**11))
def test_a_number_is_read_back(number: int) -> None:
    assert number == urls.parse_number(str(number), limit=10**11 + 1)
