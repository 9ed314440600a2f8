"""`streamsrv check` and `streamsrv plan` on a packaged scene with overlays, a brand kit and a sample of viewers."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import orjson
import pytest
from numpy.typing import NDArray
from typer.testing import Result

from streamsrv.cli.check import check
from streamsrv.cli.plan import plan, ways_of
from streamsrv.core.errors import Invalid
from streamsrv.core.model import Master, Segment, Splice, Track
from streamsrv.media.packager import package_scene
from streamsrv.media.request import PackageRequest
from tests.cli.samples import row, run, write
from tests.core.authored import scene as bare
from tests.media.files import TINY, times_at, write_source

SLOTS = """
[greeting]
from_s = 0.5
to_s = 1.5
box = [0.05, 0.1, 0.3, 0.08]
default = "Hello"
style = "light"

[years]
kind = "number"
from_s = 0.5
to_s = 1.5
box = [0.05, 0.4, 0.4, 0.2]
default = "0"

[seal]
kind = "image"
from_s = 2.0
to_s = 2.5
box = [0.6, 0.6, 0.3, 0.3]
default = "seal.png"
"""
LADDER = """
frame_rate = 30
audio_bps = 96_000

[[rung]]
name = "90p"
width = 160
height = 90
average_bps = 100_000
peak_bps = 150_000
level = "3.0"

[[rung]]
name = "180p"
width = 320
height = 180
average_bps = 300_000
peak_bps = 450_000
level = "3.0"
"""
KIT = '[style.dark]\ncolour = "#000000"\n[style.light]\ncolour = "#ffffff"\n'
CAMPAIGN = """\
campaign: test
schema:
  name: {type: string, personal: true, max_length: 60}
  years: {type: int, default: 0}
require: [name]
story:
  - {slot: hello, scene: hello, overlays: {greeting: "Hello {name}", years: "{years}"}}
