"""A campaign file's text as a `Campaign`, or all of its problems at once.

Owns the top level of the file and the release's hash. The sections are read by `schema`, `languages`, `rule`, `shown`
and `story`; `frame` reads what stands around the story.
"""

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence

from streamsrv.core.campaign.campaign import Campaign, Choose, ForEach, Slot
from streamsrv.core.campaign.cel import Expression, Language
from streamsrv.core.campaign.document import (
    Findings,
    Mapped,
    Node,
    Scalar,
    closest,
    listing,
    nearest,
    parse_document,
    quoted,
)
from streamsrv.core.campaign.document import Sequence as Items
from streamsrv.core.campaign.filling import FillingReader
from streamsrv.core.campaign.frame import Frame, read_frame
from streamsrv.core.campaign.languages import LanguageReader, check_attribute, read_languages
from streamsrv.core.campaign.policy import Policy, read_policy, with_secrets
from streamsrv.core.campaign.reading import Section, section, shape
from streamsrv.core.campaign.rule import Rule, RuleBook, as_masks
from streamsrv.core.campaign.schema import Schema, read_schema
from streamsrv.core.campaign.shown import ShownReader
from streamsrv.core.campaign.sources import SourceReader
from streamsrv.core.campaign.story import StoryReader
from streamsrv.core.campaign.texts import TextReader
from streamsrv.core.campaign.whole import check_branches, check_duration, check_languages, durations
from streamsrv.core.model import MAIN_TENANT, CampaignId, Scene, SceneId, TenantId

KEYS = (
    "campaign", "title", "description", "brand", "lang", "languages", "timezone", "valid", "max_duration_s", "schema",
    "require", "audiences", "randomize_by", "story", "fallback", "holdout",
    "access", "consent", "sources", "retention_days", "whole_pictures",
)  # fmt: skip
CAMPAIGN_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
CAMPAIGN_ID_RULE = "small letters, digits and -, such as renewal-2026"
MAX_RULES = 2_000
MAX_WRITTEN_OUT_CHARS = 400_000
MAX_STEPS = 5_000
"""Steps that the loops of all rules can take together: about a millisecond, and half of what CEL allows itself."""


def load_campaign(
    text: str,
    *,
    where: str,
    scenes: Mapping[SceneId, Scene] | None,
    cta_hosts: Sequence[str] = (),
    source_hosts: Sequence[str] | None = None,
    pictures: Collection[str] | None = None,
    tenant_id: TenantId = MAIN_TENANT,
) -> Campaign:
    """The campaign that `text` (YAML) describes; raises `Invalid` with every problem, each with line and column.

    `where` names the file in problems. `scenes` are the packaged ones; None leaves unchecked what depends on them.
    `cta_hosts` are the hosts that calls to action may lead to; any when empty. `source_hosts` are those that may be
    asked for data (`core.origins`), `pictures` the names in the brand's folder; None leaves them unchecked.
    """
    findings = Findings(where)
    node = parse_document(text, findings)
    campaign = None if node is None else _campaign(node, findings, scenes, cta_hosts, source_hosts, pictures, tenant_id)
    findings.raise_if_any()
    assert campaign is not None  # nothing is left out without a finding
    return campaign


