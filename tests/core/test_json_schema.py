"""The JSON Schema takes what the readers take, refuses what they refuse, and knows every key they know."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
import typer
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from streamsrv.cli.schema import schema
from streamsrv.core.campaign import load_campaign
from streamsrv.core.campaign.document import Findings, Mapped, Node, Scalar, parse_document
from streamsrv.core.campaign.json_schema import campaign_schema
from streamsrv.core.campaign.load import KEYS
from streamsrv.core.campaign.policy import ACCESS_KEYS
from streamsrv.core.campaign.schema import KEYS_BY_TYPE
from streamsrv.core.campaign.sources import KEYS as SOURCE_KEYS
from streamsrv.core.campaign.story import GROUP_KEYS, SHOWN_KEYS, SLOT_KEYS
from streamsrv.core.errors import Invalid

HERE = Path(__file__).parent
CONFIG = HERE.parents[1] / "config"
SCHEMA = campaign_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
SMALLEST = "campaign: a\nstory: [{slot: a, scene: b}]\nfallback: [b]\n"
DESIGN = (HERE / "as_designed.yaml").read_text(encoding="utf-8")
EVERY = (HERE / "every_construct.yaml").read_text(encoding="utf-8")
DECLARED = "campaign: a\nschema:\n  x: {}\nstory: [{{slot: a, scene: b}}]\nfallback: [b]\n"
SLOTS = "campaign: a\nstory: [{}]\nfallback: [b]\n"


def as_editors_read(node: Node) -> object:
    """A YAML tree in JSON's types, by the rules of YAML 1.2 that editors follow."""
    if isinstance(node, Mapped):
        return {key: as_editors_read(value) for key, value in node.entries.items()}
    if not isinstance(node, Scalar):
        return [as_editors_read(item) for item in node.items]
    if not node.plain:
        return node.text
    if node.text in ("", "~", "null"):
        return None
    if node.text in ("true", "false"):
        return node.text == "true"
    if re.fullmatch(r"[-+]?[0-9]+", node.text):
        return int(node.text)
    return float(node.text) if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)", node.text) else node.text


def read(text: str) -> object:
    node = parse_document(text, Findings("c.yaml"))
    assert node is not None
    return as_editors_read(node)


def errors_of(text: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(read(text))]


def loads(text: str) -> bool:
    try:
        load_campaign(text, where="c.yaml", scenes=None)
    except Invalid:
        return False
    return True


def mappings(tree: object) -> Iterator[dict[str, object]]:
    """Every mapping of a tree, at any depth."""
    if isinstance(tree, dict):
        yield tree
    for inner in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from mappings(inner)


def defined(name: str) -> dict[str, object]:
    definitions = SCHEMA["$defs"]
    assert isinstance(definitions, dict)
    found = definitions[name]
    assert isinstance(found, dict)
    return found


def keys_of(part: object) -> set[str]:
    assert isinstance(part, dict)
    return set(part["properties"])


def top(key: str) -> object:
    properties = SCHEMA["properties"]
    assert isinstance(properties, dict)
    return properties[key]


def test_the_schema_is_a_valid_schema_of_draft_2020_12() -> None:
    Draft202012Validator.check_schema(SCHEMA)

    assert "https://json-schema.org/draft/2020-12/schema" == SCHEMA["$schema"]


def test_the_committed_schema_is_what_the_command_prints() -> None:
    app = typer.Typer()
    app.command()(schema)

    assert (CONFIG / "campaign.schema.json").read_text(encoding="utf-8") == CliRunner().invoke(app, []).output


def test_the_command_writes_the_schema_to_a_file(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(schema)

    assert "" == CliRunner().invoke(app, ["--output", str(tmp_path / "s.json")]).output
    assert SCHEMA == json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"--output: .*/none/s\.json cannot be written: No such file or directory"):
        schema(tmp_path / "none" / "s.json")


