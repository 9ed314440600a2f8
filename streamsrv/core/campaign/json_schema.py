"""The JSON Schema (draft 2020-12) of campaign files: what an editor completes, explains and marks.

Names and limits are the readers' own. It knows one file by itself: what depends on other lines, on scenes or on viewers
is left to `load_campaign`, and where the two differ an editor is the milder one.
"""

import json
from collections.abc import Mapping

from streamsrv.core.campaign.fields import DAY_TEXT, MOMENT_TEXT
from streamsrv.core.campaign.frame import (
    MAX_BRAND_CHARS,
    MAX_DESCRIPTION_CHARS,
    MAX_DURATION_S,
    MAX_TITLE_CHARS,
)
from streamsrv.core.campaign.json_overlay import overlay_part
from streamsrv.core.campaign.json_parts import (
    WORD,
    Part,
    closed,
    day,
    field_name,
    flag,
    list_of,
    matching,
    named,
    ref,
    text,
    told,
    whole_number,
    whole_text,
)
from streamsrv.core.campaign.json_policy import policy_parts
from streamsrv.core.campaign.languages import MAX_LANGUAGES, TAG
from streamsrv.core.campaign.load import CAMPAIGN_ID
from streamsrv.core.campaign.rule import MAX_AUDIENCES, MAX_RULE_CHARS
from streamsrv.core.campaign.schema import (
    CURRENCY,
    KEYS_BY_TYPE,
    MAX_ATTRIBUTES,
    MAX_ITEMS,
    MAX_LABEL,
    MAX_RECORDS_INSIDE,
    MAX_TEXT,
    MAX_TEXT_IN_LIST,
    MAX_VALUES,
    NAME,
    RESERVED,
    RESERVED_PARTS,
)
from streamsrv.core.campaign.shown import MAX_LABEL_CHARS, SCENE_NAME
from streamsrv.core.campaign.story import MAX_ARMS, MAX_DROP_ORDER, MAX_OPTIONS, MAX_SLOTS, MAX_WEIGHT
from streamsrv.core.campaign.story import NAME as SLOT_NAME
from streamsrv.core.campaign.texts import MAX_URL_CHARS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LIST = "list"
_KINDS: Mapping[str, str] = {
    "string": "Text.",
    "enum": "One of a few words.",
    "int": "A whole number.",
    "number": "A number.",
    "money": "An amount with at most 2 decimals.",
    "date": "A day, such as 2027-03-31.",
    "datetime": "A moment with its offset, such as 2027-03-31T18:00:00+02:00.",
    "bool": "true or false.",
    "record": "A record: named parts.",
    LIST: "A list of records.",
}
_VALUES: Mapping[str, Part] = {
    "int": {"type": "integer"},
    "number": {"type": "number"},
    "money": {"type": "number"},
    "date": {"type": "string", **whole_text(DAY_TEXT)},
    "datetime": {"type": "string", **whole_text(MOMENT_TEXT)},
    "bool": {"type": "boolean"},
}


def campaign_schema() -> Part:
    """The schema as a JSON document."""
    return {
        "$schema": DIALECT,
        "title": "streamsrv campaign",
        "description": "A campaign of personalized videos. The manual is docs/campaigns.md.",
        **closed(_campaign(), required=("campaign", "story", "fallback")),
        "$defs": {
            "rule": text("A condition in CEL over attributes, audiences, now and today.", MAX_RULE_CHARS, [
                'product == "home"', "loyal && size(claims) <= 1",
            ]),
            "scene": named("A packaged scene.", SCENE_NAME),
            "language": matching("A language tag (BCP 47), such as en or pt-BR.", TAG),
            "overlay": overlay_part(),
            "overlays": {
                "description": "What stands in the scene's overlay slots, by name: what its kind takes. {attribute} "
                "and {attribute|format} are values.",
                "type": "object",
                "additionalProperties": ref("overlay"),
            },
            "cta": _cta(),
            "option": closed(
                {"when": ref("rule", "The option is taken when this is true and no option before it was."), **_shown()},
                required=("when", "scene"),
            ),
            "arm": _arm(),
            "slot": _slot(_drop_order("the slot")),
            "slot_in_group": _slot({}),
            "group": _group(),
            "attribute": _declaration(inside=False),
            "part": _declaration(inside=True),
        },
    }  # fmt: skip


def schema_text() -> str:
    """The schema as the text of a file."""
    return json.dumps(campaign_schema(), indent=2, ensure_ascii=False) + "\n"


