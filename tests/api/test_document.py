"""The OpenAPI document is true: the server does what it says, and says what it does."""

from pathlib import Path

import orjson
from jsonschema.validators import validator_for

from tests.api.schemathesis import run
from tests.api.site import ApiSite

EXAMPLES = 15
"""A few for each operation; `python -m tests.api.schemathesis -n 500` looks longer."""


def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    done = run(["-n", str(EXAMPLES), "--generation-deterministic"], tmp_path)

    assert done.returncode == 0, done.stdout


async def test_the_document_needs_no_key_and_names_each_operations_scope(api: ApiSite) -> None:
    reply = await api.ask("GET", "/api/openapi.json", key="")
    operations = [operation for path in reply.json["paths"].values() for operation in path.values()]

    assert (reply.status, reply.json["openapi"]) == (200, "3.1.0")
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all("scope `" in one["description"] or "Any good key" in one["description"] for one in operations)


async def test_every_schema_in_the_document_is_one(api: ApiSite) -> None:
    document = (await api.ask("GET", "/api/openapi.json", key="")).json
    for name, schema in document["components"]["schemas"].items():
        validator_for(schema).check_schema(schema)
        assert name == "JsonValue" or schema.get("description"), name


async def test_an_error_has_the_form_that_the_document_gives_it(api: ApiSite) -> None:
    document = (await api.ask("GET", "/api/openapi.json", key="")).json
    schema = orjson.loads(orjson.dumps(document["components"]).replace(b"#/components/schemas/", b"#/$defs/"))
    error = {"$defs": schema["schemas"], "$ref": "#/$defs/Error"}
    put = "/api/v1/campaigns/renewal/viewers/ana"
    replies = [
        await api.ask("GET", "/api/v1/campaigns", key="wrong"),
        await api.ask("PUT", put, body={}),
        await api.ask("DELETE", "/api/v1/campaigns"),
        await api.ask("GET", "/api/v1/campaigns?more=1"),
    ]

    assert [reply.status for reply in replies] == [401, 422, 405, 422]
    for reply in replies:
        validator_for(error)(error).validate(reply.json)
