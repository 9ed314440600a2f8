"""Numbers for Prometheus, read back with its own parser."""

import asyncio

import pytest
from prometheus_client.parser import text_string_to_metric_families

from streamsrv.telemetry.lag import watch_lag
from streamsrv.telemetry.metrics import Durations, Metrics


def samples(metrics: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_requests_are_counted_by_route_method_and_status() -> None:
    metrics = Metrics()
    route = metrics.route("/p/{token}")
    route.observe("GET", 200, 0.003, 100)
    route.observe("GET", 200, 0.2, 100)
    route.observe("HEAD", 404, 0.0001, 0)

    found = samples(metrics)
    where = ("route", "/p/{token}")
    assert found["streamsrv_http_requests_total", (("method", "GET"), where, ("status", "200"))] == 2
    assert found["streamsrv_http_requests_total", (("method", "HEAD"), where, ("status", "404"))] == 1
    assert found["streamsrv_http_sent_bytes_total", (where,)] == 200
    assert found["streamsrv_http_request_duration_seconds_count", (where,)] == 3
    assert found["streamsrv_http_request_duration_seconds_bucket", (("le", "0.005"), where)] == 2


def test_what_is_kept_elsewhere_is_read_when_scraped() -> None:
    metrics, dropped = Metrics(), {"queue_full": 2}
    metrics.watch_gauge("held", "Held.", lambda: 3)
    metrics.watch_counter("seen", "Seen.", lambda: 4)
    metrics.watch_counters("dropped", "Dropped.", "reason", lambda: dropped)
    metrics.watch_outcomes("asked", "Asked.", ("source", "outcome"), lambda: {"a/crm": {"fresh": 5, "timeout": 6}})
    metrics.watch_durations("took", "Took.", "source", lambda: {"a/crm": Durations()})
    dropped["closed"] = 1

    found = samples(metrics)
    others = ("streamsrv", "process", "took_bucket")
    assert {key: value for key, value in found.items() if not key[0].startswith(others)} == {
        ("asked_total", (("outcome", "fresh"), ("source", "a/crm"))): 5,
        ("asked_total", (("outcome", "timeout"), ("source", "a/crm"))): 6,
        ("took_count", (("source", "a/crm"),)): 0,
        ("took_sum", (("source", "a/crm"),)): 0,
        ("held", ()): 3,
        ("seen_total", ()): 4,
        ("dropped_total", (("reason", "closed"),)): 1,
        ("dropped_total", (("reason", "queue_full"),)): 2,
    }


@pytest.mark.parametrize("seconds", [-1.0, 0.0, 0.0005, 3600.0])
def test_a_duration_falls_into_one_bucket_and_no_sum_falls(seconds: float) -> None:
    durations = Durations()
    durations.observe(seconds)

    assert durations.count == 1
    assert durations.buckets()[-1] == ("+Inf", 1.0)
    assert durations.sum_s == max(0.0, seconds)


async def test_lag_is_what_a_sleeper_wakes_too_late() -> None:
    lag = Durations()
    task = asyncio.create_task(watch_lag(lag, interval_s=0.01))
    while not lag.count:  # noqa: ASYNC110 - the lag itself signals nobody
        await asyncio.sleep(0.01)
    task.cancel()

    assert lag.count >= 1
