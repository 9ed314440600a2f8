"""What docs/campaigns.md shows is so: its campaigns load, its outputs are printed, its figures are the readers'."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from streamsrv.cli.why import as_lines
from streamsrv.core.campaign import (
    document,
    frame,
    inspection,
    languages,
    load,
    load_campaign,
    policy,
    rule,
    shown,
    sources,
    story,
    template,
    texts,
)
from streamsrv.core.campaign import schema as attributes
from streamsrv.core.errors import Invalid
from streamsrv.core.model import CampaignId, Scene, SceneId, Viewer, ViewerId
from streamsrv.core.rules import decide, explain
from streamsrv.stores import viewers
from tests.core.test_json_schema import errors_of
from tests.timelines import make_scene

MANUAL = (Path(__file__).parents[2] / "docs" / "campaigns.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```([a-z ]*)\n(.*?)^```$", MANUAL, re.MULTILINE | re.DOTALL)
DEMO_UNITS = {
    "hello-any": 12, "explain-home": 20, "explain-motor": 20, "explain-life": 20, "explain-any": 20,
    "thanks-loyal": 12, "next-step": 16,
}  # fmt: skip
"""How long scenes of the demo are, in units of 8/15 s."""


def blocks(kind: str) -> list[str]:
    return [text for written, text in BLOCKS if written == kind]


WHOLE = [text for text in blocks("yaml") if text.startswith("campaign:")]
FRAGMENTS = [text for text in blocks("yaml") if not text.startswith("campaign:")]
COMMANDS = [tuple(text.split("\n", 1)) for text in blocks("console")]


def demo_scenes() -> dict[SceneId, Scene]:
    return {SceneId(name): make_scene(name, [units]) for name, units in DEMO_UNITS.items()}


def framed(fragment: str) -> str:
    """A whole campaign around some top-level keys: the rest is the manual's own schema and the least there can be."""
    declared = next(text for text in FRAGMENTS if text.startswith("schema:"))
    schema, _, require = declared.partition("require:")
    around = {
        "campaign": "campaign: renewal\n",
        "languages": "languages: {attribute: language, offered: [en, de]}\n",
        "schema": schema,
        "require": f"require:{require}",
        "story": "story: [{slot: a, scene: b}]\n",
        "fallback": "fallback: [b]\n",
    }
    given = re.findall(r"^([a-z_]+):", fragment, re.MULTILINE)
    return fragment + "".join(text for key, text in around.items() if key not in given)


def viewer(name: str) -> Viewer:
    lines = [line for text in blocks("json") for line in (text.splitlines() if '"max"' in text else [text])]
    row = next(row for row in map(json.loads, lines) if row["viewer"] == name)
    return Viewer(ViewerId(name), CampaignId(row["campaign"]), row["attributes"])


def expected_output(command: str) -> str:
    """What the manual says that the command of a console block prints."""
    parts = command.removeprefix("$ streamsrv ").split()
    if parts[0] == "check":
        with pytest.raises(Invalid) as caught:
            load_campaign(blocks("yaml broken")[0], where=parts[1], scenes=demo_scenes())
        return "".join(f"streamsrv: {problem}\n" for problem in caught.value.problems)
    options = dict(zip(parts[1::2], parts[2::2], strict=True))
    person = viewer(options["--viewer"])
    now_s = int(datetime.fromisoformat(options["--at"]).replace(tzinfo=UTC).timestamp())
    told = load_campaign(WHOLE[0], where="c.yaml", scenes=demo_scenes())
    return "\n".join(as_lines(person, explain(told, person, now_s=now_s))) + "\n"


