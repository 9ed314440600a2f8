"""What an operation of the API is: enough to serve it and to describe it, so that both say the same."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from streamsrv.core.api_keys import ApiKey, Scope
from streamsrv.management import Actor
from streamsrv.web.request import Request

MAX_JSON_BYTES = 256 * 1024
MAX_JSON_DEPTH = 32
MAX_LINE_BYTES = 64 * 1024
MAX_BULK_BYTES = 64 * 1024 * 1024


class Model(BaseModel):
    """What goes over the wire: no other fields than these, and no type in place of another."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class Query(BaseModel):
    """Parameters of a query. Those are text, and read as what they stand for."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Caller(NamedTuple):
    """Who calls."""

    key: ApiKey

    @property
    def actor(self) -> Actor:
        """The caller as the audit log names them."""
        return Actor(f"key:{self.key.prefix}", self.key.tenant_id)


class Call(NamedTuple):
    """One call of an operation, with everything in it checked."""

    caller: Caller
    request: Request
    """For a body that is read line by line; all else is here already."""
    query: Query
    body: BaseModel | None


class Reply(NamedTuple):
    """What an operation answers."""

    status: int
    model: BaseModel


Handle = Callable[..., Awaitable[Reply]]
"""Called with the call and the path's values, in order."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    name: str
    """The operation's id in the OpenAPI document: what generated clients call their function."""
    summary: str
    scope: Scope | None
    """What the caller's key must have; None when any good key will do."""
    handle: Handle
    replies: Mapping[int, type[BaseModel]]
    """By status."""
    body: type[BaseModel] | None = None
    lines: type[BaseModel] | None = None
    """What each line of an NDJSON body is; the handler reads them itself."""
    query: type[Query] = Query
    may_miss: bool = False
    """Whether it answers 404."""
    description: str = ""
