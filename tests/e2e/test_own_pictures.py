"""Pictures for e-mails and erasure over the API: what shows a viewer's words is for who holds a good link."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import orjson
import pytest

from load import world
from streamsrv.core.model import CampaignId, Viewer, ViewerId
from tests.e2e.greet import begin, own_urls, serving, until_personal
from tests.e2e.server import Answer, Server, fetch

PICTURES = ("poster.jpg", "moment.webp")
LONG_AGO_S = 10_000


@pytest.fixture(scope="module")
def greet_server(greet_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(greet_store, tmp_path_factory.mktemp("greet-pictures")) as running:
        yield running


def _command(server: Server, *words: str) -> str:
    command = [sys.executable, "-m", "streamsrv", *words, "--config", str(server.folder / "server.toml")]
    environ = {**os.environ, **world.ENVIRON}
    return subprocess.run(command, env=environ, check=True, capture_output=True, timeout=120, text=True).stdout


def _refused(url: str) -> Answer:
    """The answer to a request that must not do well."""
    with pytest.raises(HTTPError) as caught:
        fetch(url)
    with caught.value as answer:
        return Answer(answer.code, dict(answer.headers), answer.read())


def _api(server: Server, method: str, path: str, key: str, body: object = None) -> Any:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    data = None if body is None else orjson.dumps(body)
    return orjson.loads(fetch(server.base_url + path, method=method, headers=headers, data=data).body)


def _key(server: Server) -> str:
    scopes = ("--scope", "erasures:write", "--scope", "links:write")
    return _command(server, "keys", "create", "--name", "test", *scopes).strip()


@pytest.mark.parametrize("picture", PICTURES)
def test_a_link_that_is_over_or_forged_shows_no_picture(greet_server: Server, picture: str) -> None:
    zoe = Viewer(ViewerId("zoe"), CampaignId("greet"), {})
    over = world.link_token(zoe, now_s=int(time.time()) - LONG_AGO_S)
    forged = f"{over[:-4]}AAAA"

    answers = [_refused(f"{greet_server.base_url}/v/{token}/{picture}") for token in (over, forged)]
    assert [410, 404] == [answer.status for answer in answers]
    assert all("no-store" in answer.headers["Cache-Control"] for answer in answers)
    assert not any(answer.headers["Content-Type"].startswith("image/") for answer in answers)


def test_a_revoked_link_shows_no_picture_though_it_is_rendered(greet_server: Server) -> None:
    link = greet_server.base_url + greet_server.link("late", "greet")
    before = [fetch(f"{link}/{picture}") for picture in PICTURES]
    assert {200} == {answer.status for answer in before}
    _command(greet_server, "revoke", "--campaign", "greet", "--viewer", "late")

    assert [410, 410] == [_refused(f"{link}/{picture}").status for picture in PICTURES]
    # Others' are there as before.
    assert 200 == fetch(f"{greet_server.base_url}{greet_server.link('zoe', 'greet')}/poster.jpg").status


def test_the_addresses_that_the_api_tells_lead_to_the_pictures(greet_server: Server) -> None:
    answer = _api(greet_server, "POST", "/api/v1/links", _key(greet_server), {"campaign": "greet", "viewers": ["zoe"]})
    (link,) = answer["links"]

    assert ["image/jpeg", "image"] == [
        fetch(link["poster_url"]).headers["Content-Type"],
        fetch(link["moment_url"]).headers["Content-Type"].partition("/")[0],
    ]


def test_erasing_a_viewer_over_the_api_removes_what_was_rendered_for_them(greet_server: Server) -> None:
    link = greet_server.base_url + greet_server.link("erased", "greet")
    url = own_urls(begin(greet_server, "erased"))[0]
    content = until_personal(url).headers["ETag"].strip('"').partition("-")[0]
    end_s = time.monotonic() + 60
    folder = greet_server.folder / "rendered"

    def kept() -> list[str]:
        return sorted(path.name for path in folder.glob(f"??/{content}*/*"))

    while not any(".webp" in name for name in kept()):
        fetch(f"{link}/moment.webp")
        assert time.monotonic() < end_s
    erased = _api(greet_server, "DELETE", "/api/v1/viewers/erased?campaign=greet", _key(greet_server))

    assert [(True, False)] == [(one["was_there"], one["is_there"]) for one in erased["erasures"]]
    while kept():
        assert time.monotonic() < end_s
        time.sleep(0.1)
    # Erased ends links, too: which of both is told depends on who has heard of it by then.
    assert _refused(f"{link}/moment.webp").status in {404, 410}
