"""A viewer's attributes, checked once against a schema when they are loaded, so that deciding is cheap.

Owns the checked form and the list of what did not fit. Problems name attributes and types, never a value.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from streamsrv.core.campaign.cel import inputs_of
from streamsrv.core.campaign.document import nearest, quoted
from streamsrv.core.campaign.fields import Unfit
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.errors import Problem

_IMPORTED: Mapping[str, str] = MappingProxyType({})
MAX_UNKNOWN = 10
"""Unknown attributes named for one viewer; a row from the wrong file would otherwise repeat itself."""


class Attributes(Mapping[str, object]):
    """Typed values of one viewer: what was given and fits, and the defaults of what was not given."""

    __slots__ = ("_values", "bound", "faults", "fingerprint", "given", "inputs", "lengths", "origins")

    def __init__(self, schema: Schema, given: Mapping[str, object], origins: Mapping[str, str] = _IMPORTED) -> None:
        self.given = given
        """As it came from outside: what a changed schema is checked against."""
        self.origins = origins
        """The source that gave an attribute at the click; of the others, values are as they were imported."""
        self.fingerprint = schema.fingerprint
        self._values: dict[str, object] = {}
        self.bound: dict[str, object] = {}
        """What rules read, by attribute, in CEL's types. To be read only."""
        faults: dict[str, Problem | None] = {}
        for name, field in schema.fields.items():
            raw = given.get(name)
            # Exports write an absent value as a blank one: "Hello " greets nobody.
            if isinstance(raw, str) and not raw.strip():
                raw = None
            try:
                value = field.default if raw is None else field.type.read(raw)
            except Unfit as unfit:
                faults[name] = Problem(f"{name}{unfit.path}", f"is {unfit.found}", unfit.expected)
                continue
            if value is None:
                faults[name] = None
                continue
            self._values[name] = value
            self.bound[name] = field.type.bind(value)
        self.inputs = inputs_of(schema, self.bound)
        """`bound` as the evaluator wants it, converted here so that deciding need not."""
        self.lengths = {name: len(value) for name, value in self._values.items() if isinstance(value, tuple)}
        """How many records each list has."""
        self.faults: Mapping[str, Problem | None] = faults
        """Attributes without a usable value: why a given one does not fit, None for one that is missing."""

    def __getitem__(self, name: str) -> object:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Attributes({', '.join(self._values)})"


def check_viewer(
    schema: Schema, attributes: Mapping[str, object], *, where: str = "viewer"
) -> tuple[Attributes, tuple[Problem, ...]]:
    """The attributes in their types, and one problem for each that does not fit; never raises for bad data.

    An absent attribute is no problem here: whether a campaign can do without is the campaign's matter.
    """
    if isinstance(attributes, Attributes):
        attributes = attributes.given
    checked = Attributes(schema, attributes)
    problems = [
        Problem(f"{where}: {fault.where}", fault.what, fault.expected)
        for fault in checked.faults.values()
        if fault is not None
    ]
    known = tuple(schema.fields)
    strangers = [str(name) for name in attributes if name not in schema.fields]
    problems += [
        Problem(where, f"{quoted(name)} is not an attribute of this campaign{nearest(name, known)}")
        for name in strangers[:MAX_UNKNOWN]
    ]
    return checked, tuple(problems)
