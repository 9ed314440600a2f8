"""The OpenAPI 3.1 document, written from the operations that serve and the models that check (never by hand)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from streamsrv.core.importing.rows import MAX_ID_CHARS
from streamsrv.web.api.endpoint import JSON, NDJSON
from streamsrv.web.api.operations import MAX_BULK_BYTES, MAX_LINE_BYTES, Operation
from streamsrv.web.api.shapes import CAMPAIGN_PATTERN, Error

VERSION = "1.0"
"""Of the API. Fields and operations may be added to it; what is there stays as it is."""
_VALUES: Mapping[str, Mapping[str, object]] = {
    "campaign": {"type": "string", "pattern": CAMPAIGN_PATTERN, "description": "A campaign's id."},
    "viewer": {"type": "string", "minLength": 1, "maxLength": MAX_ID_CHARS, "description": "A viewer's id."},
    "erasure": {"type": "string", "minLength": 1, "maxLength": 80, "description": "An erasure's id."},
}  # fmt: skip
_ERRORS: Mapping[int, str] = {
    400: "What was sent is not HTTP or not JSON.",
    401: "No API key, or one that is unknown, over or revoked.",
    403: "The API key lacks the scope.",
    404: "There is no such thing for this key's tenant.",
    413: "The body is too large.",
    415: "The body is of another media type, or has a content coding.",
    422: "The data does not fit; every problem is listed.",
    429: "More requests than one key may send.",
    431: "The address or the headers are too large.",
    500: "A fault of the server's.",
    503: "Something is away for now.",
}
_WAIT = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}}


def write_document(operations: Sequence[Operation]) -> bytes:
    """The document as JSON."""
    schemas = _Schemas(operations)
    paths: dict[str, dict[str, object]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas)
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "streamsrv",
            "version": VERSION,
            "description": "Viewers, links and what becomes of them. Bodies and answers are JSON; times are in UTC.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas.definitions,
            "securitySchemes": {"api_key": {"type": "http", "scheme": "bearer", "bearerFormat": "ssk_…"}},
        },
        "security": [{"api_key": []}],
    }
    return orjson.dumps(document)


class _Schemas:
    """The JSON Schemas of everything that is sent and answered."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        sent: set[type[BaseModel]] = {Error}
        sent |= {model for operation in operations for model in (operation.body, operation.lines) if model is not None}
        answered: set[type[BaseModel]] = {model for operation in operations for model in operation.replies.values()}
        modes: list[tuple[type[BaseModel], JsonSchemaMode]] = []
        modes += [(model, "validation") for model in sorted(sent, key=_name)]
        modes += [(model, "serialization") for model in sorted(answered, key=_name)]
        self._references, schema = models_json_schema(modes, ref_template="#/components/schemas/{model}")
        self.definitions: Mapping[str, object] = schema["$defs"]

    def sent(self, model: type[BaseModel]) -> Mapping[str, Any]:
        return self._references[(model, "validation")]

    def answered(self, model: type[BaseModel]) -> Mapping[str, Any]:
        return self._references[(model, "serialization")]


def _name(model: type[BaseModel]) -> str:
    return model.__name__


def _operation(operation: Operation, schemas: _Schemas) -> dict[str, object]:
    scope = f"Needs the scope `{operation.scope}`." if operation.scope else "Any good key will do."
    described: dict[str, object] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"{operation.description} {scope}".strip(),
        "responses": _responses(operation, schemas),
    }
    parameters = [*_path_parameters(operation.path), *_query_parameters(operation.query)]
    if parameters:
        described["parameters"] = parameters
    if operation.body is not None:
        content: dict[str, object] = {JSON: {"schema": schemas.sent(operation.body)}}
        if operation.lines is not None:
            # Not a string: any bytes are lines, and each that does not fit is told in the answer.
            content[NDJSON] = {"schema": {"description": _lines(operation.lines)}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _lines(model: type[BaseModel]) -> str:
    return f"One {_name(model)} a line. Up to {MAX_BULK_BYTES} bytes, and {MAX_LINE_BYTES} a line."


def _responses(operation: Operation, schemas: _Schemas) -> dict[str, object]:
    responses: dict[str, object] = {
        str(status): {
            "description": (model.__doc__ or "").partition("\n")[0],
            "content": {JSON: {"schema": schemas.answered(model)}},
        }
        for status, model in operation.replies.items()
    }
    # 422 everywhere: a query that an operation does not have is one, too.
    statuses = {400, 401, 422, 429, 431, 500, 503}
    statuses |= {403} if operation.scope else set()
    statuses |= {404} if "{" in operation.path or operation.may_miss else set()
    statuses |= {413, 415} if operation.body else set()
    for status in sorted(statuses):
        response: dict[str, object] = {
            "description": _ERRORS[status],
            "content": {JSON: {"schema": schemas.sent(Error)}},
        }
        if status in (429, 503):
            response["headers"] = _WAIT
        responses[str(status)] = response
    return responses


def _path_parameters(path: str) -> list[dict[str, object]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _VALUES[name]} for name in re.findall(r"{(\w+)}", path)
    ]


def _query_parameters(query: type[BaseModel]) -> list[dict[str, object]]:
    schema = query.model_json_schema()
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _without_null(found)}
        for name, found in schema.get("properties", {}).items()
    ]


def _without_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter's schema: one that may be left out is never null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    merged = {**schema, **(kinds[0] if len(kinds) == 1 else {})}
    return {name: value for name, value in merged.items() if name not in ("anyOf", "title") and value is not None}
