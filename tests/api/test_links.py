"""Links over the API: for those who are there, the same all day, and to the server's own address only."""

import pytest

from streamsrv.management import DAY_S, end_of_day_s
from tests.api.site import ANA, LINKS, ApiSite


async def ask(api: ApiSite, *viewers: str, **more: object) -> dict[str, object]:
    found: dict[str, object] = (
        await api.ask("POST", "/api/v1/links", body={"campaign": "renewal", "viewers": viewers, **more})
    ).json
    return found


async def test_links_are_for_those_who_are_there(api: ApiSite) -> None:
    lines = [{"viewer": name, "attributes": ANA} for name in "abc"]
    await api.lines("/api/v1/campaigns/renewal/viewers", *lines)
    reply = await api.ask("POST", "/api/v1/links", body={"campaign": "renewal", "viewers": ["c", "x", "a", "c"]})

    assert [link["viewer"] for link in reply.json["links"]] == ["c", "a"]
    assert reply.json["unknown"] == ["x"]
    url = reply.json["links"][0]["url"]
    assert url.startswith(f"{LINKS}/v/")
    assert reply.json["links"][0]["multivariant_url"] == f"{url}/multivariant.m3u8"
    assert reply.json["links"][0]["poster_url"] == f"{url}/poster.jpg"
    assert reply.json["links"][0]["moment_url"] == f"{url}/moment.webp"


async def test_asked_again_on_one_day_links_are_the_same(api: ApiSite) -> None:
    await api.ask("PUT", "/api/v1/campaigns/renewal/viewers/ana", body={"attributes": ANA})

    assert await ask(api, "ana", days=30) == await ask(api, "ana", days=30)
    assert await ask(api, "ana", days=30) != await ask(api, "ana", days=31)


async def test_what_a_request_says_of_its_host_changes_no_link(api: ApiSite) -> None:
    await api.ask("PUT", "/api/v1/campaigns/renewal/viewers/ana", body={"attributes": ANA})
    reply = await api.ask(
        "POST",
        "/api/v1/links",
        body={"campaign": "renewal", "viewers": ["ana"]},
        headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
    )

    assert "evil" not in str(reply.json)


@pytest.mark.parametrize("days", [0, 731, 1.5, "30", True, []])
async def test_days_are_a_whole_number_in_reason(api: ApiSite, days: object) -> None:
    reply = await api.ask("POST", "/api/v1/links", body={"campaign": "renewal", "viewers": ["a"], "days": days})

    assert (reply.status, reply.json["problems"][0]["where"]) == (422, "body.days")


async def test_issuing_is_written_down(api: ApiSite) -> None:
    await ask(api, "ana")

    assert await api.acts() == [("links.issue", "renewal")]


def test_a_day_ends_with_its_last_second() -> None:
    assert [end_of_day_s(second) for second in (0, DAY_S - 1, DAY_S)] == [DAY_S, DAY_S, 2 * DAY_S]