def _campaign() -> Part:
    return {
        "campaign": named("The campaign's id, as viewers' files and reports name it.", CAMPAIGN_ID),
        "title": told("The page's title. Made from the id when absent.", MAX_TITLE_CHARS),
        "description": told("One or two sentences on the page, and in previews of the link.", MAX_DESCRIPTION_CHARS),
        "brand": told("Who speaks: shown on the page.", MAX_BRAND_CHARS),
        "lang": ref("language", "The one language of the campaign (en when absent). For more than one: languages."),
        "languages": _languages(),
        "timezone": {
            "description": "Where today begins, days of valid begin, and times are told (UTC when absent).",
            "type": "string",
            "examples": ["Europe/Berlin", "America/New_York", "UTC"],
        },
        "valid": closed(
            {"from": day("The first day."), "until": day("The last day, to its end.")},
            "The days on which the campaign is shown. Before and after, links open a plain page.",
        ),
        "max_duration_s": whole_number(
            "The longest that a video may be, in seconds. Slots with a drop_order make room.", 1, MAX_DURATION_S
        ),
        "whole_pictures": flag(
            "Encode whole pictures for viewers' own segments, where else only the rows with their words are encoded."
        ),
        "schema": {
            "description": "Viewers' attributes and their types.",
            "type": "object",
            "maxProperties": MAX_ATTRIBUTES,
            "propertyNames": field_name(RESERVED),
            "additionalProperties": ref("attribute"),
        },
        "require": list_of("Attributes without which the fallback story is told.", field_name(RESERVED)),
        "audiences": {
            "description": "Rules with a name, for use in other rules.",
            "type": "object",
            "maxProperties": MAX_AUDIENCES,
            "propertyNames": field_name(RESERVED),
            "additionalProperties": ref("rule"),
        },
        "randomize_by": matching(
            "The attribute that experiments and the holdout are drawn by, such as household; the viewer when absent.",
            NAME,
        ),
        "story": {
            "description": "Slots and groups of slots, in playback order.",
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_SLOTS,
            "items": {"anyOf": [ref("slot"), ref("group")]},
        },
        "fallback": list_of("Scenes for viewers whose data is missing or does not fit.", ref("scene")),
        "holdout": closed(
            {
                "share": {
                    "description": "The share of all viewers, such as 0.1; at most 6 decimals.",
                    "type": "number",
                    "exclusiveMinimum": 0,
                    "exclusiveMaximum": 1,
                },
                "control": list_of("What they see when they come; the fallback when absent.", ref("scene")),
            },
            "Viewers who are never told the personal story, so that its effect can be measured.",
            required=("share",),
        ),
        **policy_parts(),
    }


def _languages() -> Part:
    tags = list_of("The best first.", ref("language"), unique=True)
    return closed(
        {
            "attribute": matching("The attribute that holds a viewer's language.", NAME),
            "offered": list_of("The languages, the default first.", ref("language"), most=MAX_LANGUAGES, unique=True),
            "fallback": {
                "description": "What stands in for a language where a text, a sound or captions are missing in it.",
                "type": "object",
                "propertyNames": ref("language"),
                "additionalProperties": tags,
            },
        },
        "The languages the campaign is told in, and which attribute chooses.",
        required=("offered",),
    )


def _slot(drop_order: Part) -> Part:
    properties = {
        "slot": named("The slot's name, once in the story.", SLOT_NAME),
        "when": ref("rule", "The slot is left out unless this is true."),
        "scene": ref("scene", "The scene that is shown; with for_each, once for each record."),
        "choose": {
            "description": "The first option whose rule is true.",
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_OPTIONS,
            "items": ref("option"),
        },
        "otherwise": {
            "description": "What is shown when no option's rule is true, or when a rule fails.",
            "anyOf": [ref("scene"), closed(_shown(), required=("scene",))],
        },
        "for_each": matching("A list attribute: the scene is shown once for each record, which texts call item.", NAME),
        "order_by": text(
            "The part that records are sorted by, and a direction; as given when absent.",
            None,
            ["amount descending", "on"],
        ),
        "max": whole_number("The most records that are shown, from the first on.", 1, MAX_ITEMS),
        "experiment": named("The experiment's name. A viewer has the same arm in every slot of it.", SLOT_NAME),
        "arms": {
            "description": "What each arm shows, the same for a viewer at every visit.",
            "type": "object",
            "minProperties": 2,
            "maxProperties": MAX_ARMS,
            "propertyNames": whole_text(SLOT_NAME),
            "additionalProperties": ref("arm"),
        },
        "overlays": ref("overlays"),
        "cta": ref("cta"),
        **drop_order,
    }
    return {
        **closed(properties, "One place in the story.", required=("slot",)),
        "oneOf": [{"required": [kind]} for kind in ("scene", "choose", "arms")],
        "dependentRequired": {
            "otherwise": ["choose"],
            "for_each": ["scene"],
            "order_by": ["for_each"],
            "max": ["for_each"],
            "experiment": ["arms"],
            "arms": ["experiment"],
        },
    }


