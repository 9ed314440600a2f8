"""Errors over HTTP: the table, the shape, and what is never told."""

import logging
import time

import orjson
import pytest

from load import world
from streamsrv.core.errors import BadRange, Expired, NotFound, Rejected, StreamsrvError, Unavailable, invalid
from streamsrv.core.model import CampaignId
from streamsrv.web.errors import TooLarge, refusal_for
from tests.core.test_tokens import bytes_of, text_of
from tests.web.conftest import Reply, Site

STATUSES = [
    (NotFound("viewer"), 404),
    (Expired("over"), 410),
    (BadRange(10), 416),
    (TooLarge("body"), 413),
    (Rejected("no"), 400),
    (Unavailable("store"), 503),
    (invalid("file", "wrong"), 500),
    (StreamsrvError("other"), 500),
    (RuntimeError("surprise"), 500),
]


@pytest.mark.parametrize(("error", "status"), STATUSES, ids=[type(error).__name__ for error, _ in STATUSES])
def test_each_error_has_one_status(error: Exception, status: int) -> None:
    assert refusal_for(error).status == status


def shape(reply: Reply) -> tuple[int, list[tuple[str, str]], bytes]:
    """A reply without what differs from request to request."""
    request_id = reply.headers.pop("X-Request-Id")
    del reply.headers["Date"]
    # The id stands in the body, too, and is longer for later requests.
    reply.headers["Content-Length"] = str(int(reply.headers["Content-Length"]) - len(request_id))
    return reply.status, list(reply.headers.items()), reply.body.replace(request_id.encode(), b"ID")


async def test_a_forged_token_looks_like_any_unknown_path(site: Site) -> None:
    token = site.playback.removeprefix("/p/")
    forged = [
        f"/p/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}/video/720p.m3u8",
        f"/p/{token.swapcase()}/seg/a/b/0-0.m4s",
        f"/p/{token[:-4]}/init/00.mp4",
        "/p/x/video/720p.m3u8",
        f"{site.link}/sessions/".replace("/v/", "/p/"),
    ]
    unknown = shape(await site.fetch("/no/such/path"))

    assert [shape(await site.fetch(path)) for path in forged] == [unknown] * len(forged)
    assert unknown[0] == 404
    headers = dict(unknown[1])
    assert headers["Cache-Control"] == "no-store"
    assert headers["Access-Control-Allow-Origin"] == "*"


async def test_every_byte_of_a_token_counts_and_none_is_answered_in_another_way(site: Site) -> None:
    for token, path in ((site.playback, "/video/720p.m3u8"), (site.link, "/multivariant.m3u8")):
        root, raw = token[:3], bytes_of(token[3:])
        changed = [raw[:at] + bytes((raw[at] ^ 1 << at % 8,)) + raw[at + 1 :] for at in range(len(raw))]
        unknown = shape(await site.fetch("/no/such/path"))

        assert [unknown] * len(raw) == [shape(await site.fetch(root + text_of(one) + path)) for one in changed]


async def test_a_link_token_opens_no_playback_and_the_other_way_round(site: Site) -> None:
    link, playback = site.link.removeprefix("/v/"), site.playback.removeprefix("/p/")

    assert (await site.fetch(f"/p/{link}/multivariant.m3u8")).status == 404
    assert (await site.fetch(f"/v/{playback}")).status == 404


async def test_a_forged_link_is_a_page_for_people(site: Site) -> None:
    reply = await site.fetch("/v/nobody")

    assert (reply.status, reply.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert reply.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert b"<h1>We cannot find this video</h1>" in reply.body
    assert b"http-equiv" not in reply.body


async def test_an_error_page_is_in_a_language_that_its_reader_wants(site: Site) -> None:
    reply = await site.fetch("/v/nobody", headers={"Accept-Language": "nl-BE,nl;q=0.9,en;q=0.5"})

    assert "<h1>We kunnen deze video niet vinden</h1>" in reply.body.decode()
    assert '<html lang="nl" dir="ltr">' in reply.body.decode()


async def test_an_expired_link_is_gone(site: Site) -> None:
    viewer = world.viewers(1)[0]
    token = world.link_token(viewer, now_s=int(time.time()) - 100, life_s=50)

    page, session = await site.fetch(f"/v/{token}"), await site.fetch(f"/v/{token}/sessions", method="POST")
    assert (page.status, session.status) == (410, 410)
    assert orjson.loads(session.body)["error"] == "expired"


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/p/x/video/720p.m3u8", "POST", "GET, HEAD, OPTIONS"),
        ("/v/x/sessions", "GET", "OPTIONS, POST"),
        ("/v/x", "DELETE", "GET, HEAD, OPTIONS"),
    ],
)
async def test_other_methods_are_refused_with_those_that_are_not(
    site: Site, path: str, method: str, allowed: str
) -> None:
    reply = await site.fetch(path, method=method)

    assert (reply.status, reply.headers["Allow"]) == (405, allowed)


async def test_a_preflight_allows_what_players_send(site: Site) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    reply = await site.fetch(f"{site.playback}/video/720p.m3u8", method="OPTIONS", headers=asked)

    assert (reply.status, reply.body) == (204, b"")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in reply.headers
    assert {"Range", "Content-Type"} <= set(reply.headers["Access-Control-Allow-Headers"].split(", "))
    assert "Content-Length" not in reply.headers


async def test_too_large_a_body_is_refused_unread(site: Site) -> None:
    reply = await site.fetch(f"{site.link}/sessions", method="POST", data=b"x" * 5000)

    assert (reply.status, reply.headers["Connection"]) == (413, "close")


async def test_an_unexpected_error_is_logged_once_and_tells_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: object, campaign_id: CampaignId) -> None:
        raise RuntimeError("Ana's premium is 412.50")

    monkeypatch.setattr("streamsrv.stores.campaigns.FolderCampaignStore.campaign", broken)
    with caplog.at_level(logging.ERROR):
        reply = await site.fetch(f"{site.link}/sessions", method="POST")

    assert (reply.status, orjson.loads(reply.body)["error"]) == (500, "internal")
    assert b"Ana" not in reply.body
    assert [(record.message, record.request_id) for record in caplog.records] == [  # type: ignore[attr-defined]
        ("a handler failed", reply.headers["X-Request-Id"])
    ]


async def test_an_error_page_that_fails_is_still_an_answer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object, **variables: object) -> str:
        raise RuntimeError("no page today")

    monkeypatch.setattr("jinja2.Template.render", broken)
    reply = await site.fetch("/v/nobody")

    assert (reply.status, orjson.loads(reply.body)["error"]) == (500, "internal")
