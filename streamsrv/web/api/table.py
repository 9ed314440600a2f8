"""Every operation of the API, on one screen, and the routes that serve them."""

from collections.abc import Callable, Iterable

from pydantic import BaseModel

from streamsrv.core.api_keys import Scope
from streamsrv.management import Management
from streamsrv.web.answer import Answer
from streamsrv.web.api import shapes
from streamsrv.web.api.accounts import Accounts, Pages
from streamsrv.web.api.callers import Callers
from streamsrv.web.api.campaigns import Campaigns
from streamsrv.web.api.document import write_document
from streamsrv.web.api.endpoint import Endpoint
from streamsrv.web.api.erasures import Erasures
from streamsrv.web.api.links import Links
from streamsrv.web.api.operations import Operation
from streamsrv.web.api.revocations import Revocations
from streamsrv.web.api.viewers import OfCampaign, Viewers
from streamsrv.web.headers import API, API_ERROR
from streamsrv.web.request import Request
from streamsrv.web.router import Handler, Route

OPENAPI = "/api/openapi.json"


def operations(management: Management, *, base_url: Callable[[], str], link_s: int) -> list[Operation]:
    """The operations over the use cases."""
    viewers, accounts, erasures = Viewers(management), Accounts(management), Erasures(management)
    links = Links(management, base_url=base_url, life_s=link_s)
    bulk: dict[int, type[BaseModel]] = {200: shapes.BulkResult, 201: shapes.StoredViewer}
    return [
        Operation(
            "GET", "/api/v1/campaigns", "list_campaigns", "The live campaigns", Scope.CAMPAIGNS_READ,
            Campaigns(management).list, {200: shapes.Campaigns},
        ),
        Operation(
            "POST", "/api/v1/viewers", "add_viewers", "Keep a viewer, or many: a line each", Scope.VIEWERS_WRITE,
            viewers.add, bulk, body=shapes.NewViewer, lines=shapes.NewViewer, query=OfCampaign, may_miss=True,
        ),
        Operation(
            "POST", "/api/v1/campaigns/{campaign}/viewers", "add_viewers_to_campaign",
            "Keep a viewer of a campaign, or many: a line each", Scope.VIEWERS_WRITE,
            viewers.add_to_campaign, bulk, body=shapes.NewViewer, lines=shapes.NewViewer,
        ),
        Operation(
            "PUT", "/api/v1/campaigns/{campaign}/viewers/{viewer}", "put_viewer",
            "Keep a viewer, over whoever had the id", Scope.VIEWERS_WRITE,
            viewers.put, {200: shapes.StoredViewer, 201: shapes.StoredViewer}, body=shapes.ViewerAttributes,
            description="201 for a viewer who was not there, 200 for one who was.",
        ),
        Operation(
            "GET", "/api/v1/campaigns/{campaign}/viewers/{viewer}", "get_viewer",
            "All that is known of a viewer", Scope.VIEWERS_READ, viewers.read, {200: shapes.Viewer},
        ),
        Operation(
            "DELETE", "/api/v1/campaigns/{campaign}/viewers/{viewer}", "erase_viewer_of_campaign",
            "Erase a viewer for good", Scope.ERASURES_WRITE, erasures.delete_of_campaign, {200: shapes.Erasures},
        ),
        Operation(
            "DELETE", "/api/v1/viewers/{viewer}", "erase_viewer", "Erase a viewer for good", Scope.ERASURES_WRITE,
            erasures.delete, {200: shapes.Erasures}, query=OfCampaign,
            description="Of one campaign, or of every campaign of the tenant when none is given.",
        ),
        Operation(
            "POST", "/api/v1/erasures", "erase", "Erase a viewer for good", Scope.ERASURES_WRITE,
            erasures.ask, {201: shapes.Erasures}, body=shapes.ErasureRequest, may_miss=True,
        ),
        Operation(
            "GET", "/api/v1/erasures/{erasure}", "get_erasure", "The proof of an erasure, as the store is now",
            Scope.ERASURES_READ, erasures.look, {200: shapes.Erasure},
        ),
        Operation(
            "POST", "/api/v1/links", "issue_links", "Links for viewers", Scope.LINKS_WRITE,
            links.issue, {200: shapes.Links}, body=shapes.LinkRequest, may_miss=True,
        ),
        Operation(
            "POST", "/api/v1/revocations", "revoke", "End links before their time", Scope.REVOCATIONS_WRITE,
            Revocations(management).revoke, {200: shapes.Revoked}, body=shapes.Revocation, may_miss=True,
            description="A signing key is the whole server's: revoking one needs the scope `operator` as well.",
        ),
        Operation(
            "GET", "/api/v1/audit", "list_acts", "What was done for the tenant, and by whom", Scope.AUDIT_READ,
            accounts.acts, {200: shapes.Acts}, query=Pages,
        ),
        Operation(
            "GET", "/api/v1/keys/self", "get_own_key", "The key that asks", None,
            accounts.own_key, {200: shapes.KeyOfCaller},
        ),
    ]  # fmt: skip


def api_routes(listed: Iterable[Operation], callers: Callers) -> list[Route]:
    """Routes for the operations, and one for the document that describes them."""
    listed = list(listed)
    document = write_document(listed)

    async def openapi(request: Request) -> Answer:
        return Answer(200, API, document)

    handlers: dict[str, dict[str, Handler]] = {OPENAPI: {"GET": openapi, "HEAD": openapi}}
    for operation in listed:
        by_method = handlers.setdefault(operation.path, {})
        endpoint = Endpoint(operation, callers)
        by_method[operation.method] = endpoint
        if operation.method == "GET":
            by_method["HEAD"] = endpoint
    return [Route(path, by_method, errors=API_ERROR) for path, by_method in handlers.items()]
