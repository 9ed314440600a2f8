"""What is in config/observability: against a running server, and against Prometheus' own tool."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.app.fleet import Fleet
from tests.e2e.conftest import need

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / "config/observability"
OURS = re.compile(r"\b(?:streamsrv|process)_[a-z0-9_]+\b(?!:)")


def shown(exposition: str) -> set[str]:
    """The name of every sample that the exposition has, or would have once there is something to count."""
    names = set()
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", exposition, re.MULTILINE):
        names |= {f"{name}_{part}" for part in ("bucket", "count", "sum")} if kind == "histogram" else {name}
    return names


def expressions() -> dict[str, list[str]]:
    """Every expression of the alerts and of the dashboard, by the file it stands in."""
    groups = yaml.safe_load((FOLDER / "alerts.yaml").read_text("utf-8"))["groups"]
    dashboard = json.loads((FOLDER / "grafana-dashboard.json").read_text("utf-8"))
    panels = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())]
    annotations = [one["expr"] for one in dashboard["annotations"]["list"]]
    variables = [one["query"]["query"] for one in dashboard["templating"]["list"] if one["type"] == "query"]
    return {
        "alerts.yaml": [rule["expr"] for group in groups for rule in group["rules"]],
        "grafana-dashboard.json": [*panels, *annotations, *variables],
    }


def test_every_metric_that_is_named_is_one_that_a_server_shows(fleet: Fleet) -> None:
    there = shown(fleet.exposition())
    named = {file: {name for text in texts for name in OURS.findall(text)} for file, texts in expressions().items()}

    assert {file: names - there for file, names in named.items()} == {file: set() for file in named}


def test_every_metric_of_the_server_is_on_the_dashboard(fleet: Fleet) -> None:
    text = " ".join(expressions()["grafana-dashboard.json"])
    ours = {name for name in shown(fleet.exposition()) if name.startswith("streamsrv_")}
    # Of a histogram, the buckets say everything.
    ours = {name for name in ours if not re.search(r"_seconds_(count|sum)$", name)}

    assert {name for name in ours if name not in text} == set()


def test_every_recorded_series_that_is_named_is_recorded() -> None:
    groups = yaml.safe_load((FOLDER / "alerts.yaml").read_text("utf-8"))["groups"]
    recorded = {rule["record"] for group in groups for rule in group["rules"] if "record" in rule}
    named = {
        name for texts in expressions().values() for text in texts for name in re.findall(r"streamsrv:\w+:\w+", text)
    }

    assert named == recorded


def test_every_alert_says_what_is_wrong_and_stands_in_the_manual() -> None:
    groups = yaml.safe_load((FOLDER / "alerts.yaml").read_text("utf-8"))["groups"]
    alerts = [rule for group in groups for rule in group["rules"] if "alert" in rule]
    manual = (HERE.parents[1] / "docs/operations.md").read_text("utf-8")

    assert {alert["labels"]["severity"] for alert in alerts} == {"page", "ticket"}
    assert all(alert["annotations"]["summary"] for alert in alerts)
    assert [alert["alert"] for alert in alerts if f"`{alert['alert']}`" not in manual] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "rules", str(FOLDER / "alerts.yaml")],
        ["check", "config", str(FOLDER / "prometheus.yaml")],
        ["test", "rules", str(HERE / "alerts_test.yaml")],
    ],
    ids=["rules", "scrape", "histories"],
)
def test_prometheus_takes_the_files_and_the_alerts_fire_when_they_should(arguments: list[str]) -> None:
    ended = subprocess.run([need("promtool"), *arguments], capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout


def test_the_dashboard_is_laid_out_without_panels_on_top_of_each_other() -> None:
    panels = json.loads((FOLDER / "grafana-dashboard.json").read_text("utf-8"))["panels"]
    cells = [
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in panels}) == len(panels)
