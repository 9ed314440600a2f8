"""Sessions through the whole server: decided once and pinned, ended by a revocation, measured with consent only."""

import asyncio
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from load import world
from streamsrv.core import tokens
from streamsrv.core.errors import NotFound
from streamsrv.core.model import Viewer
from streamsrv.stores.revoking import Revoking
from streamsrv.stores.samples import keep_samples
from tests.chaos.servers import cluster
from tests.web.conftest import OpenSite, Reply, Site

ANNA, BEN = world.viewers(2)
"""The first of the site's viewers, whose link is the site's, and the second."""
TEXTS = Path(__file__).parents[2] / "streamsrv" / "player" / "templates" / "texts.json"
LOOKS = ("", "/poster.jpg", "/multivariant.m3u8")


async def text_of(site: Site, path: str) -> bytes:
    reply = await site.fetch(path, headers={"Accept-Encoding": "identity"})
    assert reply.status == 200
    return reply.body


async def begun(site: Site, link: str = "") -> dict[str, Any]:
    reply = await site.fetch(f"{link or site.link}/sessions", method="POST")
    assert reply.status == 201
    session: dict[str, Any] = orjson.loads(reply.body)
    return session


def folder_of(session: dict[str, Any]) -> str:
    return str(session["multivariant_url"]).rpartition("/")[0]


def link_of(viewer: Viewer, serial: int = 0) -> str:
    return f"/v/{world.link_token(viewer, now_s=int(time.time()), serial=serial)}"


async def test_a_session_is_told_the_same_after_its_viewers_data_changed(site: Site) -> None:
    session = await begun(site)
    token = folder_of(session).removeprefix("/p/")
    before = await site.services.delivery.pinned(token)
    playlist = await text_of(site, f"{folder_of(session)}/video/720p.m3u8")
    changed = replace(ANNA, attributes={**ANNA.attributes, "product": "life"})
    await keep_samples(site.services.register, [changed], at_s=1)

    assert before == await site.services.delivery.pinned(token)
    assert playlist == await text_of(site, f"{folder_of(session)}/video/720p.m3u8")
    assert await text_of(site, f"{folder_of(await begun(site))}/video/720p.m3u8") != playlist
    assert "home" == before.attributes["product"]


async def test_a_session_is_told_the_same_after_its_campaign_changed(open_site: OpenSite, tmp_path: Path) -> None:
    campaigns = tmp_path / "campaigns"
    campaigns.mkdir()
    file = campaigns / "renewal.yaml"
    text = (world.CAMPAIGNS / "renewal.yaml").read_text("utf-8")
    file.write_text(text, "utf-8")
    environ = {"STREAMSRV_STORAGE_CAMPAIGNS": str(campaigns)}
    async with open_site(name="one", environ=environ) as site:
        session = await begun(site)
        token = folder_of(session).removeprefix("/p/")
        before = await site.services.delivery.pinned(token)
        playlist = await text_of(site, f"{folder_of(session)}/video/720p.m3u8")
        file.write_text(re.sub(r"(?m)^  - slot: hello$", "  - slot: welcome", text), "utf-8")
        assert () == await asyncio.to_thread(site.services.campaigns.reload)

        assert before == await site.services.delivery.pinned(token)
        assert b'X-SLOT="hello"' in playlist
        assert playlist == await text_of(site, f"{folder_of(session)}/video/720p.m3u8")
        async with open_site(name="another", environ=environ) as another:
            # A process that never knew the release: the same scenes, and no name for their slots.
            elsewhere = await text_of(another, f"{folder_of(session)}/video/720p.m3u8")
            assert re.sub(rb",X-SLOT=[^\n]*", b"", playlist) == elsewhere