def test_the_demo_names_the_schema_for_editors() -> None:
    first_line = (CONFIG / "campaigns" / "renewal.yaml").read_text(encoding="utf-8").partition("\n")[0]

    assert "# yaml-language-server: $schema=../campaign.schema.json" == first_line


@pytest.mark.parametrize(
    "text",
    [
        pytest.param((CONFIG / "campaigns" / "renewal.yaml").read_text(encoding="utf-8"), id="demo"),
        pytest.param(DESIGN, id="design"),
        pytest.param(EVERY, id="every construct"),
        pytest.param(SMALLEST, id="smallest"),
    ],
)
def test_campaigns_that_load_are_valid(text: str) -> None:
    load_campaign(text, where="c.yaml", scenes=None)

    assert [] == errors_of(text)


def test_an_unknown_key_is_refused_in_every_mapping() -> None:
    tree = read(EVERY)
    accepted = []
    for place in range(len(list(mappings(tree)))):
        changed = deepcopy(tree)
        mapping = list(mappings(changed))[place]
        # Where names are free, no construct is a list of lists.
        mapping["zzz"] = [[]]
        if VALIDATOR.is_valid(changed):
            accepted.append(mapping)

    assert [] == accepted


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (SMALLEST + "zzz: 1\n", keys_of(SCHEMA)),
        (SMALLEST + "languages: {offered: [en], zzz: 1}\n", keys_of(top("languages"))),
        (SMALLEST + "valid: {from: 2026-01-01, zzz: 1}\n", keys_of(top("valid"))),
        (SMALLEST + "holdout: {share: 0.1, zzz: 1}\n", keys_of(top("holdout"))),
        (SMALLEST + "access: {devices: 1, zzz: 1}\n", keys_of(top("access"))),
        (SMALLEST + "sources: {a: {url: 'https://a.b/', map: {x: /y}, zzz: 1}}\nschema: {x: {type: int}}\n",
         set(SOURCE_KEYS)),
        (SLOTS.format("{slot: a, scene: b, zzz: 1}"), keys_of(defined("slot"))),
        (SLOTS.format("{group: g, slots: [{slot: a, scene: b}], zzz: 1}"), keys_of(defined("group"))),
        (SLOTS.format("{slot: a, choose: [{when: true, scene: b, zzz: 1}]}"), keys_of(defined("option"))),
        (SLOTS.format("{slot: a, scene: b, cta: {label: a, url: 'https://a.b/', zzz: 1}}"), keys_of(defined("cta"))),
        (SLOTS.format("{slot: a, experiment: e, arms: {a: {scene: b, zzz: 1}, b: {scene: b}}}"),
         keys_of(defined("arm"))),
        (SLOTS.format("{slot: a, scene: b, overlays: {o: {text: a, zzz: 1}}}"), {"text", "default"}),
    ],
)  # fmt: skip
def test_the_schema_has_the_keys_that_the_readers_name(text: str, known: set[str]) -> None:
    with pytest.raises(Invalid) as caught:
        load_campaign(text, where="c.yaml", scenes=None)

    assert [", ".join(sorted(known))] == [
        ", ".join(sorted(problem.expected.removeprefix("one of: ").split(", "))) for problem in caught.value.problems
    ]


def test_the_schema_has_every_key_of_the_story() -> None:
    sources = top("sources")
    assert isinstance(sources, dict)
    assert set(KEYS) == keys_of(SCHEMA)
    assert set(ACCESS_KEYS) == keys_of(top("access"))
    assert set(SOURCE_KEYS) == keys_of(sources["additionalProperties"])
    assert set(SLOT_KEYS) == keys_of(defined("slot"))
    assert set(SLOT_KEYS) - {"drop_order"} == keys_of(defined("slot_in_group"))
    assert set(GROUP_KEYS) == keys_of(defined("group"))
    assert {"when", *SHOWN_KEYS} == keys_of(defined("option"))
    assert {"weight", "skip", *SHOWN_KEYS} == keys_of(defined("arm"))


