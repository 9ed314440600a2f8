"""The JSON Schema of what stands beside a story: access, consent, sources, retention."""

from streamsrv.core.campaign import policy, sources
from streamsrv.core.campaign.json_parts import WORD, Part, closed, matching, told, whole_number, whole_text
from streamsrv.core.campaign.schema import NAME


def policy_parts() -> Part:
    """The keys of a campaign that say who may see it and what is asked and kept of viewers."""
    return {
        "access": {**_access(), "minProperties": 1},
        "consent": matching("The bool attribute that says whether a viewer agreed to be measured.", NAME),
        "sources": {
            "description": "Where attributes are asked for at the click, over HTTP, as JSON.",
            "type": "object",
            "maxProperties": sources.MAX_SOURCES,
            "propertyNames": whole_text(sources.NAME),
            "additionalProperties": _source(),
        },
        "retention_days": whole_number(
            "Days after the import until a viewer is erased; kept when absent.", 1, policy.MAX_RETENTION_DAYS
        ),
    }


def _access() -> Part:
    verify = {
        "attribute": matching("What the viewer has to know: a required string, int, number, money or date.", NAME),
        "label": told("How it is asked for.", policy.MAX_ASK_CHARS),
        "tries": whole_number("Wrong answers until the link is locked for a while (5).", 1, policy.MAX_TRIES),
    }
    asks = "Something the viewer knows, asked before anything personal is shown."
    return closed(
        {
            "devices": whole_number("The most devices that one link is personal on.", 1, policy.MAX_DEVICES),
            "sessions_a_day": whole_number("The most personal sessions of a link a day.", 1, policy.MAX_SESSIONS_A_DAY),
            "verify": closed(verify, asks, required=("attribute", "label")),
        },
        "The forwarding policy: whoever goes beyond it is told the fallback story.",
    )


def _source() -> Part:
    header = {"type": WORD, "minLength": 1, "maxLength": sources.MAX_HEADER_CHARS, "examples": ["Bearer {secret:CRM}"]}
    pointer = matching("Where the value stands in the answer (JSON Pointer), such as /a/b.", sources.POINTER)
    properties = {
        "url": {
            "description": "The address. {viewer}, {link_ref} and attributes stand in its path or query.",
            "type": "string",
            "pattern": "^https?://",
            "maxLength": sources.MAX_URL_CHARS,
            "examples": ["https://crm.example.com/customers/{viewer}"],
        },
        "headers": {
            "description": "Headers of the request. {secret:NAME} stands for a value of the server's environment.",
            "type": "object",
            "maxProperties": sources.MAX_HEADERS,
            "propertyNames": whole_text(sources.HEADER_NAME),
            "additionalProperties": header,
        },
        "map": {
            "description": "Attributes, and where their values stand in the answer.",
            "type": "object",
            "minProperties": 1,
            "propertyNames": whole_text(NAME),
            "additionalProperties": {**pointer, "maxLength": sources.MAX_POINTER_CHARS},
        },
        "cache_s": whole_number("Seconds that an answer is good for (0: this session).", 0, sources.MAX_CACHE_S),
        "timeout_ms": whole_number(
            "Milliseconds to wait, within the server's budget.", sources.MIN_TIMEOUT_MS, sources.MAX_TIMEOUT_MS
        ),
    }
    return closed(properties, "One address.", required=("url", "map"))