async def test_looking_writes_nothing_into_the_store(site: Site) -> None:
    client = site.services.register.state.client
    before = await client.info("commandstats")
    keys = [key async for key in site.services.register.state.scan("*")]
    for method in ("GET", "HEAD"):
        for look in LOOKS:
            for _ in range(5):
                await site.fetch(site.link + look, method=method)
    after = await client.info("commandstats")

    called = [name.removeprefix("cmdstat_") for name, stats in after.items() if stats != before.get(name)]
    commands = await client.command()
    assert "mget" in called
    assert [] == [name for name in called if "write" in str(commands[name.partition("|")[0]]["flags"])]
    assert sorted(keys) == sorted([key async for key in site.services.register.state.scan("*")])


async def test_a_session_is_over_when_its_time_is_also_where_it_is_known(open_site: OpenSite) -> None:
    async with open_site(environ={"STREAMSRV_LINKS_SESSION_S": "2"}) as site:
        folder = folder_of(await begun(site))
        assert (await site.fetch(f"{folder}/chapters.json")).status == 200
        over = await until_status(site, f"{folder}/chapters.json", 410)

        assert orjson.loads(over.body)["error"] == "expired"


async def test_a_player_without_a_page_plays_and_has_nothing_pinned(site: Site) -> None:
    text = await text_of(site, f"{site.link}/multivariant.m3u8")
    token = re.findall(r"\.\./\.\./p/([^/]+)/video", text.decode())[0]

    assert (await site.fetch(f"/p/{token}/video/720p.m3u8")).status == 200
    with pytest.raises(NotFound, match="no such session"):
        await site.services.delivery.pinned(token)


@pytest.mark.parametrize("what", ["link", "campaign", "key"])
async def test_a_revocation_ends_links_and_sessions_and_spares_the_others(site: Site, what: str) -> None:
    mine, others = folder_of(await begun(site)), folder_of(await begun(site, link_of(BEN)))
    revoking, now_s = Revoking(site.services.register.state), site.services.clock.now_ms() // 1000
    if what == "link":
        await revoking.link(world.link_id(ANNA), now_s=now_s)
    elif what == "campaign":
        await revoking.campaign(world.IDENTITY.campaign_tag(ANNA.campaign_id), now_s=now_s)
    else:
        await revoking.key(world.KEYS.current)
    over = await until_status(site, f"{mine}/video/720p.m3u8", 410)

    assert orjson.loads(over.body)["error"] == "expired"
    paths = (f"{mine}/chapters.json", f"{mine}/text/en.vtt", *(site.link + look for look in LOOKS))
    assert [410] * 5 == [(await site.fetch(path)).status for path in paths]
    assert 410 == (await site.fetch(f"{site.link}/sessions", method="POST")).status
    assert (200 if what == "link" else 410) == (await site.fetch(f"{others}/video/720p.m3u8")).status
    # Links that are made from now on are good, but for those of the key.
    fresh = await site.fetch(f"{link_of(ANNA, serial=now_s + 1)}/sessions", method="POST")
    assert (410 if what == "key" else 201) == fresh.status


async def test_a_revoked_and_an_expired_link_are_one_page_that_is_true_of_both(site: Site) -> None:
    texts = orjson.loads(TEXTS.read_bytes())
    now_s = site.services.clock.now_ms() // 1000
    expired = f"/v/{world.link_token(BEN, now_s=now_s - 100, life_s=50)}"
    await Revoking(site.services.register.state).link(world.link_id(ANNA), now_s=now_s)
    await until_status(site, site.link, 410)

    for language, words in texts.items():
        pages = [
            (await site.fetch(path, headers={"Accept-Language": language})).body.decode()
            for path in (site.link, expired)
        ]
        assert f"<h1>{words['expired_heading']}</h1>" in pages[0]
        assert pages[0] == pages[1]
    assert "This link is no longer valid" == texts["en"]["expired_heading"]