fallback: [hello]
"""


def paper(number: int, width: int, height: int) -> NDArray[np.uint8]:
    """A nearly white picture, on which white words cannot be read."""
    return np.full((height, width, 3), 245, np.uint8)


@dataclass(frozen=True)
class Site:
    """A folder with everything that commands read."""

    folder: Path

    def run(self, command: Callable[..., None], *arguments: object) -> Result:
        return run(command, *arguments, "--config", self.folder / "server.toml", columns=140)

    def problems(self, *arguments: object) -> list[str]:
        done = self.run(check, *arguments)
        assert isinstance(done.exception, Invalid), done.output
        return [str(problem).replace(str(self.folder), ".") for problem in done.exception.problems]


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    source = write_source(folder / "a.mkv", times_at(30, 96), draw=paper)
    (folder / "a.toml").write_text(SLOTS)
    request = PackageRequest(source, "hello", overlays=folder / "a.toml")
    package_scene(request, ladder=TINY, store=folder / "segments")
    return folder / "segments"


@pytest.fixture
def site(packaged: Path, tmp_path: Path) -> Site:
    shutil.copytree(packaged, tmp_path / "segments")
    (tmp_path / "brand").mkdir()
    shutil.copy(Path(__file__).parents[1] / "media/golden/emoji.png", tmp_path / "brand/seal.png")
    write(tmp_path, "ladder.toml", LADDER)
    write(tmp_path, "brand.toml", KIT)
    write(tmp_path, "test.yaml", CAMPAIGN)
    write(tmp_path, "viewers.ndjson", *(row(f"v{number}", name=f"N{number % 3}", years=number) for number in range(6)))
    storage = {"segments": "segments", "campaigns": "", "ladder": "ladder.toml", "viewers": "viewers.ndjson"}
    lines = [f'{key} = "{tmp_path / name}"' for key, name in storage.items()]
    write(tmp_path, "server.toml", "[storage]", *lines, "[rendering]", f'kit = "{tmp_path / "brand.toml"}"')
    return Site(tmp_path)


def test_what_is_as_its_author_allows_is_a_note_and_no_problem(site: Site) -> None:
    done = site.run(check)

    assert 0 == done.exit_code, done.output
    notes = [line for line in done.output.splitlines() if line.startswith("streamsrv: note: ")]
    assert (
        'scene hello: overlay greeting: style "light" has a contrast of 1.1:1 with the picture, of 1.1:1 at worst,'
        " 0.00 s into the scene; 3:1 is wanted; its style puts a plate behind it"
    ) == notes[0].removeprefix("streamsrv: note: ")
    assert any('overlay "greeting" of scene "hello" is shortened: ' in note for note in notes[1:])


def test_through_pipes_a_check_tells_its_notes_and_nothing_else(site: Site) -> None:
    command = [sys.executable, "-m", "streamsrv", "check", "--config", str(site.folder / "server.toml")]
    environ = {name: value for name, value in os.environ.items() if name not in {"FORCE_COLOR", "TTY_COMPATIBLE"}}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)

    assert (0, "") == (done.returncode, done.stdout)
    lines = done.stderr.splitlines()
    assert lines
    assert [line for line in lines if line.startswith("streamsrv: note: ")] == lines


def test_a_style_that_the_kit_lacks_is_told_with_the_nearest(site: Site) -> None:
    write(site.folder, "brand.toml", KIT.replace("light", "lights"))

    assert [
        'scene hello: overlay greeting: has the style "light", which the brand kit ./brand.toml lacks (did you mean'
        ' "lights"?); expected one of: dark, lights'
    ] == site.problems()


def test_a_kit_that_is_not_there_is_told_once_with_its_path_and_what_it_should_hold(site: Site) -> None:
    edited(site, fit=[], default={"": TOO_LONG})
    (site.folder / "brand.toml").rename(site.folder / "brant.toml")

    assert [
        './brand.toml: there is no such brand kit (did you mean "brant.toml"?); expected a file with [style.light], for'
        " scene hello: overlay greeting; or rendering.kit of the settings set"
    ] == site.problems()


def test_a_kit_that_is_wrong_is_told(site: Site) -> None:
    write(site.folder, "brand.toml", "[style.dark]\ncolor = 3\n")

    (problem,) = site.problems()
    assert problem.startswith('./brand.toml:2: style.dark.color: is not a key of this table (did you mean "colour"?)')


def test_pictures_are_looked_at_and_looked_for(site: Site) -> None:
    (site.folder / "brand/seal.png").rename(site.folder / "brand/sael.png")
    (site.folder / "brand/broken.jpg").write_bytes(b"\xff\xd8 no picture")
    (site.folder / "brand/logo.svg").write_text("<svg/>")

    problems = site.problems()
    assert "./brand/broken.jpg: cannot be read; expected a PNG, JPEG or WebP picture" in problems
    assert any(problem.startswith("./brand/logo.svg: has no picture's name; expected") for problem in problems)
    told = 'scene hello: overlay seal: shows "seal.png" by default, which is no picture in ./brand/'
    assert f'{told} (did you mean "sael.png"?); expected one of: sael.png' in problems


def test_a_picture_that_a_campaign_names_is_looked_for_with_its_line(site: Site) -> None:
    write(site.folder, "test.yaml", CAMPAIGN.replace('years: "{years}"', 'years: "{years}", seal: saal.png'))

    assert [
        './test.yaml:7:94: overlay "seal": there is no picture "saal.png" (did you mean "seal.png"?); expected one of: '
        "seal.png"
    ] == site.problems()


def edited(site: Site, **changes: object) -> None:
    """The scene's greeting with other values in its manifest."""
    path = site.folder / "segments/scenes/hello/scene.json"
    document = orjson.loads(path.read_bytes())
    greeting = document["scene"]["overlays"]["greeting"]
    for key, value in changes.items():
        if key == "fit":
            greeting["look"]["fit"] = value
        else:
            greeting[key] = value
    path.write_bytes(orjson.dumps(document))


