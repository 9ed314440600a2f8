"""The JSON Schema of what stands in one overlay slot."""

from streamsrv.core.campaign.campaign import MAX_MARKS
from streamsrv.core.campaign.filling import MAX_DEFAULT_CHARS, PICTURE_NAME
from streamsrv.core.campaign.json_parts import Part, by_language, closed, matching, text, told, whole_number
from streamsrv.core.campaign.schema import NAME
from streamsrv.core.campaign.template import MAX_TEMPLATE_CHARS
from streamsrv.core.campaign.texts import MAX_URL_CHARS


def overlay_part() -> Part:
    """A text, an address or a picture's name, as such or by language; a text with its default; a picture; a chart."""
    template = text("A text with places for values.", MAX_TEMPLATE_CHARS, ["Hello {first_name}", "{premium|money}"])
    address: Part = {
        "description": "Where a QR code leads, as in a call to action.",
        "type": "string",
        "pattern": "^https://",
        "maxLength": MAX_URL_CHARS,
        "examples": ["https://www.example.com/renew?ref={link_ref}"],
    }
    translated = by_language({"anyOf": [template, address]})
    whole = {
        "text": {"description": "The text, or one for each language.", "anyOf": [template, translated]},
        "default": told("What is shown to viewers who lack a value of the text.", MAX_DEFAULT_CHARS),
    }
    return {"anyOf": [template, address, closed(whole, required=("text",)), translated, _picture(), _chart(template)]}


def _picture() -> Part:
    name = matching("A file in the brand's folder.", PICTURE_NAME)
    properties = {
        "by": matching("The enum whose word decides.", NAME),
        "pictures": {
            "description": "Pictures by word.",
            "type": "object",
            "minProperties": 1,
            "additionalProperties": name,
        },
        "default": {"description": "For all other words.", "anyOf": [name, by_language(name)]},
    }
    return closed(properties, "A picture by the word of an attribute.", required=("by", "pictures"))


def _chart(template: Part) -> Part:
    words = {"anyOf": [template, by_language(template)]}
    properties = {
        "of": matching("The list whose records are shown.", NAME),
        "value": {"description": "The part that is a number.", "type": "string"},
        "label": {"description": "What stands below a mark: {item.part}.", **words},
        "text": {"description": "What stands at a mark: its value as it is told.", **words},
        "order_by": {"description": "A part of the records, and a direction.", "type": "string"},
        "max": whole_number("The most marks.", 1, MAX_MARKS),
    }
    return closed(properties, "A chart of the records of a list.", required=("of", "value"))