def _campaign(
    node: Node,
    findings: Findings,
    scenes: Mapping[SceneId, Scene] | None,
    cta_hosts: Sequence[str],
    source_hosts: Sequence[str] | None,
    pictures: Collection[str] | None,
    tenant_id: TenantId,
) -> Campaign | None:
    keys = section(node, findings, what="a campaign", known=KEYS, required=("campaign", "story", "fallback"))
    if keys is None:
        return None
    campaign_id = _campaign_id(keys)
    before = len(findings)
    languages = read_languages(keys)
    reader = LanguageReader(languages, findings, sound=len(findings) == before)
    schema, broken = read_schema(keys.mapping("schema", "attributes: {name: {type: string}}"), findings, reader)
    check_attribute(keys, languages, schema.fields, broken)
    require = _require(keys, schema, broken)
    audiences = keys.mapping("audiences", "rules by name: {loyal: tenure_years >= 5}")
    if any(key in keys and not isinstance(keys.node(key), Mapped) for key in ("schema", "audiences", "languages")):
        return None  # nothing that is built on them can be told right from wrong
    policy = read_policy(keys, schema, broken=broken, require=require, reader=reader)
    schema = with_secrets(schema, policy.secret)
    book = RuleBook(schema, broken=broken, require=require, audiences=audiences, findings=findings)
    texts = TextReader(
        schema, broken=broken, require=require, secret=policy.secret, offered=languages.offered, cta_hosts=cta_hosts,
        findings=findings,
    )  # fmt: skip
    fillings = FillingReader(texts, reader, findings, pictures)
    shown = ShownReader(texts, fillings, reader=reader, scenes=scenes, findings=findings)
    story = StoryReader(schema, book, shown, findings, broken)
    slots = story.slots(keys)
    frame = read_frame(keys, reader, shown, schema, broken)
    fixed = _fixed(policy, frame)
    sources = SourceReader(
        schema, broken=broken, require=require, fixed=fixed, languages=languages.offered, hosts=source_hosts,
        findings=findings,
    ).sources(keys)  # fmt: skip
    check_branches(story.branches, schema, findings)
    if scenes is not None and "languages" in keys and reader.sound:
        check_languages(shown.places, scenes, languages, keys.mark_of("languages"), findings)
    rules = _rules(slots, story)
    known = durations(scenes) if scenes is not None else {}
    if not findings and scenes is not None:
        _check_duration(frame, slots, story, known, schema, keys)
    outcomes = () if findings else _outcomes(rules, schema, keys)
    if findings:
        return None
    reads = [name for rule in rules for name in rule.reads]
    loops = tuple(slot.content for slot in slots if isinstance(slot.content, ForEach))
    return Campaign(
        campaign_id=CampaignId(campaign_id),
        tenant_id=tenant_id,
        titles=frame.titles or {"": campaign_id.replace("-", " ").capitalize()},
        descriptions=frame.descriptions,
        brands=frame.brands,
        languages=languages,
        schema=schema,
        require=require,
        audiences=book.audiences,
        slots=slots,
        groups=story.groups,
        fallback=frame.fallback,
        holdout=frame.holdout,
        experiments=tuple(story.experiments.values()),
        randomize_by=frame.randomize_by,
        timezone=frame.timezone,
        valid_from_s=frame.valid_from_s,
        valid_until_s=frame.valid_until_s,
        max_duration_ms=frame.max_duration_ms,
        whole_pictures=frame.whole_pictures,
        durations_ms=known,
        release=hashlib.sha256(json.dumps(_content(node)).encode()).hexdigest(),
        access=policy.access,
        consent=policy.consent,
        retention_days=policy.retention_days,
        sources=sources,
        needs=_needs(require, reads, loops, frame.randomize_by),
        loops=loops,
        rules=rules,
        outcomes=outcomes,
        reads_clock=any(rule.clock for rule in rules),
    )


def _fixed(policy: Policy, frame: Frame) -> dict[str, str]:
    """Attributes that are what they were imported as, each with the reason."""
    fixed = dict.fromkeys(policy.secret, "viewers prove who they are with it")
    if frame.randomize_by is not None:
        fixed[frame.randomize_by] = "experiments are drawn by it"
    return fixed


def _check_duration(
    frame: Frame,
    slots: tuple[Slot, ...],
    story: StoryReader,
    known: Mapping[SceneId, int],
    schema: Schema,
    keys: Section,
) -> None:
    if frame.max_duration_ms is None:
        return
    fixed = {"the fallback story": frame.fallback, "the control story": frame.holdout.control if frame.holdout else ()}
    kept = [
        slot.name for slot in slots if (story.groups[slot.group].drop_order if slot.group else slot.drop_order) is None
    ]
    mark = keys.mark_of("max_duration_s")
    check_duration(slots, fixed, known, schema, frame.max_duration_ms, mark, keys.findings, kept)


