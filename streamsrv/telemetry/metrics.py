"""Numbers for Prometheus. Plain counters, written by the event loop without a lock and read when scraped.

Routes are named by their template: no token, viewer, session or scene is ever a label (B8).
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from streamsrv.telemetry.merging import Family as SentFamily
from streamsrv.telemetry.merging import Merge, families_of

DURATION_BOUNDS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

Family = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily


class Durations:
    """A histogram of seconds."""

    __slots__ = ("_counts", "sum_s")

    def __init__(self) -> None:
        self._counts = [0] * (len(DURATION_BOUNDS_S) + 1)
        self.sum_s = 0.0

    def observe(self, seconds: float) -> None:
        # A clock that steps back must not make a sum fall (A32).
        seconds = max(0.0, seconds)
        self._counts[bisect_left(DURATION_BOUNDS_S, seconds)] += 1
        self.sum_s += seconds

    @property
    def count(self) -> int:
        return sum(self._counts)

    def buckets(self) -> list[tuple[str, float]]:
        """Cumulative counts by upper bound, as Prometheus has them."""
        total, found = 0, []
        for bound, count in zip((*map(str, DURATION_BOUNDS_S), "+Inf"), self._counts, strict=True):
            total += count
            found.append((bound, float(total)))
        return found


class RouteMetrics:
    """What was asked of one route and how it was answered."""

    __slots__ = ("answers", "durations", "route", "sent_bytes")

    def __init__(self, route: str) -> None:
        self.route = route
        self.answers: dict[tuple[str, int], int] = {}
        self.durations = Durations()
        self.sent_bytes = 0

    def observe(self, method: str, status: int, seconds: float, sent_bytes: int) -> None:
        """One request is over: its answer was sent, or given up."""
        key = (method, status)
        self.answers[key] = self.answers.get(key, 0) + 1
        self.durations.observe(seconds)
        self.sent_bytes += sent_bytes


class Metrics(Collector):
    """All metrics of one process, in their own registry."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        self.in_flight = 0
        self.loop_lag = Durations()
        self._routes: dict[str, RouteMetrics] = {}
        self._watched: list[Callable[[], Family]] = []
        self._merges: dict[str, Merge] = {}
        self.registry.register(self)
        ProcessCollector(registry=self.registry)

    def route(self, template: str) -> RouteMetrics:
        """The metrics of one route, by its template."""
        return self._routes.setdefault(template, RouteMetrics(template))

    def watch_gauge(self, name: str, text: str, read: Callable[[], float], *, merge: Merge = "sum") -> None:
        """A gauge that is read when scraped; `merge` makes one number of those of several processes."""
        self._merges[name] = merge
        self._watched.append(lambda: GaugeMetricFamily(name, text, value=read()))

    def watch_counter(self, name: str, text: str, read: Callable[[], float]) -> None:
        """A counter that is kept elsewhere and read when scraped; `name` without `_total`."""
        self._watched.append(lambda: CounterMetricFamily(name, text, value=read()))

    def watch_counters(self, name: str, text: str, label: str, read: Callable[[], Mapping[str, int]]) -> None:
        """A counter with one label of a few values, kept elsewhere."""
        self._watched.append(lambda: _labelled(CounterMetricFamily(name, text, labels=[label]), read()))

    def watch_durations(self, name: str, text: str, label: str, read: Callable[[], Mapping[str, Durations]]) -> None:
        """A histogram with one label of a few values, kept elsewhere."""
        self._watched.append(lambda: _histograms(name, text, label, read()))

    def watch_outcomes(
        self, name: str, text: str, labels: tuple[str, str], read: Callable[[], Mapping[str, Mapping[str, int]]]
    ) -> None:
        """A counter with two labels of a few values each, kept elsewhere."""
        self._watched.append(lambda: _outcomes(name, text, labels, read()))

    def watch_gauges(
        self, name: str, text: str, label: str, read: Callable[[], Mapping[str, float]], *, merge: Merge = "sum"
    ) -> None:
        """A gauge with one label of a few values, kept elsewhere."""
        self._merges[name] = merge
        self._watched.append(lambda: _labelled(GaugeMetricFamily(name, text, labels=[label]), read()))

    def exposition(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)

    def families(self) -> list[SentFamily]:
        """Everything, as it is sent to the process that merges."""
        return families_of(self.registry.collect(), self._merges)

    def collect(self) -> Iterator[Family]:
        routes = list(self._routes.values())
        yield _requests(routes)
        yield _durations(routes)
        yield _sent(routes)
        yield GaugeMetricFamily(
            "streamsrv_http_requests_in_flight", "Requests that are being answered now.", value=self.in_flight
        )
        lag = HistogramMetricFamily("streamsrv_event_loop_lag_seconds", "How late the event loop wakes a sleeper.")
        lag.add_metric([], self.loop_lag.buckets(), self.loop_lag.sum_s)
        yield lag
        for read in self._watched:
            yield read()


def _requests(routes: Iterable[RouteMetrics]) -> Family:
    family = CounterMetricFamily("streamsrv_http_requests", "Requests answered.", labels=["route", "method", "status"])
    for found in routes:
        for (method, status), count in found.answers.items():
            family.add_metric([found.route, method, str(status)], count)
    return family


def _durations(routes: Iterable[RouteMetrics]) -> Family:
    family = HistogramMetricFamily(
        "streamsrv_http_request_duration_seconds",
        "From the request's headers to the end of its answer.",
        labels=["route"],
    )
    for found in routes:
        family.add_metric([found.route], found.durations.buckets(), found.durations.sum_s)
    return family


def _sent(routes: Iterable[RouteMetrics]) -> Family:
    family = CounterMetricFamily("streamsrv_http_sent_bytes", "Body bytes sent.", labels=["route"])
    for found in routes:
        family.add_metric([found.route], found.sent_bytes)
    return family


def _labelled(family: CounterMetricFamily | GaugeMetricFamily, values: Mapping[str, float]) -> Family:
    for value, number in sorted(values.items()):
        family.add_metric([value], number)
    return family


def _outcomes(name: str, text: str, labels: tuple[str, str], values: Mapping[str, Mapping[str, int]]) -> Family:
    family = CounterMetricFamily(name, text, labels=labels)
    for first, counts in sorted(values.items()):
        for second, count in sorted(counts.items()):
            family.add_metric([first, second], count)
    return family


def _histograms(name: str, text: str, label: str, values: Mapping[str, Durations]) -> Family:
    family = HistogramMetricFamily(name, text, labels=[label])
    for value, durations in sorted(values.items()):
        family.add_metric([value], durations.buckets(), durations.sum_s)
    return family
