"""What a caller may know about themselves: their key, and what was done for their tenant."""

from typing import Annotated

from pydantic import Field

from streamsrv.core.audit import parse_line
from streamsrv.management import Management
from streamsrv.web.api import shapes
from streamsrv.web.api.moments import moment
from streamsrv.web.api.operations import Call, Query, Reply


class Pages(Query):
    """Which lines."""

    after: Annotated[int, Field(ge=0, lt=2**53)] = 0
    """The number of the last line that is known already."""
    limit: Annotated[int, Field(ge=1, le=shapes.MAX_ACTS)] = 100


class Accounts:
    """Handlers over the use cases."""

    def __init__(self, management: Management) -> None:
        self._management = management

    async def own_key(self, call: Call) -> Reply:
        key = call.caller.key
        shown = shapes.KeyOfCaller(
            prefix=key.prefix,
            tail=key.tail,
            name=key.name,
            tenant=key.tenant_id,
            scopes=sorted(key.scopes),
            created_at=moment(key.created_at_s),
            expires_at=moment(key.expires_at_s),
        )
        return Reply(200, shown)

    async def acts(self, call: Call) -> Reply:
        assert isinstance(call.query, Pages)
        page = await self._management.acts(call.caller.actor, after=call.query.after, limit=call.query.limit)
        lines = [line for text in page.texts if (line := parse_line(text)) is not None]
        acts = [
            shapes.Act(
                number=line.number,
                at=moment(line.act.at_ms / 1000),
                actor=line.act.actor,
                action=line.act.action,
                subject=line.act.subject,
                detail=dict(line.act.detail),
            )
            for line in lines
        ]
        return Reply(200, shapes.Acts(acts=acts, head=page.head.text))