async def test_a_link_of_an_older_key_opens_and_revoking_that_key_ends_what_it_began(open_site: OpenSite) -> None:
    new = "another secret for tests of 32 bytes or more"
    environ = {"STREAMSRV_LINKS_SECRET": f"2:{new},1:{world.SECRET}"}
    rotated = tokens.TokenKeys(current=2, secrets={2: new.encode(), **world.KEYS.secrets})
    async with open_site(environ=environ) as site:
        expires_at_s = int(time.time()) + 3600
        newer = f"/v/{tokens.sign_link(world.link_id(BEN), expires_at_s=expires_at_s, keys=rotated)}"
        old, young = folder_of(await begun(site)), folder_of(await begun(site, newer))
        await Revoking(site.services.register.state).key(1)
        await until_status(site, f"{old}/video/720p.m3u8", 410)

        assert [410, 200] == [(await site.fetch(link)).status for link in (site.link, newer)]
        assert 200 == (await site.fetch(f"{young}/video/720p.m3u8")).status


async def test_sessions_are_pinned_and_revoked_in_a_cluster(open_site: OpenSite, tmp_path: Path) -> None:
    async with (
        cluster(tmp_path / "cluster") as nodes,
        open_site(environ={"STREAMSRV_STATE_REDIS_URL": nodes.url}) as site,
    ):
        folder = folder_of(await begun(site))
        pinned = await site.services.delivery.pinned(folder.removeprefix("/p/"))
        assert ANNA.attributes["first_name"] == pinned.attributes["first_name"]
        revoking, now_s = Revoking(site.services.register.state), site.services.clock.now_ms() // 1000
        await revoking.link(world.link_id(ANNA), now_s=now_s)
        await until_status(site, f"{folder}/video/720p.m3u8", 410)


async def test_of_viewers_who_did_not_agree_events_are_counted_and_nothing_is_kept(
    open_site: OpenSite, tmp_path: Path
) -> None:
    campaigns = tmp_path / "campaigns"
    campaigns.mkdir()
    text = (world.CAMPAIGNS / "renewal.yaml").read_text("utf-8")
    asking = text.replace("schema:\n", "consent: agrees\nschema:\n  agrees: {type: bool}\n", 1)
    (campaigns / "renewal.yaml").write_text(asking, "utf-8")
    async with open_site(environ={"STREAMSRV_STORAGE_CAMPAIGNS": str(campaigns)}) as site:
        said = {"silent": ANNA, "refuses": BEN, "agrees": world.viewers(3)[2]}
        await keep_samples(
            site.services.register,
            [
                replace(said["refuses"], attributes={**said["refuses"].attributes, "agrees": False}),
                replace(said["agrees"], attributes={**said["agrees"].attributes, "agrees": True}),
            ],
            at_s=1,
        )
        sessions = {name: await begun(site, link_of(viewer)) for name, viewer in said.items()}
        for session in sessions.values():
            playlist = await site.fetch(
                f"{folder_of(session)}/video/234p.m3u8", headers={"Accept-Encoding": "identity"}
            )
            segment = re.findall(r"\.\./(seg/\S+)", playlist.body.decode())[0]
            assert 200 == (await site.fetch(f"{folder_of(session)}/{segment}")).status
        metrics = (await site.operations("/metrics")).body.decode()
        written = await site.events()

        assert "streamsrv_events_withheld_total 4.0" in metrics
        agreed = sessions["agrees"]["session_id"]
        assert [("session", agreed), ("segment", agreed)] == [(event["type"], event["session"]) for event in written]
        logs = b"".join(path.read_bytes() for path in (site.folder / "events").rglob("*") if path.is_file())
        for name in ("silent", "refuses"):
            link_ref = world.IDENTITY.link_ref(said[name].campaign_id, said[name].viewer_id)
            for identifier in (sessions[name]["session_id"], said[name].viewer_id + '"', link_ref):
                assert identifier.encode() not in logs


async def until_status(site: Site, path: str, status: int) -> Reply:
    for _ in range(600):
        reply = await site.fetch(path)
        if reply.status == status:
            return reply
        await asyncio.sleep(0.05)
    raise AssertionError(f"{path} is never a {status}")
