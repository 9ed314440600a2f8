"""The metrics of several processes as one: added up, with what processes that are gone had counted.

Counters and histograms are sums, and never fall when a process is replaced. A gauge says itself how it is merged.
What Prometheus knows of each process (`process_…`) stays apart, under the label `worker`.
"""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

Merge = Literal["sum", "max", "min", "each"]
"""How a family's samples of several processes become one."""

APART = "process_"
"""The beginning of the names of families that are kept apart."""
Labels = tuple[tuple[str, str], ...]
_MERGES: dict[Merge, Callable[[float, float], float]] = {"sum": operator.add, "max": max, "min": min, "each": max}


class Family(NamedTuple):
    """One family of one process, as it is sent between processes."""

    name: str
    kind: str
    text: str
    merge: Merge
    samples: list[tuple[str, dict[str, str], float]]

    @property
    def kept(self) -> bool:
        """Whether its numbers outlive the process that counted them."""
        return self.kind in ("counter", "histogram") and self.merge == "sum"


def families_of(collected: Iterable[Metric], merges: Mapping[str, Merge]) -> list[Family]:
    """What was collected in one process; a gauge that `merges` does not name is summed."""
    return [
        Family(
            metric.name,
            metric.type,
            metric.documentation,
            "each" if metric.name.startswith(APART) else merges.get(metric.name, "sum"),
            [(sample.name, sample.labels, float(sample.value)) for sample in metric.samples],
        )
        for metric in collected
    ]


class Merged(Collector):
    """Families of several processes, merged in the order in which they first appear."""

    def __init__(self) -> None:
        self._families: dict[str, Family] = {}
        self._samples: dict[str, dict[tuple[str, Labels], float]] = {}

    def add(self, worker: str, families: Iterable[Family]) -> None:
        """Put one process' families to those that are there; `worker` names it where it is kept apart."""
        for family in families:
            self._families.setdefault(family.name, family)
            samples = self._samples.setdefault(family.name, {})
            apart: Labels = (("worker", worker),) if family.merge == "each" else ()
            for name, labels, value in family.samples:
                key = (name, (*labels.items(), *apart))
                samples[key] = _MERGES[family.merge](samples[key], value) if key in samples else value

    def kept(self) -> list[Family]:
        """The families whose numbers outlive their processes."""
        return [
            family._replace(samples=[(name, dict(labels), value) for (name, labels), value in samples.items()])
            for family, samples in zip(self._families.values(), self._samples.values(), strict=True)
            if family.kept
        ]

    def collect(self) -> Iterator[Metric]:
        for family in self._families.values():
            metric = Metric(family.name, family.text, family.kind)
            for (name, labels), value in self._samples[family.name].items():
                metric.add_sample(name, dict(labels), value)
            yield metric

    def exposition(self) -> bytes:
        """Everything, in Prometheus' text format."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return generate_latest(registry)


class Retired:
    """What processes had counted that are gone. As large as one process' metrics, however many there were."""

    def __init__(self) -> None:
        self.families: list[Family] = []

    def add(self, families: Iterable[Family]) -> None:
        """A process is gone, and these were its last numbers."""
        merged = Merged()
        merged.add("", self.families)
        merged.add("", (family for family in families if family.kept))
        self.families = merged.kept()


def families_from(parts: Iterable[Any]) -> list[Family]:
    """Families as they came from another process."""
    return [Family(*part) for part in parts]
