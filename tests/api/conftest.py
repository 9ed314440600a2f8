"""What every test of the API is given."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.site import ApiSite, open_api


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[ApiSite]:
    async with open_api(tmp_path) as site:
        yield site
