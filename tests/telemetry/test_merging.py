"""Metrics of several processes as one."""

from hypothesis import given
from hypothesis import strategies as st

from streamsrv.telemetry.merging import Family, Merge, Merged, Retired, families_from
from streamsrv.telemetry.metrics import Metrics


def counter(name: str, **values: float) -> Family:
    return Family(name, "counter", "Text.", "sum", [(f"{name}_total", {"of": of}, n) for of, n in values.items()])


def gauge(name: str, value: float, merge: Merge) -> Family:
    return Family(name, "gauge", "Text.", merge, [(name, {}, value)])


def numbers(merged: Merged) -> dict[str, float]:
    """Sample and labels, as Prometheus reads them, to its value."""
    lines = [line.rpartition(" ") for line in merged.exposition().decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_counters_are_summed_and_gauges_as_they_say() -> None:
    merged = Merged()
    for worker, count in (("0", 3.0), ("1", 5.0)):
        merged.add(worker, [counter("c", a=count), gauge("s", count, "sum"), gauge("m", count, "max")])
        merged.add(worker, [gauge("l", count, "min")])

    assert numbers(merged) == {'c_total{of="a"}': 8.0, "s": 8.0, "m": 5.0, "l": 3.0}


def test_what_belongs_to_one_process_stays_apart() -> None:
    merged = Merged()
    merged.add("0", [gauge("process_open_fds", 7, "each")])
    merged.add("1", [gauge("process_open_fds", 9, "each")])

    assert numbers(merged) == {'process_open_fds{worker="0"}': 7.0, 'process_open_fds{worker="1"}': 9.0}


def test_a_label_that_only_one_process_has_seen_is_there() -> None:
    merged = Merged()
    merged.add("0", [counter("c", a=1)])
    merged.add("1", [counter("c", b=2)])

    assert numbers(merged) == {'c_total{of="a"}': 1.0, 'c_total{of="b"}': 2.0}


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 10**9)), max_size=8), st.integers(0, 8))
def test_no_count_is_lost_when_processes_are_replaced(counted: list[dict[str, int]], gone: int) -> None:
    """Whichever of them are gone, the sum is the sum; and what is kept does not grow with their number."""
    retired, merged = Retired(), Merged()
    for counts in counted[:gone]:
        retired.add([counter("c", **counts), gauge("g", 1, "sum")])
    merged.add("", retired.families)
    for counts in counted[gone:]:
        merged.add("0", [counter("c", **counts)])

    expected = {f'c_total{{of="{of}"}}': float(sum(c.get(of, 0) for c in counted)) for of in set().union(*counted)}
    assert numbers(merged) == expected
    assert len(retired.families) <= 1


def test_real_metrics_merge_with_their_histograms_and_help() -> None:
    first, second = Metrics(), Metrics()
    for metrics, count in ((first, 2), (second, 3)):
        for _ in range(count):
            metrics.route("/x").observe("GET", 200, 0.02, 10)
        metrics.watch_gauge("g", "A gauge.", lambda count=count: count, merge="max")  # type: ignore[misc]
    merged = Merged()
    for worker, metrics in (("0", first), ("1", second)):
        # As they arrive from another process: plain lists.
        merged.add(worker, families_from([list(family) for family in metrics.families()]))

    found = numbers(merged)
    assert found['streamsrv_http_requests_total{method="GET",route="/x",status="200"}'] == 5.0
    assert found['streamsrv_http_request_duration_seconds_bucket{le="0.01",route="/x"}'] == 0.0
    assert found['streamsrv_http_request_duration_seconds_bucket{le="0.025",route="/x"}'] == 5.0
    assert found['streamsrv_http_request_duration_seconds_count{route="/x"}'] == 5.0
    assert found["g"] == 3.0
    assert {'process_open_fds{worker="0"}', 'process_open_fds{worker="1"}'} <= set(found)
    assert "# HELP streamsrv_http_requests_total Requests answered." in merged.exposition().decode()
