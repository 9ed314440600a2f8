"""Viewers over the API: one by one, many in one body, and back."""

import orjson
import pytest

from tests.api.site import ANA, ApiSite

ONE = "/api/v1/campaigns/renewal/viewers/ana"
MANY = "/api/v1/campaigns/renewal/viewers"


async def test_a_viewer_who_was_put_is_read_back_as_the_schema_has_them(api: ApiSite) -> None:
    put = await api.ask("PUT", ONE, body={"attributes": {**ANA, "points": "12"}})
    assert (put.status, put.json) == (201, {"viewer": "ana", "campaign": "renewal"})

    read = await api.ask("GET", ONE)
    assert (read.status, read.json["attributes"]) == (200, {**ANA, "points": 12})


async def test_putting_again_replaces_all(api: ApiSite) -> None:
    statuses = [
        (await api.ask("PUT", ONE, body={"attributes": attributes})).status
        for attributes in (ANA, {"first_name": "Anna"}, {"first_name": "Anna"})
    ]

    assert statuses == [201, 200, 200]
    assert (await api.ask("GET", ONE)).json["attributes"] == {"first_name": "Anna"}


@pytest.mark.parametrize("path", ["/api/v1/viewers", "/api/v1/viewers?campaign=renewal", MANY])
async def test_a_viewer_may_be_posted_with_or_without_a_campaign_in_the_address(api: ApiSite, path: str) -> None:
    body = {"viewer": "ana", "attributes": ANA} | ({"campaign": "renewal"} if path.endswith("/viewers") else {})
    posted = await api.ask("POST", path, body=body)

    assert (posted.status, posted.json) == (201, {"viewer": "ana", "campaign": "renewal"})
    assert (await api.ask("GET", ONE)).status == 200


@pytest.mark.parametrize(
    ("viewer", "path"),
    [("a/b", "a%2Fb"), ("a%2Fb", "a%252Fb"), ("Zoë é", "Zo%C3%AB%20%C3%A9"), ("a+b", "a+b"), ("..", "%2e%2e")],
)
async def test_a_viewers_id_is_decoded_once(api: ApiSite, viewer: str, path: str) -> None:
    put = await api.ask("PUT", f"/api/v1/campaigns/renewal/viewers/{path}", body={"attributes": ANA})

    assert put.json == {"viewer": viewer, "campaign": "renewal"}


@pytest.mark.parametrize("path", ["%zz", "%", "%ff", "%C3", "a%00b", "a%0Ab"])
async def test_an_id_that_is_not_encoded_text_is_nobodys(api: ApiSite, path: str) -> None:
    reply = await api.ask("PUT", f"/api/v1/campaigns/renewal/viewers/{path}", body={"attributes": ANA})

    assert reply.status in {404, 422}
    assert (await api.ask("GET", f"/api/v1/campaigns/renewal/viewers/{path}")).status == 404


async def test_every_mistake_of_a_viewer_is_told_and_nothing_is_kept(api: ApiSite) -> None:
    reply = await api.ask("PUT", ONE, body={"attributes": {"product": "car", "points": "many", "frist_name": "Ana"}})

    assert (reply.status, reply.json["error"]) == (422, "bad_data")
    assert [problem["where"] for problem in reply.json["problems"]] == ["product", "points", "first_name", "attributes"]
    assert 'did you mean "first_name"?' in reply.json["problems"][3]["what"]
    assert "many" not in str(reply.json["problems"][1]["what"])
    assert (await api.ask("GET", ONE)).status == 404


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        (b"{", 400, None),
        (b'{"attributes": {"first_name": "Ana"}', 400, None),
        (b'{"attributes": NaN}', 400, None),
        (b"\xff", 400, None),
        (b"[" * 5000, 400, None),
        (b'{"attributes": {"first_name": ' + b"[" * 40 + b"]" * 40 + b"}}", 400, None),
        (b"[]", 422, "body"),
        (b"{}", 422, "body.attributes"),
        (b'{"attributes": {}, "more": 1}', 422, "body.more"),
        (b'{"attributes": []}', 422, "body.attributes"),
    ],
)
async def test_bodies_that_are_not_what_they_should_be(
    api: ApiSite, body: bytes, status: int, where: str | None
) -> None:
    reply = await api.ask("PUT", ONE, data=body, headers={"Content-Type": "application/json"})

    assert (reply.status, reply.json.get("problems", [{"where": None}])[0]["where"]) == (status, where)