def _group() -> Part:
    properties = {
        "group": named("The group's name, once in the story.", SLOT_NAME),
        "when": ref("rule", "The group is left out unless this is true."),
        "slots": list_of("The slots of the group, in playback order.", ref("slot_in_group")),
        **_drop_order("the whole group"),
    }
    description = "Slots that stand or fall together: when one shows nothing, none is shown."
    return closed(properties, description, required=("group", "slots"))


def _arm() -> Part:
    properties = {
        "weight": whole_number("Its weight against the other arms' (1 when absent). 0 gets no viewers.", 0, MAX_WEIGHT),
        "skip": flag("true for an arm that shows nothing in this slot."),
        **_shown(),
    }
    showing = {"required": ["scene"], "not": _skipping()}
    return {**closed(properties, "One arm."), "oneOf": [showing, {**_skipping(), "not": {"required": ["scene"]}}]}


def _skipping() -> Part:
    return {"required": ["skip"], "properties": {"skip": {"const": True}}}


def _shown() -> Part:
    return {"scene": ref("scene"), "overlays": ref("overlays"), "cta": ref("cta")}


def _drop_order(what: str) -> Part:
    return {
        "drop_order": whole_number(
            f"When the video is too long, the lowest goes first; without it, never {what}.", 1, MAX_DROP_ORDER
        )
    }


def _cta() -> Part:
    properties = {
        "label": told("The button's words.", MAX_LABEL_CHARS),
        "url": {
            "description": "An https address. {link_ref} stands for the viewer; nothing personal may stand in it.",
            "type": "string",
            "pattern": "^https://",
            "maxLength": MAX_URL_CHARS,
            "examples": ["https://www.example.com/renew?ref={link_ref}"],
        },
    }
    return closed(properties, "The call to action of the scene.", required=("label", "url"))


def _declaration(*, inside: bool) -> Part:
    """An attribute, or a part of a record: one form for each type."""
    kinds = [kind for kind in KEYS_BY_TYPE if not (inside and kind == LIST)]
    return {
        "description": "{type: string}, and what else its type takes.",
        "type": "object",
        "required": ["type"],
        # Said here, too: editors offer the types that need no other key else.
        "properties": {"type": {"description": "The type.", "enum": kinds}},
        "anyOf": [_of_type(kind, inside=inside) for kind in kinds],
    }


def _of_type(kind: str, *, inside: bool) -> Part:
    value = _VALUES.get(kind, {"type": WORD})
    known: Part = {
        "max_length": whole_number("The most characters.", 1, MAX_TEXT_IN_LIST if inside else MAX_TEXT),
        "values": list_of("The words it can be.", {"type": WORD}, most=MAX_VALUES, unique=True),
        "labels": {
            "description": "How viewers are told each word; one for every word.",
            "type": "object",
            "additionalProperties": told("The label.", MAX_LABEL),
        },
        "min": {**value, "description": "The lowest that fits."},
        "max": {**value, "description": "The highest that fits."},
        "currency": matching("ISO 4217, such as EUR.", CURRENCY),
        "max_items": whole_number("The most records; a longer list does not fit.", 1, MAX_ITEMS),
        "of": {
            "description": f"The parts of one record. Records stand in records {MAX_RECORDS_INSIDE} deep at most.",
            "type": "object",
            "minProperties": 1,
            "propertyNames": field_name(RESERVED_PARTS),
            "additionalProperties": ref("part"),
        },
        "default": {**value, "description": "What stands in for a missing value."},
        "personal": flag("true keeps its values out of everything that explains, logs or links."),
    }
    keys = KEYS_BY_TYPE[kind]
    properties = {"type": {"const": kind, "description": _KINDS[kind]}, **{key: known[key] for key in keys}}
    return closed(properties, required=["type", *(key for key in ("values", "currency", "of") if key in keys)])
