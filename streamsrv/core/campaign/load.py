"""A campaign file's text as a `Campaign`, or all of its problems at once.

Owns the top level of the file and the release's hash. The sections are read by `schema`, `rule` and `story`.
"""

import hashlib
import json
import re
from collections.abc import Collection

from streamsrv.core.campaign.campaign import Campaign, Choose, ForEach, Slot
from streamsrv.core.campaign.cel import Expression, Language
from streamsrv.core.campaign.document import (
    Findings,
    Mapped,
    Node,
    Scalar,
    Sequence,
    listing,
    nearest,
    parse_document,
    quoted,
)
from streamsrv.core.campaign.reading import Section, section, shape
from streamsrv.core.campaign.rule import Rule, RuleBook, as_masks
from streamsrv.core.campaign.schema import Schema, read_schema
from streamsrv.core.campaign.story import StoryReader
from streamsrv.core.model import CampaignId

KEYS = (
    "campaign", "title", "description", "brand", "lang", "schema", "require", "audiences", "story", "fallback",
)  # fmt: skip
CAMPAIGN_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", re.ASCII)
MAX_RULES = 100
MAX_WRITTEN_OUT_CHARS = 50_000
MAX_STEPS = 5_000
"""Steps that all rules can take together: about a millisecond, and half of what CEL allows itself."""


def load_campaign(text: str, *, where: str, scene_ids: Collection[str] | None) -> Campaign:
    """The campaign that `text` (YAML) describes; raises `Invalid` with every problem, each with line and column.

    `where` names the file in problems. `scene_ids` are the scenes that exist; None leaves that unchecked.
    """
    findings = Findings(where)
    node = parse_document(text, findings)
    campaign = _campaign(node, findings, scene_ids) if node is not None else None
    findings.raise_if_any()
    assert campaign is not None  # nothing is left out without a finding
    return campaign


def _campaign(node: Node, findings: Findings, scene_ids: Collection[str] | None) -> Campaign | None:
    keys = section(node, findings, what="a campaign", known=KEYS, required=("campaign", "story", "fallback"))
    if keys is None:
        return None
    campaign_id = _pattern(keys, "campaign", CAMPAIGN_ID, "small letters, digits and -, such as renewal-2026")
    title = keys.text("title", default=campaign_id.replace("-", " ").capitalize(), max_length=200)
    description = keys.text("description", default="", max_length=1_000)
    brand = keys.text("brand", default="", max_length=100)
    lang = _pattern(keys, "lang", LANGUAGE, "a language tag such as en or pt-BR", default="en")
    schema, broken = read_schema(keys.mapping("schema", "attributes: {first_name: {type: string}}"), findings)
    require = _require(keys, schema, broken)
    audiences = keys.mapping("audiences", "rules by name: {loyal: tenure_years >= 5}")
    book = RuleBook(schema, broken=broken, require=require, audiences=audiences, findings=findings)
    story = StoryReader(schema, book, scene_ids, findings)
    slots = story.slots(keys)
    fallback = story.fallback(keys)
    rules = _rules(slots)
    outcomes = None if findings else _outcomes(rules, schema, keys)
    if findings:
        return None
    return Campaign(
        campaign_id=CampaignId(campaign_id),
        title=title,
        description=description,
        brand=brand,
        lang=lang,
        schema=schema,
        require=require,
        audiences=book.audiences,
        slots=slots,
        fallback=fallback,
        release=hashlib.sha256(json.dumps(_content(node)).encode()).hexdigest(),
        needs=frozenset(require).union(_lists(slots), *(rule.reads for rule in rules)),
        lists=_lists(slots),
        rules=rules,
        outcomes=outcomes,
        reads_clock=any(rule.reads_clock for rule in rules),
    )


def _rules(slots: tuple[Slot, ...]) -> tuple[Rule, ...]:
    """Every rule of the story, once: rules that say the same are the same."""
    rules: dict[str, Rule] = {}
    for slot in slots:
        options = slot.content.options if isinstance(slot.content, Choose) else ()
        for rule in (slot.when, *(option.when for option in options)):
            if rule is not None:
                rules.setdefault(rule.source, rule)
    return tuple(rules.values())


def _outcomes(rules: tuple[Rule, ...], schema: Schema, keys: Section) -> Expression | None:
    """All rules as one expression, so that a viewer costs one evaluation; None without rules."""
    mark = keys.mark_of("story")
    steps = sum(rule.steps for rule in rules)
    if len(rules) > MAX_RULES:
        keys.findings.add(mark, f"the story has {len(rules)} rules", f"at most {MAX_RULES}")
    elif steps > MAX_STEPS:
        keys.findings.add(mark, f"the rules take up to {steps} steps", f"at most {MAX_STEPS}: fewer loops")
    elif sum(len(rule.source) for rule in rules) > MAX_WRITTEN_OUT_CHARS:
        keys.findings.add(mark, "the rules are too long together", f"at most {MAX_WRITTEN_OUT_CHARS} characters")
    elif rules:
        compiled = Language(schema).compile(as_masks([rule.source for rule in rules]))
        if not isinstance(compiled, list):
            return compiled
        keys.findings.add(mark, f"the rules do not compile together: {compiled[0].what}", "simpler rules")
    return None


def _lists(slots: tuple[Slot, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(slot.content.attribute for slot in slots if isinstance(slot.content, ForEach)))


def _content(node: Node) -> object:
    """What the release's hash covers: everything but comments, layout and quoting."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [_content(item) for item in node.items]
    assert isinstance(node, Mapped)
    return {key: _content(value) for key, value in node.entries.items()}


def _pattern(keys: Section, key: str, pattern: re.Pattern[str], expected: str, *, default: str = "") -> str:
    node = keys.scalar(key, expected)
    if node is None:
        return default
    if not pattern.fullmatch(node.text):
        keys.findings.add(node.mark, f'"{key}" is {quoted(node.text)}', expected)
    return node.text


def _require(keys: Section, schema: Schema, broken: Collection[str]) -> tuple[str, ...]:
    names: list[str] = []
    known = tuple(schema.fields)
    for item in keys.items("require", "a list of attributes: [first_name, product]"):
        name = item.text if isinstance(item, Scalar) else ""
        if name in schema.fields:
            names.append(name)
        elif name not in broken:
            what = f"{shape(item)} is no attribute{nearest(name, known)}"
            keys.findings.add(item.mark, what, f"one of: {listing(known)}")
    return tuple(dict.fromkeys(names))
