"""What stands around the story: texts of the page, the fallback, the holdout, days, and how long the video may be."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from streamsrv.core.campaign.campaign import Holdout, Shown
from streamsrv.core.campaign.document import Findings, Node, Scalar, listing, nearest, quoted
from streamsrv.core.campaign.fields import Day, OneOf, Text, Unfit, Whole
from streamsrv.core.campaign.languages import LanguageReader
from streamsrv.core.campaign.reading import Section, section, shape
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.campaign.shown import ShownReader
from streamsrv.core.zones import zone, zone_names

MAX_TITLE_CHARS = 200
MAX_DESCRIPTION_CHARS = 1_000
MAX_BRAND_CHARS = 100
MAX_DURATION_S = 3_600
SHARE = re.compile(r"0?\.\d{1,6}", re.ASCII)
SHARE_RULE = "a share above 0 and below 1, such as 0.1"
PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class Frame:
    """What `Campaign` holds besides the story, under the same names."""

    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    brands: Mapping[str, str]
    fallback: tuple[Shown, ...]
    holdout: Holdout | None
    randomize_by: str | None
    timezone: tzinfo
    valid_from_s: int | None
    valid_until_s: int | None
    max_duration_ms: int | None
    whole_pictures: bool


def read_frame(
    keys: Section, reader: LanguageReader, shown: ShownReader, schema: Schema, broken: Collection[str]
) -> Frame:
    """The sections around the story; what is wrong is left out, with a finding."""
    timezone = _timezone(keys)
    valid_from_s, valid_until_s = _valid(keys, timezone)
    fallback = _scenes(keys, "fallback", shown)
    return Frame(
        titles=reader.words(keys.node("title"), what='"title"', max_chars=MAX_TITLE_CHARS),
        descriptions=reader.words(keys.node("description"), what='"description"', max_chars=MAX_DESCRIPTION_CHARS),
        brands=reader.words(keys.node("brand"), what='"brand"', max_chars=MAX_BRAND_CHARS),
        fallback=fallback,
        holdout=_holdout(keys, shown, fallback),
        randomize_by=_randomize_by(keys, schema, broken),
        timezone=timezone,
        valid_from_s=valid_from_s,
        valid_until_s=valid_until_s,
        max_duration_ms=keys.whole("max_duration_s", default=0, low=1, high=MAX_DURATION_S) * 1000 or None,
        whole_pictures=keys.flag("whole_pictures"),
    )


def _scenes(keys: Section, key: str, reader: ShownReader) -> tuple[Shown, ...]:
    """The scenes of a story that is told without a viewer's data."""
    found = []
    for node in keys.items(key, "a list of scenes: [hello-any, next-step]"):
        if isinstance(node, Scalar):
            found.append(reader.shown(node, story=key))
        else:
            keys.findings.add(node.mark, f'a scene of "{key}" is {shape(node)}', "the name of a scene")
    return tuple(one for one in found if one is not None)


def _holdout(keys: Section, reader: ShownReader, fallback: tuple[Shown, ...]) -> Holdout | None:
    node = keys.mapping("holdout", "{share: 0.1}")
    if node is None:
        return None
    inner = section(node, keys.findings, what="the holdout", known=("share", "control"), required=("share",))
    assert inner is not None
    share = inner.scalar("share", SHARE_RULE)
    share_ppm = int(Decimal(share.text) * PPM) if share is not None and SHARE.fullmatch(share.text) else 0
    if share is not None and share_ppm == 0:
        keys.findings.add(share.mark, f'"share" is {quoted(share.text)}', SHARE_RULE)
    control = _scenes(inner, "control", reader) if "control" in inner else fallback
    return Holdout(share_ppm, control) if share_ppm and control else None


def _randomize_by(keys: Section, schema: Schema, broken: Collection[str]) -> str | None:
    node = keys.scalar("randomize_by", "an attribute, such as household")
    if node is None or node.text in broken:
        return None
    known = tuple(name for name, field in schema.fields.items() if isinstance(field.type, Text | OneOf | Whole))
    if node.text not in known:
        what = f"{quoted(node.text)} is no attribute to randomize by{nearest(node.text, known)}"
        keys.findings.add(node.mark, what, f"one of: {listing(known)}" if known else "a string or an int")
        return None
    if schema.fields[node.text].default is not None:
        what = f"{quoted(node.text)} has a default: all who lack it would count as one"
        keys.findings.add(node.mark, what, "an attribute without a default")
    return node.text


def _timezone(keys: Section) -> tzinfo:
    node = keys.scalar("timezone", "a time zone such as Europe/Berlin")
    found = zone(node.text) if node else UTC
    if node is not None and found is None:
        close = nearest(node.text, [name for name in sorted(zone_names()) if "/" in name])
        keys.findings.add(node.mark, f"{quoted(node.text)} is no time zone{close}", "a name such as Europe/Berlin")
    return found or UTC


def _valid(keys: Section, timezone: tzinfo) -> tuple[int | None, int | None]:
    node = keys.mapping("valid", "{from: 2026-11-01, until: 2027-03-31}")
    if node is None:
        return None, None
    inner = section(node, keys.findings, what="valid", known=("from", "until"))
    assert inner is not None
    first, last = (_day(inner.node(key), key, keys.findings) for key in ("from", "until"))
    if first and last and first > last:
        mark = inner.mark_of("until")
        keys.findings.add(mark, f'"until" {last} is before "from" {first}', "a day that is not earlier")
    begins_s = _midnight_s(first, timezone) if first else None
    return begins_s, _midnight_s(last + timedelta(days=1), timezone) if last and last < date.max else None


def _day(node: Node | None, key: str, findings: Findings) -> date | None:
    if node is None:
        return None
    if isinstance(node, Scalar) and node.text:
        try:
            return Day().read(node.text)
        except Unfit as unfit:
            findings.add(node.mark, f'"{key}" is {quoted(node.text)}: {unfit.found}', unfit.expected)
            return None
    findings.add(node.mark, f'"{key}" is {shape(node)}', "a date such as 2026-11-01")
    return None


def _midnight_s(day: date, timezone: tzinfo) -> int:
    return int(datetime.combine(day, time.min, timezone).timestamp())