async def test_many_viewers_come_a_line_each_and_each_bad_line_is_told(api: ApiSite) -> None:
    reply = await api.lines(
        MANY,
        {"viewer": "a", "attributes": ANA},
        {"viewer": "b", "attributes": {"product": "home"}},
        b"",
        b"{",
        {"viewer": "c", "attributes": ANA, "campaign": "renewal"},
        {"viewer": "", "attributes": ANA},
        {"viewer": "d", "attributes": ANA, "campaign": "spring"},
        {"viewer": "e", "attributes": ANA, "other": 1},
        b'{"viewer": "f", "attributes": {"first_name": "' + b"x" * 70_000 + b'"}}',
        [1],
    )

    assert (reply.status, reply.json["stored"], reply.json["rejected"]) == (200, 2, 7)
    told = [(reject["line"], reject["viewer"], reject["problems"][0]["where"]) for reject in reply.json["rejects"]]
    assert told == [
        (2, "b", "first_name"),
        (4, None, "line"),
        (6, None, "viewer"),
        (7, None, "campaign"),
        (8, None, "line"),
        (9, None, "line"),
        (10, None, "line"),
    ]
    statuses = {name: (await api.ask("GET", f"{MANY}/{name}")).status for name in "abcd"}
    assert statuses == {"a": 200, "b": 404, "c": 200, "d": 404}


async def test_many_viewers_may_be_of_several_campaigns(api: ApiSite) -> None:
    lines = [{"viewer": "a", "attributes": ANA}, {"viewer": "a", "campaign": "renewal", "attributes": ANA}]
    reply = await api.lines("/api/v1/viewers", *lines)

    assert (reply.json["stored"], reply.json["rejected"]) == (1, 1)
    assert (await api.lines("/api/v1/viewers?campaign=renewal", *lines)).json["stored"] == 2


async def test_many_viewers_sent_again_are_the_same_viewers(api: ApiSite) -> None:
    lines = [{"viewer": f"v-{number}", "attributes": {"first_name": f"V{number}"}} for number in range(450)]
    replies = [(await api.lines(MANY, *lines)).json for _ in range(2)]

    assert replies == [{"stored": 450, "rejected": 0, "rejects": []}] * 2
    assert (await api.ask("GET", f"{MANY}/v-449")).json["attributes"] == {"first_name": "V449"}


async def test_of_very_many_bad_lines_the_first_are_told_and_all_are_counted(api: ApiSite) -> None:
    reply = await api.lines(MANY, *[b"x"] * 2500)

    assert (reply.json["stored"], reply.json["rejected"], len(reply.json["rejects"])) == (0, 2500, 1000)


async def test_one_body_names_one_campaign(api: ApiSite) -> None:
    other = await api.ask("POST", MANY, body={"viewer": "a", "campaign": "other", "attributes": ANA})
    none = await api.ask("POST", "/api/v1/viewers", body={"viewer": "a", "attributes": ANA})

    assert (other.status, none.status) == (422, 422)
    assert [reply.json["problems"][0]["where"] for reply in (other, none)] == ["body.campaign"] * 2


async def test_reading_and_writing_are_written_down_without_a_name(api: ApiSite) -> None:
    await api.ask("PUT", ONE, body={"attributes": ANA})
    await api.ask("GET", ONE)
    await api.lines(MANY, {"viewer": "b", "attributes": ANA}, b"{")
    acts = await api.acts()

    assert [action for action, _ in acts] == [
        "viewer.write",
        "viewer.read",
        "viewers.import.begin",
        "viewers.import.end",
    ]
    assert acts[0][1] == acts[1][1]
    assert "ana" not in orjson.dumps(acts).decode().lower()
