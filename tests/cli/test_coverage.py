"""`streamsrv coverage`: what it prints of a sample of viewers."""

import json
import signal
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import Result

from streamsrv.cli.coverage import coverage
from streamsrv.core.errors import Invalid
from streamsrv.core.model import OverlaySlot, SceneId
from tests.cli.samples import CAMPAIGN, StoppedSample, row, run, settings, write
from tests.timelines import make_scenes


def cover(
    folder: Path, *lines: str, options: tuple[object, ...] = (), columns: int = 80, packaged: bool = True
) -> Result:
    campaign = write(folder, "test.yaml", CAMPAIGN)
    viewers = write(folder, "viewers.ndjson", *lines)
    config = settings(folder, make_scenes("bonus", "plain", "sorry") if packaged else None)
    given = ("--campaign", campaign, "--viewers", viewers, "--config", config, "--at", "2026-11-24T10:00:00", *options)
    return run(coverage, *given, columns=columns)


def test_the_report_says_what_stands_out_first(tmp_path: Path) -> None:
    done = cover(tmp_path, row("v1"), row("v2", years=1), row("v3", name=None))

    assert 0 == done.exit_code
    lines = done.output.splitlines()
    assert "Campaign test, release" in lines[0]
    assert lines[0].endswith("decided for 2026-11-24 10:00 UTC")
    assert [
        "3 viewers",
        "",
        "What stands out",
        "• 33.3 % of viewers are told the fallback story: data_missing for 1",
        "• attribute name is missing for 1 viewer",
        "• scene bonus is never reached in this sample (slot offer)",
    ] == [line.rstrip() for line in lines[1:7]]
    assert "offer  years > 4  bonus    never    0.0 %" in done.output
    assert "shortest 8.0 s: 2 viewers, e.g. v1, v2" in lines


@pytest.mark.parametrize("columns", [80, 120])
def test_no_line_is_wider_than_the_terminal(tmp_path: Path, columns: int) -> None:
    done = cover(tmp_path, *(row(f"viewer-{number}" * 9, years=number) for number in range(9)), columns=columns)

    assert max(map(len, done.output.splitlines())) <= columns


def test_other_campaigns_and_broken_lines_are_told_and_the_first_ten_named(tmp_path: Path) -> None:
    done = cover(tmp_path, row("v1"), row("x", campaign="other"), *["{"] * 12, columns=300)

    lines = [line.rstrip() for line in done.output.splitlines()]
    assert [
        "1 viewer",
        "1 viewer of other campaigns passed over",
        "12 broken lines:",
    ] == lines[1:4]
    assert f"  {tmp_path}/viewers.ndjson:3: is not JSON" in lines[4]
    assert "  and 2 more" == lines[14]


def test_the_document_holds_the_same(tmp_path: Path) -> None:
    done = cover(tmp_path, row("v1"), row("v2", years=5), "{", options=("--json",))
    document = json.loads(done.output)

    assert ("test", "2026-11-24T10:00:00+00:00") == (document["campaign"], document["at"])
    assert (2, 0, 1, True) == tuple(
        document["reading"][key] for key in ("viewers", "other_campaigns", "broken_lines", "complete")
    )
    assert ["bonus", "plain"] == [branch["scene"] for branch in document["slots"][0]["branches"]]
    assert {"seconds": 8.0, "viewers": 2, "examples": ["v1", "v2"]} == document["lengths"]["longest"]


def test_the_page_is_written_beside_what_is_printed(tmp_path: Path) -> None:
    done = cover(tmp_path, row("v1"), options=("--html", tmp_path / "report.html"))
    page = (tmp_path / "report.html").read_text()

    assert "What stands out" in done.output
    assert "<h1>Coverage of test</h1>" in page
    assert [] == [word for word in ("<script", "src=", "href=", "@import", "url(") if word in page]


def test_a_page_that_cannot_be_written_is_one_clear_problem(tmp_path: Path) -> None:
    done = cover(tmp_path, row("v1"), options=("--html", tmp_path / "none" / "report.html"))

    assert isinstance(done.exception, Invalid)
    assert f"--html {tmp_path}/none/report.html: cannot be written: No such file or directory" == str(done.exception)


def test_without_packaged_scenes_there_are_no_lengths_and_it_is_said(tmp_path: Path) -> None:
    done = cover(tmp_path, row("v1"), packaged=False)

    assert "• no scenes are packaged yet: lengths and renders are not known" in done.output
    assert "Length of" not in done.output


def test_a_file_without_viewers_of_the_campaign_is_a_mistake_with_its_reasons(tmp_path: Path) -> None:
    done = cover(tmp_path, row("x", campaign="other"), '{"viewer": "v1"}')

    path = f"{tmp_path}/viewers.ndjson"
    assert isinstance(done.exception, Invalid)
    assert [
        f"{path}: has no viewer of campaign test: it has 1 viewer of other campaigns and 1 row that cannot be read;"
        " expected at least one",
        f'{path}:2: has other fields; expected an object of "viewer", "campaign" and "attributes"',
    ] == str(done.exception).splitlines()