def _rules(slots: tuple[Slot, ...], story: StoryReader) -> tuple[Rule, ...]:
    """Every rule of the story, once: rules that say the same are the same."""
    rules: dict[str, Rule] = {}
    for slot in slots:
        options = slot.content.options if isinstance(slot.content, Choose) else ()
        group = story.groups[slot.group].when if slot.group else None
        for rule in (group, slot.when, *(option.when for option in options)):
            if rule is not None:
                rules.setdefault(rule.source, rule)
    return tuple(rules.values())


def _outcomes(rules: tuple[Rule, ...], schema: Schema, keys: Section) -> tuple[Expression, ...]:
    """All rules in few expressions, so that a viewer costs few evaluations."""
    mark = keys.mark_of("story")
    steps = sum(rule.steps for rule in rules)
    if len(rules) > MAX_RULES:
        keys.findings.add(mark, f"the story has {len(rules)} rules", f"at most {MAX_RULES}")
    elif steps > MAX_STEPS:
        keys.findings.add(mark, f"the rules take up to {steps} steps", f"at most {MAX_STEPS}: fewer loops")
    elif sum(len(rule.source) for rule in rules) > MAX_WRITTEN_OUT_CHARS:
        keys.findings.add(mark, "the rules are too long together", f"at most {MAX_WRITTEN_OUT_CHARS} characters")
    else:
        language = Language(schema)
        compiled: list[Expression] = []
        for text in as_masks([rule.source for rule in rules]):
            expression = language.compile(text)
            if isinstance(expression, list):
                what = f"the rules do not compile together: {expression[0].what}"
                keys.findings.add(mark, what, "simpler rules")
                return ()
            compiled.append(expression)
        return tuple(compiled)
    return ()


def _needs(
    require: Sequence[str], reads: Sequence[str], loops: Sequence[ForEach], randomize_by: str | None
) -> frozenset[str]:
    by = () if randomize_by is None else (randomize_by,)
    return frozenset((*require, *reads, *(loop.attribute for loop in loops), *by))


def _content(node: Node) -> object:
    """What the release's hash covers: everything but comments, layout and quoting."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [_content(item) for item in node.items]
    assert isinstance(node, Mapped)
    return {key: _content(value) for key, value in node.entries.items()}


def _campaign_id(keys: Section) -> str:
    node = keys.scalar("campaign", CAMPAIGN_ID_RULE)
    if node is None:
        return ""
    if not CAMPAIGN_ID.fullmatch(node.text):
        keys.findings.add(node.mark, f'"campaign" is {shape(node)}', CAMPAIGN_ID_RULE)
    return node.text


def _require(keys: Section, schema: Schema, broken: Collection[str]) -> tuple[str, ...]:
    names: list[str] = []
    known = tuple(schema.fields)
    if "require" in keys and not isinstance(keys.node("require"), Items):
        names += known  # which of them were meant is not known: no second finding for each
    for item in keys.items("require", "a list of attributes: [first_name, product]"):
        name = item.text if isinstance(item, Scalar) else ""
        if name in schema.fields:
            names.append(name)
        elif len(words := name.split()) > 1 and all(word in schema.fields for word in words):
            keys.findings.add(item.mark, f'no "," in {quoted(name)}', f"a comma between names: {', '.join(words)}")
            names += words
        elif name not in broken:
            what = f"{shape(item)} is no attribute{nearest(name, known)}"
            keys.findings.add(item.mark, what, f"one of: {listing(known)}")
            # What was meant is required: no second finding for it.
            names += [meant] if (meant := closest(name, known)) else []
    return tuple(dict.fromkeys(names))