TOO_LONG = "Welcome to everything that we have for you this year"
BOX = 'in style "light", box [0.05, 0.1, 0.3, 0.08]'
REMEDY = "a larger box, a smaller min_size, or shrink and ellipsis in fit"


def test_words_that_cannot_fit_say_whose_they_are_and_where_and_never_what_they_are(site: Site) -> None:
    edited(site, fit=["shrink"])
    write(site.folder, "many.ndjson", row("u", name="Al"), row("v", name="Gwendolyn " * 5))

    (problem,) = site.problems("--viewers", site.folder / "many.ndjson")
    told = (
        './test.yaml:7:54: overlay "greeting" of scene "hello" sticks out of its box at the smallest size: a viewer\'s'
    )
    assert problem.startswith(f"{told} text of 56 characters, told in en (./many.ndjson:2), {BOX}; ")
    assert problem.endswith(f"texts that were tried; expected {REMEDY}")
    assert "Gwendolyn" not in problem


def test_a_scenes_default_that_cannot_fit_is_a_problem_of_the_scene_in_its_language(site: Site) -> None:
    edited(site, fit=["shrink"], default={"": "Hi", "de": TOO_LONG})
    write(site.folder, "test.yaml", CAMPAIGN.replace("schema:", "lang: de\nschema:"))

    (problem,) = [one for one in site.problems() if one.startswith("scene ")]
    assert (
        'scene hello: greeting.default.de: overlay "greeting" of scene "hello" sticks out of its box at the smallest'
        f' size: the default "{TOO_LONG}", told in de (shown by ./test.yaml:9:12), {BOX};'
        f" expected a shorter one, {REMEDY}"
    ) == problem


def test_a_default_and_a_text_of_the_campaign_that_cannot_fit_are_told_where_they_are_written(site: Site) -> None:
    edited(site, fit=["shrink"])
    story = CAMPAIGN.replace('greeting: "Hello {name}"', f'greeting: {{text: "Hi {{name}}", default: "{TOO_LONG}"}}')
    write(site.folder, "test.yaml", story.replace("require: [name]\n", "languages: {offered: [en]}\n"))
    write(site.folder, "viewers.ndjson", row("v", name="Al"))
    default = [one for one in site.problems() if "the default" in one]
    write(site.folder, "test.yaml", CAMPAIGN.replace('"Hello {name}"', f'"{TOO_LONG}"'))
    text = site.problems()

    told = 'overlay "greeting" of scene "hello" sticks out of its box at the smallest size'
    tail = f'"{TOO_LONG}", told in en, {BOX}; expected a shorter one, {REMEDY}'
    assert [f"./test.yaml:7:83: {told}: the default {tail}"] == default
    assert [f"./test.yaml:7:54: {told}: the text {tail}"] == text


def test_only_the_viewers_of_the_file_that_is_named_are_read_in_whatever_form_it_has(site: Site) -> None:
    write(site.folder, "viewers.ndjson", "no JSON")
    table = write(site.folder, "crm.csv", "viewer,name,years", "v1,Ana,3")

    assert 0 == site.run(check, "--viewers", table).exit_code
    write(site.folder, "crm.csv", "viewer,name,years", "v1,Ana,many")
    assert ["./crm.csv:2: years: is text; expected a whole number"] == site.problems("--viewers", table)
    (problem,) = site.problems()
    assert problem.startswith("./viewers.ndjson:1: is not JSON")


def test_the_settings_sample_may_be_a_crms_table(site: Site) -> None:
    write(site.folder, "viewers.csv", "viewer,name,years", "v1,Ana,3", "v2,,4")
    settings = site.folder / "server.toml"
    settings.write_text(settings.read_text().replace("viewers.ndjson", "viewers.csv"))

    assert ["./viewers.csv:3: name: is missing; expected a value: the campaign requires it"] == site.problems()


def test_a_table_is_of_one_campaign(site: Site) -> None:
    table = write(site.folder, "crm.csv", "viewer,name,years", "v1,Ana,3")
    write(site.folder, "other.yaml", CAMPAIGN.replace("campaign: test", "campaign: other"))

    (problem,) = site.problems("--viewers", table)
    assert problem.startswith("./crm.csv: is a table, whose rows name no campaign, and 2 campaigns are checked")
    assert 0 == site.run(check, site.folder / "test.yaml", "--viewers", table).exit_code


