"""A token opens what its own viewer was shown, and nothing that only another was: everybody against everything (B6)."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import orjson
import pytest

from load import world
from streamsrv.core.model import Viewer
from streamsrv.stores.samples import keep_samples
from tests.web.conftest import OpenSite, Site

PEOPLE = 50
AT_ONCE = 50


@dataclass(frozen=True)
class Playing:
    """One viewer's session, and all that its playlists list, below the token's folder."""

    viewer: Viewer
    folder: str
    listed: frozenset[str]


def everyone() -> list[Viewer]:
    """Viewers of many cuts."""
    people = world.viewers(400)
    return [people[number * 7 % 400] for number in range(PEOPLE)]


@pytest.fixture
async def site(open_site: OpenSite) -> AsyncIterator[Site]:
    async with open_site() as opened:
        await keep_samples(opened.services.register, everyone(), at_s=1)
        yield opened


async def playing(site: Site, viewer: Viewer) -> Playing:
    link = f"/v/{world.link_token(viewer, now_s=int(time.time()))}"
    session = orjson.loads((await site.fetch(f"{link}/sessions", method="POST")).body)
    folder = session["multivariant_url"].rpartition("/")[0]
    listed: set[str] = set()
    for text in ("video/234p.m3u8", "audio/en.m3u8"):
        reply = await site.fetch(f"{folder}/{text}", headers={"Accept-Encoding": "identity"})
        listed |= set(re.findall(r"\.\./(seg/\S+)", reply.body.decode()))
    return Playing(viewer, folder, frozenset(listed))


async def test_a_token_opens_its_own_viewers_segments_only(site: Site) -> None:
    sessions = [await playing(site, viewer) for viewer in everyone()]
    every = sorted(frozenset[str]().union(*(one.listed for one in sessions)))
    # Fifty that tell viewers apart: listed for some, and not for others.
    told = [path for path in every if 0 < sum(path in one.listed for one in sessions) < PEOPLE]
    paths = told[:: max(1, len(told) // 50)][:50]
    assert (PEOPLE, 50) == (len({one.folder for one in sessions}), len(paths))
    slots = asyncio.Semaphore(AT_ONCE)

    async def status(one: Playing, path: str) -> int:
        async with slots:
            return (await site.fetch(f"{one.folder}/{path}", method="HEAD")).status

    asked = [(one, path) for one in sessions for path in paths]
    found = await asyncio.gather(*(status(one, path) for one, path in asked))

    wrong = [
        (one.viewer.viewer_id, path, got)
        for (one, path), got in zip(asked, found, strict=True)
        if got != (200 if path in one.listed else 404)
    ]
    assert [] == wrong
    assert 50 * PEOPLE == len(found)
    assert {200, 404} == set(found)


async def test_a_link_begins_sessions_of_its_own_viewer_only(site: Site) -> None:
    """Each viewer's call to action leads back to them: no answer has another's reference, whatever is asked at once."""
    people = everyone()
    now_s = int(time.time())

    async def begun(viewer: Viewer) -> str:
        reply = await site.fetch(f"/v/{world.link_token(viewer, now_s=now_s)}/sessions", method="POST")
        token = str(orjson.loads(reply.body)["multivariant_url"]).split("/")[2]
        pinned = await site.services.delivery.pinned(token)
        return str(pinned.attributes["first_name"])

    names = await asyncio.gather(*(begun(viewer) for viewer in people))
    assert [str(viewer.attributes["first_name"]) for viewer in people] == names
