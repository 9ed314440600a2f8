"""The internal listener."""

import re

from tests.web.conftest import Site


async def test_health_and_readiness(site: Site) -> None:
    health, ready = await site.operations("/healthz"), await site.operations("/readyz")

    assert (health.status, health.body) == (200, b'{"status":"alive"}')
    assert (ready.status, ready.body) == (200, b'{"status":"ready"}')


async def test_operators_have_a_listener_of_their_own(site: Site) -> None:
    assert [(await site.fetch(path)).status for path in ("/metrics", "/healthz", "/readyz")] == [404, 404, 404]
    assert (await site.operations(f"{site.playback}/video/720p.m3u8")).status == 404


async def test_metrics_count_by_route_template_and_name_nobody(site: Site) -> None:
    await site.fetch(f"{site.playback}/video/720p.m3u8")
    await site.fetch(f"{site.playback}/video/720p.m3u8", method="HEAD")
    await site.fetch("/nowhere", method="PROPFIND")
    reply = await site.operations("/metrics")
    text = reply.body.decode()

    for line in (
        'streamsrv_http_requests_total{method="GET",route="/p/{token}/video/{rung}.m3u8",status="200"} 1.0',
        'streamsrv_http_requests_total{method="HEAD",route="/p/{token}/video/{rung}.m3u8",status="200"} 1.0',
        'streamsrv_http_requests_total{method="OTHER",route="unmatched",status="404"} 1.0',
        'streamsrv_http_request_duration_seconds_count{route="/p/{token}/video/{rung}.m3u8"} 2.0',
        "streamsrv_playing_sessions 1.0",
        "streamsrv_events_queued 0.0",
        "streamsrv_http_requests_in_flight 1.0",
    ):
        assert line in text
    assert reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    token = site.playback.removeprefix("/p/")
    assert token not in text
    assert not re.search(r"viewer-\d|nowhere", text)


async def test_event_loop_lag_is_measured(site: Site) -> None:
    await site.fetch("/x")

    assert "streamsrv_event_loop_lag_seconds_bucket" in (await site.operations("/metrics")).body.decode()