def test_a_file_without_a_viewer_of_the_campaign_tries_nothing_and_says_so(site: Site) -> None:
    other = write(site.folder, "other.ndjson", row("v", campaign="renewal"))

    assert ["./other.ndjson: has no viewer of campaign test; expected at least one"] == site.problems(
        site.folder / "test.yaml", "--viewers", other
    )


def test_a_scene_that_was_packaged_before_pictures_were_looked_at_is_told(site: Site) -> None:
    path = site.folder / "segments/scenes/hello/scene.json"
    document = orjson.loads(path.read_bytes())
    for slot in document["scene"]["overlays"].values():
        del slot["behind"]
    path.write_bytes(orjson.dumps(document))

    problems = site.problems()
    assert 3 == len(problems)
    assert all("does not say what the picture behind it is like" in problem for problem in problems)


def test_a_launch_is_planned_with_what_rendering_costs_here(site: Site) -> None:
    done = site.run(plan, "--campaign", "test", "--json", "--clicks-per-hour", "3,3")

    assert 0 == done.exit_code, done.output
    small, large = orjson.loads(done.stdout)["plans"]
    assert ["90p", "180p"] == [small["rung"], large["rung"]]
    for one in (small, large):
        # Three names with six numbers of years are six pictures; apart they would be nine.
        assert (6, 6) == (one["viewers"], one["windows"][0]["renders"])
        assert one["cpu_s"] > 0 < one["size_bytes"]
        assert [3, 3] == [hour["clicks"] for hour in one["hours"]]
        assert one["hours"][0]["rendered"] > one["hours"][1]["rendered"] > 0 or one["share_shared"] == 0
    assert small["size_bytes"] < large["size_bytes"]


def test_a_plan_is_told_in_tables(site: Site) -> None:
    done = site.run(plan, "--campaign", "test", "--rung", "90p", "--clicks-per-hour", "6")

    assert 0 == done.exit_code, done.output
    assert done.stdout.startswith("6 viewers of test: ")
    assert "At 90p, by window" in done.stdout
    assert "greeting and years in scene hello drive the cost" in done.stdout


@pytest.mark.parametrize(
    ("count", "banded", "whole", "told"),
    [
        (3, 3, False, "3 segments that can be drawn on 3 are encoded by rows"),
        (3, 1, False, "3 segments that can be drawn on 1 is encoded by rows, 2 are encoded whole"),
        (1, 0, False, "1 segment that can be drawn on 1 is encoded whole"),
        (2, 2, True, '2 segments that can be drawn on 2 are encoded whole (the campaign says "whole_pictures")'),
    ],
)
def test_a_plan_names_only_the_ways_that_there_are(count: int, banded: int, whole: bool, told: str) -> None:
    splice = Splice("s", 1, (), 0, 20, 1.0, 50.0)
    masters = [Master("m", 1, 20, 1, splice=splice if at < banded else None) for at in range(count)]
    segments = tuple(Segment("s", 1, at, 1, 1, master) for at, master in enumerate(masters))
    drawn = replace(bare("hello"), video=(Track("90p", "", "", "", 1, 1, segments, 160, 90),))

    assert f"At 90p, of {told}" == ways_of([drawn], "90p", whole=whole)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--rung", "4k"), "--rung: there is no rung '4k'; expected one of: 90p, 180p"),
        (("--clicks-per-hour", "many"), "--clicks-per-hour: is 'many'; expected whole numbers, one for each hour"),
    ],
)
def test_what_cannot_be_planned_is_told(site: Site, arguments: tuple[str, str], message: str) -> None:
    done = site.run(plan, "--campaign", "test", *arguments)

    assert isinstance(done.exception, Invalid)
    assert str(done.exception.problems[0]).startswith(message)
