"""What commands about campaigns share: a viewer looked for in a file, with what stands in its way."""

from pathlib import Path

import pytest

from streamsrv.cli.preview import preview
from streamsrv.cli.workshop import find_viewer
from streamsrv.core.campaign import load_campaign
from streamsrv.core.errors import Invalid
from streamsrv.core.importing import Style
from tests.cli.samples import CAMPAIGN, row, run, settings, write


def not_found(path: Path, viewer: str) -> list[str]:
    campaign = load_campaign(CAMPAIGN, where="test.yaml", scenes=None)
    with pytest.raises(Invalid) as caught:
        find_viewer(path, campaign, viewer, Style())
    return [str(problem) for problem in caught.value.problems]


def test_a_viewer_who_is_not_there_is_told_with_those_who_are(tmp_path: Path) -> None:
    path = write(tmp_path, "viewers.ndjson", row("ana"), row("ben"), row("eve", campaign="other"))

    assert [
        f'--viewer: {path} has no viewer "anna" of campaign test (did you mean "ana"?); expected one of: ana, ben'
    ] == not_found(path, "anna")


def test_lines_that_do_not_fit_are_told_as_the_viewer_may_stand_in_one(tmp_path: Path) -> None:
    path = write(tmp_path, "crm.csv", "viewer;name;years", "ana;Ana;3", "ben;Ben;three", *["x;;"] * 9)

    assert [
        f'--viewer: {path} has no viewer "ben" of campaign test; expected one of: ana',
        f"{path}:3: years: is text; expected a whole number",
        f"{path}:4: name: is missing; expected a value: the campaign requires it",
        f"{path}:5: name: is missing; expected a value: the campaign requires it",
    ] == not_found(path, "ben")


def test_that_the_store_has_none_either_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "viewers.ndjson", row("ana"))
    campaign = load_campaign(CAMPAIGN, where="test.yaml", scenes=None)
    with pytest.raises(Invalid) as caught:
        find_viewer(path, campaign, "zoe", Style(), asked_store=True)

    told = f'--viewer: neither the store nor {path} has a viewer "zoe" of campaign test; expected one of: ana'
    assert [told] == [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("options", [(), ("--sample", "2")])
def test_a_preview_of_nobody_says_why_rows_are_broken(tmp_path: Path, options: tuple[str, ...]) -> None:
    campaign = write(tmp_path, "test.yaml", CAMPAIGN)
    viewers = write(tmp_path, "viewers.ndjson", *["{"] * 5)
    done = run(preview, "--campaign", campaign, "--viewers", viewers, "--config", settings(tmp_path), *options)

    assert isinstance(done.exception, Invalid)
    first, *others = str(done.exception).splitlines()
    assert f"{viewers}: has no viewer of campaign test; expected one at least, with its data" == first
    assert [f"{viewers}:{number}: is not JSON" for number in (1, 2, 3)] == [
        ":".join(line.split(":")[:3]) for line in others
    ]
