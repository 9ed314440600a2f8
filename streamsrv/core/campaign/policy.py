"""What a campaign asks of those who open its links, what is noted of them, and how long they are kept.

Owns the sections `access`, `consent` and `retention_days`.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from streamsrv.core.access import Access, AskKind, Verify
from streamsrv.core.campaign.document import Findings, Mapped, listing, nearest, quoted
from streamsrv.core.campaign.fields import Day, Field, FieldType, Flag, Money, Number, Text, Whole
from streamsrv.core.campaign.languages import LanguageReader
from streamsrv.core.campaign.reading import Section, section
from streamsrv.core.campaign.schema import Schema, make_schema

ACCESS_KEYS = ("devices", "sessions_a_day", "verify")
VERIFY_KEYS = ("attribute", "label", "tries")
MAX_DEVICES = 100
MAX_SESSIONS_A_DAY = 1_000
MAX_TRIES = 20
MAX_ASK_CHARS = 100
MAX_RETENTION_DAYS = 3_650
ACCESS_EXAMPLE = "{devices: 5, sessions_a_day: 20, verify: {attribute: birth_year, label: Your year of birth}}"
VERIFY_EXAMPLE = "{attribute: birth_year, label: Your year of birth}"


@dataclass(frozen=True, slots=True)
class Policy:
    """What `Campaign` holds of it, under the same names."""

    access: Access | None
    consent: str | None
    retention_days: int | None

    @property
    def secret(self) -> frozenset[str]:
        """Attributes that viewers prove who they are with: to be shown to nobody."""
        verify = self.access.verify if self.access is not None else None
        return frozenset(() if verify is None else (verify.attribute,))


def read_policy(
    keys: Section, schema: Schema, *, broken: Collection[str], require: Collection[str], reader: LanguageReader
) -> Policy:
    """The sections; what is wrong is left out, with a finding."""
    return Policy(
        access=_access(keys, schema, broken, require, reader),
        consent=_consent(keys, schema, broken),
        retention_days=keys.whole("retention_days", default=0, low=1, high=MAX_RETENTION_DAYS) or None,
    )


def kind_of_answer(declared: FieldType) -> AskKind | None:
    """How an attribute of this type is asked for; None where it cannot be typed in, or is guessed at once."""
    if isinstance(declared, Day):
        return "date"
    if isinstance(declared, Whole | Number | Money):
        return "number"
    return "text" if isinstance(declared, Text) else None


def with_secrets(schema: Schema, secret: Collection[str]) -> Schema:
    """The schema in which `secret` attributes are personal, whatever their author said."""
    if all(schema.fields[name].personal for name in secret):
        return schema
    fields = {name: replace(one, personal=one.personal or name in secret) for name, one in schema.fields.items()}
    return make_schema(fields)


def _access(
    keys: Section, schema: Schema, broken: Collection[str], require: Collection[str], reader: LanguageReader
) -> Access | None:
    node = keys.mapping("access", ACCESS_EXAMPLE)
    if node is None:
        return None
    inner = section(node, keys.findings, what="access", known=ACCESS_KEYS)
    assert inner is not None
    if not node.entries:
        keys.findings.add(node.mark, '"access" asks for nothing', f"one of: {', '.join(ACCESS_KEYS)}")
    verify = inner.mapping("verify", VERIFY_EXAMPLE)
    return Access(
        devices=inner.whole("devices", default=0, low=1, high=MAX_DEVICES) or None,
        sessions_a_day=inner.whole("sessions_a_day", default=0, low=1, high=MAX_SESSIONS_A_DAY) or None,
        verify=None if verify is None else _verify(verify, keys.findings, schema, broken, require, reader),
    )


def _verify(
    node: Mapped,
    findings: Findings,
    schema: Schema,
    broken: Collection[str],
    require: Collection[str],
    reader: LanguageReader,
) -> Verify | None:
    keys = section(node, findings, what="verify", known=VERIFY_KEYS, required=("attribute", "label"))
    assert keys is not None
    tries = keys.whole("tries", default=5, low=1, high=MAX_TRIES)
    labels = reader.words(keys.node("label"), what='"label"', max_chars=MAX_ASK_CHARS)
    field = _factor(keys, schema, broken, require)
    if field is None:
        return None
    kind = kind_of_answer(field.type)
    assert kind is not None
    return Verify(field.name, labels, kind, tries)


def _factor(keys: Section, schema: Schema, broken: Collection[str], require: Collection[str]) -> Field | None:
    """The attribute that is asked for; None, with a finding, when it cannot be one."""
    known = tuple(name for name, field in schema.fields.items() if kind_of_answer(field.type) is not None)
    expected = f"one of: {listing(known)}" if known else "an attribute such as birth_year: {type: int}"
    node = keys.scalar("attribute", expected)
    if node is None or node.text in broken:
        return None
    name = node.text
    field = schema.fields.get(name)
    if field is None:
        keys.findings.add(node.mark, f"{quoted(name)} is no attribute{nearest(name, known)}", expected)
    elif name not in known:
        what = f"{quoted(name)} is nothing a viewer could type in as proof"
        keys.findings.add(node.mark, what, "a string, an int, a number, a money or a date")
    elif field.default is not None:
        what = f"{quoted(name)} has a default: it would be the answer of all who lack it"
        keys.findings.add(node.mark, what, "an attribute without a default")
    elif name not in require:
        keys.findings.add(node.mark, f"{quoted(name)} may be missing", "it in require")
    else:
        return field
    return None


def _consent(keys: Section, schema: Schema, broken: Collection[str]) -> str | None:
    known = tuple(name for name, field in schema.fields.items() if isinstance(field.type, Flag))
    expected = f"one of: {listing(known)}" if known else "an attribute such as consent: {type: bool}"
    node = keys.scalar("consent", expected)
    if node is None or node.text in broken:
        return None
    if node.text in known:
        return node.text
    unfit = "is not true or false" if node.text in schema.fields else "is no attribute"
    keys.findings.add(node.mark, f"{quoted(node.text)} {unfit}{nearest(node.text, known)}", expected)
    return None