def table(heading: str) -> list[list[str]]:
    """The cells of the table with this first column."""
    rows = MANUAL.partition(f"\n| {heading} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def limits() -> list[list[str]]:
    figures: list[tuple[str, list[int]]] = [
        ("a file: characters, values, levels; a viewer's line: bytes",
         [document.MAX_CHARS, document.MAX_NODES, document.MAX_DEPTH, viewers.MAX_LINE_BYTES]),
        ("attributes; words of an enum; characters of a label",
         [attributes.MAX_ATTRIBUTES, attributes.MAX_VALUES, attributes.MAX_LABEL]),
        ("audiences; languages; different rules in a story",
         [rule.MAX_AUDIENCES, languages.MAX_LANGUAGES, load.MAX_RULES]),
        ("a rule: characters, with its audiences written out", [rule.MAX_RULE_CHARS, rule.MAX_WRITTEN_OUT_CHARS]),
        ("a rule: parts, levels, loops inside each other",
         [inspection.MAX_NODES, inspection.MAX_DEPTH, inspection.MAX_LOOPS_INSIDE]),
        ("slots; options of a slot; arms", [story.MAX_SLOTS, story.MAX_OPTIONS, story.MAX_ARMS]),
        ("scenes in the longest story; seconds of `max_duration_s`", [story.MAX_SCENES, frame.MAX_DURATION_S]),
        ("an overlay: characters, with values filled in", [template.MAX_TEMPLATE_CHARS, template.MAX_FILLED_CHARS]),
        ("characters of `title`, `description`, `brand`; of a `cta`'s `label`, `url`",
         [frame.MAX_TITLE_CHARS, frame.MAX_DESCRIPTION_CHARS, frame.MAX_BRAND_CHARS, shown.MAX_LABEL_CHARS,
          texts.MAX_URL_CHARS]),
        ("devices; sessions a day; tries; characters of a `verify`'s `label`",
         [policy.MAX_DEVICES, policy.MAX_SESSIONS_A_DAY, policy.MAX_TRIES, policy.MAX_ASK_CHARS]),
        ("sources; headers of a source; seconds of `cache_s`, milliseconds of `timeout_ms`",
         [sources.MAX_SOURCES, sources.MAX_HEADERS, sources.MAX_CACHE_S, sources.MAX_TIMEOUT_MS]),
        ("days of `retention_days`", [policy.MAX_RETENTION_DAYS]),
    ]  # fmt: skip
    return [[what, ", ".join(f"{figure:,}" for figure in most)] for what, most in figures]


def told(text: str, language: str) -> str:
    """What Ana is told in a language, with plain spaces."""
    overlay = json.dumps(text)
    campaign = load_campaign(
        framed(f"story: [{{slot: a, scene: b, overlays: {{o: {overlay}}}}}]\n"), where="c.yaml", scenes=None
    )
    ana = viewer("ana")
    spoken_to = Viewer(ana.viewer_id, ana.campaign_id, {**ana.attributes, "language": language})
    (decision,) = decide(campaign, spoken_to, now_s=0).decisions
    return re.sub(r"\s", " ", decision.overlays[0].text)


@pytest.mark.parametrize("text", WHOLE)
def test_whole_campaigns_load_against_the_demos_scenes(text: str) -> None:
    load_campaign(text, where="docs/campaigns.md", scenes=demo_scenes())

    assert [] == errors_of(text)


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_fragments_load_inside_a_small_frame(fragment: str) -> None:
    load_campaign(framed(fragment), where="docs/campaigns.md", scenes=None)

    assert [] == errors_of(framed(fragment))


@pytest.mark.parametrize(("command", "output"), COMMANDS)
def test_commands_print_what_is_shown(command: str, output: str) -> None:
    assert expected_output(command) == output


def test_an_amount_is_never_equal_to_a_whole_number() -> None:
    with pytest.raises(Invalid, match=r"expected a number with a point, such as 500\.0"):
        load_campaign(framed("audiences: {exact: premium == 812}\n"), where="c.yaml", scenes=None)


def test_mending_the_broken_campaign_as_the_manual_says_mends_it() -> None:
    mended = (
        blocks("yaml broken")[0]
        .replace("titel", "title")
        .replace("type: int}", "type: int, default: 0}")
        .replace("moter", "motor")
        .replace("explain-all", "explain-any")
    )

    load_campaign(mended, where="c.yaml", scenes=demo_scenes())


@pytest.mark.parametrize("row", table("written"))
def test_formats_give_what_is_shown(row: list[str]) -> None:
    text = row[0].strip("`")

    assert [told(text, "en"), told(text, "de")] == row[1:]


def test_the_limits_are_the_readers() -> None:
    assert limits() == table("what")
