"""A schema with a viewer of every type, and short ways to read and to fill templates over it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from streamsrv.core.campaign import fields as types
from streamsrv.core.campaign.document import Findings, Mark, Scalar
from streamsrv.core.campaign.schema import make_schema
from streamsrv.core.campaign.template import Scope, Template, fill, fill_url, read_template
from streamsrv.core.errors import Invalid

BERLIN = ZoneInfo("Europe/Berlin")
PRODUCT = types.OneOf(("home", "motor"), {"home": {"en": "home insurance", "de": "Hausrat"}, "motor": {"": "Motor"}})


def fields(**declared: types.FieldType) -> dict[str, types.Field]:
    return {name: types.Field(name, of, personal=name == "first_name") for name, of in declared.items()}


VEHICLE = types.Record(fields(year=types.Whole(), first_name=types.Text()))
CLAIMS = types.Records(
    fields(
        kind=types.Text(), on=types.Day(), amount=types.Money("EUR"), paid=types.Flag(), vehicle=VEHICLE,
        first_name=types.Text(),
    )
)  # fmt: skip
SCHEMA = make_schema(
    fields(
        first_name=types.Text(), city=types.Text(), product=PRODUCT, plan=types.OneOf(("a", "b")), years=types.Whole(),
        share=types.Number(), premium=types.Money("EUR"), yen=types.Money("JPY"), due=types.Day(), at=types.Moment(),
        mail=types.Flag(), policy=types.Record(fields(number=types.Text(), vehicle=VEHICLE)), claims=CLAIMS,
        visits=types.Records(fields(on=types.Day())),
    )
)  # fmt: skip
VALUES: Mapping[str, object] = {
    "first_name": "Zoë",
    "city": "Bern",
    "product": "home",
    "plan": "a",
    "years": 12,
    "share": 0.125,
    "premium": Decimal("1812.5"),
    "yen": Decimal(1812),
    "due": date(2026, 3, 31),
    "at": datetime(2026, 3, 31, 22, 30, tzinfo=UTC),
    "policy": {"number": "P 1/2", "vehicle": {"year": 19, "first_name": "Al"}},
    "claims": (
        {"kind": "fire", "on": date(2025, 1, 2), "amount": Decimal(10), "vehicle": {"year": 19, "first_name": "Al"}},
        {"kind": "water", "on": date(2025, 3, 4), "amount": Decimal(20), "vehicle": {"year": 21, "first_name": "Bo"}},
        {"kind": "hail", "on": date(2025, 5, 6), "amount": Decimal(30), "vehicle": {"year": 23, "first_name": "Cy"}},
    ),
    "visits": (),
}
ITEM: Mapping[str, object] = {"kind": "fire", "amount": Decimal("9.5"), "vehicle": {"year": 19}}


def scope(
    *, item: types.Records | None = CLAIMS, broken: tuple[str, ...] = (), languages: tuple[str, ...] = ("en", "de")
) -> Scope:
    return Scope(SCHEMA, item=item, broken=broken, languages=languages, extra=("link_ref",))


def read(text: str, within: Scope | None = None, *, verbatim: bool = True) -> Template | None:
    """The template, or None; raises `Invalid` with what was found, as loading a campaign does."""
    findings = Findings("c.yaml")
    scalar = Scalar(Mark(4, 10), text, plain=False, verbatim=Mark(4, 11) if verbatim else None)
    template = read_template(scalar, within or scope(), findings, what="overlay")
    findings.raise_if_any()
    return template


def template_of(text: str) -> Template:
    template = read(text)
    assert template is not None
    return template


def told(
    text: str, values: Mapping[str, object] = VALUES, *, locale: str = "en", timezone: tzinfo = BERLIN
) -> str | None:
    return fill(
        template_of(text),
        values,
        locale=locale,
        language=locale.split("-")[0],
        timezone=timezone,
        item=ITEM,
        extra={"link_ref": "r-1"},
    )


def address(text: str, values: Mapping[str, object] = VALUES) -> str | None:
    return fill_url(template_of(text), values, item=ITEM, extra={"link_ref": "r/1"})


def mistakes(text: str, within: Scope | None = None, *, verbatim: bool = True) -> list[str]:
    with pytest.raises(Invalid) as caught:
        read(text, within, verbatim=verbatim)
    return [str(one).removeprefix("c.yaml:").replace(f'overlay "{text}": ', "") for one in caught.value.problems]
