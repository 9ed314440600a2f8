"""`streamsrv diff`: what it prints of two campaigns over a sample of viewers."""

import json
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import Result

from streamsrv.cli.diff import diff
from streamsrv.core.errors import Invalid
from streamsrv.core.model import SceneId
from tests.cli.samples import CAMPAIGN, StoppedSample, row, run, settings, write
from tests.timelines import make_scene

ROWS = (row("v1"), row("v2", years=3), row("v3", years=4), row("v4", years=9))


def compare(
    folder: Path, *options: str, after: str = CAMPAIGN.replace("> 4", "> 2"), rows: tuple[str, ...] = ROWS
) -> Result:
    (folder / "new").mkdir()
    old, new = write(folder, "test.yaml", CAMPAIGN), write(folder / "new", "test.yaml", after)
    viewers = write(folder, "viewers.ndjson", *rows)
    scenes = {
        SceneId(name): make_scene(name, cuts) for name, cuts in (("bonus", (15,)), ("plain", (3,)), ("sorry", (3,)))
    }
    config = settings(folder, scenes)
    return run(diff, old, new, "--viewers", viewers, "--config", config, "--at", "2026-11-24T10:00:00", *options)


def test_the_report_counts_viewers_by_what_they_see(tmp_path: Path) -> None:
    done = compare(tmp_path)

    assert 0 == done.exit_code
    assert [
        "4 viewers, decided for 2026-11-24 10:00 UTC",
        "",
        "with B instead of A, they see  viewers   share",
        "the same                             2  50.0 %",
        "something else                       2  50.0 %",
        "  other scenes                       2  50.0 %",
        "",
        "Changes                    viewers  e.g.",
        "slot offer: plain → bonus        2  v2, v3",
        "",
        "at most 6.4 s longer: 1.6 s → 8.0 s for v2",
    ] == [line.rstrip() for line in done.output.splitlines()[2:]]


def test_no_difference_is_a_good_answer_too(tmp_path: Path) -> None:
    done = compare(tmp_path, after=CAMPAIGN)

    assert 0 == done.exit_code
    assert "release " in done.output
    assert ": the same" in done.output.splitlines()[1]
    assert "the same                             4  100.0 %" in done.output


def test_the_list_has_one_line_for_each_viewer_who_sees_something_else(tmp_path: Path) -> None:
    done = compare(tmp_path, "--list")

    assert ["v2\tslot offer: plain → bonus", "v3\tslot offer: plain → bonus"] == done.output.splitlines()


def test_the_list_may_be_json_lines(tmp_path: Path) -> None:
    done = compare(tmp_path, "--list", "--json")

    assert [
        {"viewer": "v2", "changes": [{"kind": "scenes", "what": "slot offer: plain → bonus"}]},
        {"viewer": "v3", "changes": [{"kind": "scenes", "what": "slot offer: plain → bonus"}]},
    ] == [json.loads(line) for line in done.output.splitlines()]


def test_the_document_holds_the_same(tmp_path: Path) -> None:
    document = json.loads(compare(tmp_path, "--json").output)

    assert (2, 2) == (document["same"], document["changed"])
    assert [
        {"what": "slot offer: plain → bonus", "viewers": 2, "share": 0.5, "examples": ["v2", "v3"], "kind": "scenes"}
    ] == document["changes"]
    assert {"viewer": "v2", "before_s": 1.6, "after_s": 8.0, "change_s": 6.4} == document["longer"]


def test_a_campaign_may_be_named_by_its_id(tmp_path: Path) -> None:
    write(tmp_path, "test.yaml", CAMPAIGN)
    viewers = write(tmp_path, "viewers.ndjson", *ROWS)
    done = run(diff, "test", "test", "--viewers", viewers, "--config", settings(tmp_path))

    assert "the same                             4  100.0 %" in done.output


def test_an_unknown_campaign_is_named_with_its_side(tmp_path: Path) -> None:
    write(tmp_path, "test.yaml", CAMPAIGN)
    done = run(diff, "test", "toast", "--viewers", tmp_path / "none", "--config", settings(tmp_path))

    assert isinstance(done.exception, Invalid)
    assert 'B: there is no campaign "toast" (did you mean "test"?); expected test, or a campaign\'s file' == str(
        done.exception
    )


def test_viewers_of_either_campaign_are_compared(tmp_path: Path) -> None:
    after = CAMPAIGN.replace("campaign: test", "campaign: next")
    done = compare(tmp_path, "--json", after=after, rows=(row("v1"), row("v2", "next"), row("v3", "other")))

    assert (2, 1) == tuple(json.loads(done.output)["reading"][key] for key in ("viewers", "other_campaigns"))


def test_interrupting_prints_what_was_compared_so_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("streamsrv.cli.diff"), "Sample", StoppedSample)
    done = compare(tmp_path)

    assert 130 == done.exit_code
    assert "1 viewer (stopped: what was compared so far), decided for 2026-11-24 10:00 UTC" in done.output
    assert "stopped after 1 viewer\n" == done.stderr
