"""The API put together: the routes over management."""

from collections.abc import Callable

from streamsrv.config import ApiSettings
from streamsrv.management import Management
from streamsrv.ports import ApiKeys
from streamsrv.web.api.callers import Callers
from streamsrv.web.api.table import api_routes, operations
from streamsrv.web.router import Route


def routes_of_api(
    management: Management, keys: ApiKeys, settings: ApiSettings, *, base_url: Callable[[], str], link_s: int
) -> list[Route]:
    """The API's routes."""
    callers = Callers(keys, rate_per_s=settings.requests_per_s, burst=settings.burst)
    return api_routes(operations(management, base_url=base_url, link_s=link_s), callers)