def test_where_every_row_is_broken_the_first_ten_say_why(tmp_path: Path) -> None:
    schema = "  paid: {type: money, currency: EUR}\n"
    campaign = write(tmp_path, "test.yaml", CAMPAIGN.replace("require: [name]", f"{schema}require: [name, paid]"))
    export = write(tmp_path, "crm.csv", "viewer,name,paid", *(f"v{number},Ana,a lot" for number in range(12)))

    done = run(coverage, "--campaign", campaign, "--viewers", export, "--config", settings(tmp_path))

    assert isinstance(done.exception, Invalid)
    assert [
        f"{export}: has no viewer of campaign test: it has 12 rows that cannot be read, of which the first 10 follow;"
        " expected at least one",
        *(f"{export}:{number}: paid: is text; expected an amount in EUR, such as 812.40" for number in range(2, 12)),
    ] == str(done.exception).splitlines()


def test_a_file_without_a_row_says_so(tmp_path: Path) -> None:
    done = cover(tmp_path, "")

    assert isinstance(done.exception, Invalid)
    assert str(done.exception).endswith("has no viewer of campaign test: it has no rows at all; expected at least one")


def test_interrupting_prints_what_was_covered_so_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("streamsrv.cli.coverage"), "Sample", StoppedSample)
    before = signal.getsignal(signal.SIGINT)
    done = cover(tmp_path, row("v1"), row("v2"), row("v3"))

    assert 130 == done.exit_code
    assert "1 viewer (stopped: what was covered so far)" in done.output
    assert "• reading was stopped: this covers the first 1 viewer" in done.output
    assert before == signal.getsignal(signal.SIGINT)


@pytest.mark.parametrize(
    ("others", "line"),
    [
        (("winter",), "1 further scene is packaged that this campaign does not name"),
        (("winter", "winter-end"), "2 further scenes are packaged that this campaign does not name"),
    ],
)
def test_scenes_of_other_campaigns_are_one_line_and_nothing_that_stands_out(
    tmp_path: Path, others: tuple[str, ...], line: str
) -> None:
    campaign = write(tmp_path, "test.yaml", CAMPAIGN)
    config = settings(tmp_path, make_scenes("bonus", "plain", "sorry", *others))
    viewers = write(tmp_path, "viewers.ndjson", row("v1"), row("v2", years=5), row("v3", name=None))
    given = ("--campaign", campaign, "--viewers", viewers, "--config", config, "--html", tmp_path / "report.html")

    lines = [line.rstrip() for line in run(coverage, *given).output.splitlines()]
    document = json.loads(run(coverage, *given, "--json").output)

    assert ["3 viewers", line, ""] == lines[1:4]
    assert [] == [line for line in lines if "winter" in line]
    assert (len(others), []) == (document["further_scenes"], [one for one in document["findings"] if "scene" in one])
    assert f"<p>{line}.</p>" in (tmp_path / "report.html").read_text()


def test_a_crms_dates_and_decimals_are_read_as_they_are_said_to_be(tmp_path: Path) -> None:
    schema = "  on: {type: date, default: 2026-01-01}\n  paid: {type: money, currency: EUR, default: 0}\n"
    campaign = write(tmp_path, "test.yaml", CAMPAIGN.replace("require:", schema + "require:"))
    export = write(tmp_path, "crm.csv", "viewer;name;on;paid", "v1;Ana;24.12.2026;1.812,40", "v2;Ben;25.12.2026;3,50")
    given = ("--campaign", campaign, "--viewers", export, "--config", settings(tmp_path))

    plain = run(coverage, *given, columns=200)
    told = run(coverage, *given, "--date-format", "%d.%m.%Y", "--decimal", ",", "--json")

    assert isinstance(plain.exception, Invalid)
    assert {"viewers": 2, "broken_lines": 0} == {
        key: json.loads(told.output)["reading"][key] for key in ("viewers", "broken_lines")
    }


def test_a_code_that_leads_to_the_viewer_is_another_picture_for_each(tmp_path: Path) -> None:
    code = OverlaySlot("qr", 0, 15, (0.1, 0.1, 0.3, 0.3), {"": "https://example.com/"})
    scenes = make_scenes("bonus", "plain", "sorry")
    scenes[SceneId("plain")] = replace(scenes[SceneId("plain")], overlays={"code": code})
    filled = '{scene: plain, overlays: {code: "https://example.com/?ref={link_ref}"}}'
    campaign = write(tmp_path, "test.yaml", CAMPAIGN.replace("otherwise: plain", f"otherwise: {filled}"))
    viewers = write(tmp_path, "viewers.ndjson", row("v1"), row("v2"), row("v3"), row("v1"))
    config = settings(tmp_path, scenes)

    done = run(coverage, "--campaign", campaign, "--viewers", viewers, "--config", config, "--json")

    report = json.loads(done.output)
    assert [("plain", "code", 4, 3)] == [
        (one["scene"], one["overlay"], one["shown"], one["distinct"]) for one in report["overlays"]
    ]
    assert [("plain", 4, 3)] == [(one["scene"], one["shown"], one["renders"]) for one in report["windows"]]