@pytest.mark.parametrize("name", ["attribute", "part"])
def test_the_schema_has_every_key_of_every_type(name: str) -> None:
    forms = defined(name)["anyOf"]
    assert isinstance(forms, list)

    assert {kind: {"type", *keys} for kind, keys in KEYS_BY_TYPE.items() if (name, kind) != ("part", "list")} == {
        form["properties"]["type"]["const"]: keys_of(form) for form in forms
    }


def test_every_key_has_a_description() -> None:
    bare = [
        key
        for mapping in mappings(SCHEMA)
        for properties in [mapping.get("properties")]
        if isinstance(properties, dict)
        for key, part in properties.items()
        if isinstance(part, dict) and not {"description", "$ref", "const"} & part.keys()
    ]

    assert [] == bare


@pytest.mark.parametrize(
    "text",
    [
        "campaign: a\nstory: [{slot: a, scene: b}]\n",
        "campaign: a\nfallback: [b]\n",
        "story: [{slot: a, scene: b}]\nfallback: [b]\n",
        "campaign: Bad Name\nstory: [{slot: a, scene: b}]\nfallback: [b]\n",
        "campaign: a\nstory: []\nfallback: [b]\n",
        "campaign: a\nstory: {slot: a, scene: b}\nfallback: [b]\n",
        "campaign: a\nstory: [{slot: a, scene: b}]\nfallback: b\n",
        "- campaign\n",
        SMALLEST + "lang: english\n",
        SMALLEST + "title: [a]\n",
        SMALLEST + "title: {}\n",
        SMALLEST + f"title: {'x' * 201}\n",
        SMALLEST + f"brand: {'x' * 101}\n",
        SMALLEST + "max_duration_s: 0\n",
        SMALLEST + "max_duration_s: '90'\n",
        SMALLEST + "max_duration_s: 3601\n",
        SMALLEST + "valid: {from: 1.11.2026}\n",
        SMALLEST + "languages: {attribute: x}\n",
        SMALLEST + "languages: {offered: [en, en]}\n",
        SMALLEST + "holdout: {share: 10}\n",
        SMALLEST + "holdout: {control: [b]}\n",
        SMALLEST + "holdout: 0.1\n",
        SMALLEST + "require: [First]\n",
        SMALLEST + "audiences: {now: 'true'}\n",
        SMALLEST + f"audiences: {{a: '{' || '.join(['true'] * 80)}'}}\n",
        SMALLEST + "access: {}\n",
        SMALLEST + "access: {devices: 0}\n",
        SMALLEST + "access: {sessions_a_day: 1001}\n",
        SMALLEST + "access: {verify: {label: x}}\n",
        SMALLEST + "access: {verify: {attribute: x}}\n",
        SMALLEST + "consent: [x]\n",
        SMALLEST + "retention_days: 0\n",
        SMALLEST + "sources: {A: {url: 'https://a.b/', map: {x: /y}}}\n",
        SMALLEST + "sources: {a: {url: 'ftp://a.b/', map: {x: /y}}}\n",
        SMALLEST + "sources: {a: {url: 'https://a.b/', map: {}}}\n",
        SMALLEST + "sources: {a: {url: 'https://a.b/', map: {x: y}}}\n",
        SMALLEST + "sources: {a: {url: 'https://a.b/', map: {x: /~2}}}\n",
        SMALLEST + "sources: {a: {url: 'https://a.b/', map: {x: /y}, headers: {'a b': c}}}\n",
        SMALLEST + "sources: {a: {url: 'https://a.b/', map: {x: /y}, timeout_ms: 5}}\n",
        SMALLEST + "sources: {a: {url: 'https://a.b/', map: {x: /y}, cache_s: -1}}\n",
        DECLARED.format("string"),
        DECLARED.format("{type: strin}"),
        DECLARED.format("{max_length: 3}"),
        DECLARED.format("{type: string, max_length: 2001}"),
        DECLARED.format("{type: string, min: 3}"),
        DECLARED.format("{type: string, personal: yes}"),
        DECLARED.format("{type: enum}"),
        DECLARED.format("{type: enum, values: []}"),
        DECLARED.format("{type: int, default: 1.5}"),
        DECLARED.format("{type: int, min: '1'}"),
        DECLARED.format("{type: money}"),
        DECLARED.format("{type: money, currency: euro}"),
        DECLARED.format("{type: date, default: 31.3.2027}"),
        DECLARED.format("{type: datetime, min: 2027-03-31}"),
        DECLARED.format("{type: bool, default: 1}"),
        DECLARED.format("{type: list}"),
        DECLARED.format("{type: list, of: {}}"),
        DECLARED.format("{type: list, max_items: 51, of: {a: {type: int}}}"),
        DECLARED.format("{type: list, of: {a: {type: list, of: {b: {type: int}}}}}"),
        DECLARED.format("{type: list, of: {a: {type: string, max_length: 201}}}"),
        DECLARED.format("{type: record, of: {in: {type: int}}}"),
        DECLARED.format("{type: record, default: 3, of: {a: {type: int}}}"),
        DECLARED.replace("x:", "First:").format("{type: int}"),
        DECLARED.replace("x:", "size:").format("{type: int}"),
        SLOTS.format("{slot: a}"),
        SLOTS.format("{scene: b}"),
        SLOTS.format("{slot: A, scene: b}"),
        SLOTS.format("{slot: a, scene: ../b}"),
        SLOTS.format("{slot: a, scene: b, when: }"),
        SLOTS.format("{slot: a, scene: b, choose: [{when: true, scene: b}]}"),
        SLOTS.format("{slot: a, scene: b, otherwise: c}"),
        SLOTS.format("{slot: a, scene: b, max: 3}"),
        SLOTS.format("{slot: a, scene: b, order_by: x}"),
        SLOTS.format("{slot: a, scene: b, drop_order: 101}"),
        SLOTS.format("{slot: a, choose: [{scene: b}]}"),
        SLOTS.format("{slot: a, choose: []}"),
        SLOTS.format("{slot: a, choose: [{when: true, scene: b}], otherwise: {cta: {label: a, url: 'https://a.b/'}}}"),
        SLOTS.format("{slot: a, arms: {a: {scene: b}, b: {scene: b}}}"),
        SLOTS.format("{slot: a, experiment: e, scene: b}"),
        SLOTS.format("{slot: a, experiment: e, arms: {a: {scene: b}}}"),
        SLOTS.format("{slot: a, experiment: e, arms: {a: {scene: b}, b: {weight: 3}}}"),
        SLOTS.format("{slot: a, experiment: e, arms: {a: {scene: b}, b: {scene: b, skip: true}}}"),
        SLOTS.format("{slot: a, experiment: e, arms: {a: {scene: b}, b: {scene: b, weight: -1}}}"),
        SLOTS.format("{group: g}"),
        SLOTS.format("{group: g, slots: []}"),
        SLOTS.format("{group: g, slots: [{slot: a, scene: b, drop_order: 1}]}"),
        SLOTS.format("{slot: a, scene: b, cta: {label: Go}}"),
        SLOTS.format("{slot: a, scene: b, cta: {label: Go, url: 'http://example.com/'}}"),
        SLOTS.format("{slot: a, scene: b, overlays: hello}"),
        SLOTS.format("{slot: a, scene: b, overlays: {o: [a]}}"),
        SLOTS.format("{slot: a, scene: b, overlays: {o: {default: a}}}"),
    ],
)
def test_what_the_schema_refuses_does_not_load(text: str) -> None:
    assert [] != errors_of(text)
    assert not loads(text)
