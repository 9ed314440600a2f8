"""Which rules a viewer can ever make true, together with others: what finds branches that nobody reaches.

A rule is taken apart into tests of terms, such as `tenure_years >= 5` and `product in ["home"]`. A term is tried
with one value from every stretch of its type in which no test changes. What cannot be taken apart (loops, the
clock, searches in text, two terms compared) may be true or false, but is the same wherever it is written again.
A rule that fails counts as either: CEL's logic gives no result that a failing part would change.
"""

import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from streamsrv.core.campaign.fields import Day, Flag, Moment, Money, Number, OneOf, Record, Records, Simple, Text, Whole
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.campaign.syntax import Build, Call, Constant, Expr, Ident, Select, Syntax, shape

MAX_STEPS = 50_000
"""Tests made and looked up in one search, some hundredths of a second; a longer one is given up."""
MAX_TERMS = 200
"""Terms that hang together in one search: a ceiling for how deep it goes."""
EXACT_FLOAT = 2**53
"""Below this, CEL's comparison of a whole number with a double is exact."""
DAY_NS, MOMENT_NS = 86_400 * 10**9, 1_000
TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII)
_BEGIN = datetime.min.replace(tzinfo=UTC)
_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "_==_": operator.eq,
    "_!=_": operator.ne,
    "_<_": operator.lt,
    "_<=_": operator.le,
    "_>_": operator.gt,
    "_>=_": operator.ge,
    "@in": lambda value, words: value in words,
}
_TURNED = {"_==_": "_==_", "_!=_": "_!=_", "_<_": "_>_", "_<=_": "_>=_", "_>_": "_<_", "_>=_": "_<=_"}


def can_hold(schema: Schema, *, true: Sequence[Syntax], false: Sequence[Syntax] = ()) -> bool:
    """Whether some viewer that fits the schema makes all of `true` true and all of `false` false.

    True also when that cannot be told. Audiences are to be written out.
    """
    reader = _Reader(schema)
    wanted = [part for syntax in true for part in reader.wanted(syntax, True)]
    wanted += [part for syntax in false for part in reader.wanted(syntax, False)]
    return _Search(reader, wanted).succeeds()


@dataclass(frozen=True, slots=True)
class _Gate:
    function: str
    """!_, _&&_, _||_, _?_:_, or _==_ of two conditions."""
    inputs: tuple["_Formula", ...]


_Formula = int | _Gate
"""A condition; a number stands for a test of a term."""
_NEVER, _ALWAYS = 0, 1
"""The numbers of what is false and of what is true."""


@dataclass(frozen=True, slots=True)
class _Term:
    """Something that rules compare with constants, and all they ask of it."""

    of: Simple
    tests: dict[tuple[str, Any], int] = field(default_factory=dict)
    """The number of each test, by function and constant."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A formula and what it has to give."""

    formula: _Formula
    value: bool
    terms: Set[int]
    """The places of the terms it asks about."""
    steps: int


_Row = tuple[bool | None, ...]


@dataclass(frozen=True, slots=True)
class _Choices:
    """What a term can still give, in formulas that ask about other terms, too."""

    tests: tuple[int, ...]
    rows: tuple[_Row, ...]
    agreed: _Row
    """What all rows agree on, and None for the rest."""


class _Reader:
    """Turns rules into formulas over one set of terms."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._types: Mapping[int, str] = {}
        self._places: dict[object, int] = {}
        self.terms: list[_Term] = []
        self.owners: list[int] = [-1, -1]
        """The term of each test, as a place in `terms`."""

    def wanted(self, syntax: Syntax, value: bool) -> Iterator[_Wanted]:
        """What has to be so for a rule to give `value`, in pieces as small as can be."""
        self._types = syntax.types
        for formula, given in _split(self._formula(syntax.root), value):
            tests = list(_tests(formula))
            yield _Wanted(formula, given, frozenset([self.owners[test] for test in tests]) - {-1}, len(tests))

    def _formula(self, expr: Expr) -> _Formula:
        match expr:
            case Constant(value=bool(value)):
                return _ALWAYS if value else _NEVER
            case Call(function="!_" | "_&&_" | "_||_" | "_?_:_" as function, arguments=arguments):
                return _Gate(function, tuple([self._formula(argument) for argument in arguments]))
            case Call(function="@in", arguments=(left, Build(kind="list", parts=parts))):
                found = self._membership(left, parts)
            case Call(function=function, arguments=(left, right)) if function in _TURNED:
                found = self._comparison(function, left, right)
            case _:
                of = self._term(expr)
                found = self._test(shape(expr), of, "_==_", True) if isinstance(of, Flag) else None
        return self._test(("whole", shape(expr)), Flag(), "_==_", True) if found is None else found

    def _membership(self, left: Expr, parts: Sequence[Expr]) -> _Formula | None:
        of = self._term(left)
        words = frozenset([_constant(part, of) for part in parts])
        return None if of is None or None in words else self._test(shape(left), of, "@in", words)

    def _comparison(self, function: str, left: Expr, right: Expr) -> _Formula | None:
        for expr, other, asked in ((left, right, function), (right, left, _TURNED[function])):
            of = self._term(expr)
            constant = _constant(other, of)
            if of is not None and constant is not None:
                return self._test(shape(expr), of, asked, constant)
        if function not in ("_==_", "_!=_") or not (self._is_condition(left) and self._is_condition(right)):
            return None
        same = _Gate("_==_", (self._formula(left), self._formula(right)))
        return same if function == "_==_" else _Gate("!_", (same,))

    def _is_condition(self, expr: Expr) -> bool:
        return self._types.get(expr.id) == "bool" or isinstance(self._term(expr), Flag)

    def _test(self, key: object, of: Simple, function: str, constant: object) -> int:
        place = self._places.setdefault(key, len(self.terms))
        if place == len(self.terms):
            self.terms.append(_Term(of))
        number = self.terms[place].tests.setdefault((function, constant), len(self.owners))
        if number == len(self.owners):
            self.owners.append(place)
        return number

    def _term(self, expr: Expr) -> Simple | None:
        """Which values `expr` can have; None when that is not known. A constant is a term with one value."""
        match expr:
            case Constant(value=str(text)):
                return OneOf((text,))
            case Constant(kind="int64", value=int(number)):
                return Whole(number, number)
            case Constant(value=float(number)) if math.isfinite(number):
                return Number(number, number)
            case Call(function="size", arguments=(of,)):
                match self._declared(of):
                    case Records(max_items=most) | Text(max_length=most):
                        return Whole(0, most)
            case Call(function="timestamp", arguments=(Select() as part,)):
                declared = self._declared(part)
                return declared if isinstance(declared, Day | Moment) else None
            case Ident() | Select():
                declared = self._declared(expr)
                # See `Record.bind`: dates inside records are text.
                as_text = isinstance(expr, Select) and isinstance(declared, Day | Moment)
                return None if as_text or isinstance(declared, Record | Records) else declared
        return None

    def _declared(self, expr: Expr) -> Simple | Record | Records | None:
        """The type of an attribute or of a part of a record."""
        match expr:
            case Ident(name=name) if name in self._schema.fields:
                return self._schema.fields[name].type
            case Select(operand=operand, field=name, asks=False):
                record = self._declared(operand)
                return record.of[name].type if isinstance(record, Record) and name in record.of else None
        return None


def _split(formula: _Formula, value: bool) -> Iterator[tuple[_Formula, bool]]:
    match formula:
        case _Gate(function="!_", inputs=(of,)):
            yield from _split(of, not value)
        case _Gate(function="_&&_" | "_||_" as function, inputs=inputs) if value == (function == "_&&_"):
            for part in inputs:
                yield from _split(part, value)
        case _:
            yield formula, value


def _tests(formula: _Formula) -> Iterator[int]:
    if isinstance(formula, int):
        yield formula
    else:
        for part in formula.inputs:
            yield from _tests(part)


def _constant(expr: Expr, of: Simple | None) -> object:
    """The constant in `expr` as values of the type are compared with it; None when there is none that fits."""
    match of, expr:
        case (Text() | OneOf(), Constant(value=str(text))):
            return text
        case (Flag(), Constant(value=bool(flag))):
            return flag
        case (Whole(), Constant(kind="int64", value=int(number))):
            return number
        case (Number() | Money(), Constant(value=float(number))) if math.isfinite(number):
            return number
        case (Whole() | Number() | Money(), Constant(kind="int64" | "double", value=int() | float() as number)):
            return number if abs(number) < EXACT_FLOAT else None
        case (Day() | Moment(), Call(function="timestamp", arguments=(Constant(value=str(text)),))):
            return _timestamp_ns(text)
    return None


def _timestamp_ns(text: str) -> int | None:
    match = TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    try:
        local = datetime.fromisoformat(f"{match[1]}+00:00")
    except ValueError:
        return None
    ahead_s = int(match[4] or 0) * 3600 + int(match[5] or 0) * 60
    return _ns(local) + int((match[2] or "0").ljust(9, "0")) + ahead_s * 10**9 * (1 if match[3] == "-" else -1)


def _ns(moment: object) -> int:
    assert isinstance(moment, datetime)
    return (moment - _BEGIN) // timedelta(microseconds=1) * 1_000


def _values(term: _Term) -> Sequence[object]:
    """One value, at least, of every stretch of the type in which the term's tests give the same.

    Stretches begin with the lowest value, at a constant, or with the next value after one.
    """
    constants: set[Any] = set()
    for function, constant in term.tests:
        constants.update(constant if function == "@in" else (constant,))
    match term.of:
        case Flag():
            return (False, True)
        case OneOf(values=words):
            return words
        case Text(max_length=most):
            return ["", *[text for text in constants if len(text) <= most], *[f"{text} " for text in constants]]
        case Number(low=low, high=high) | Money(low=low, high=high):
            lowest, highest = float(low), float(high)
            found = {lowest, *constants, *[math.nextafter(number, math.inf) for number in constants]}
            return [number for number in found if lowest <= number <= highest]
        case Whole(low=first, high=last):
            return _stepped(first, last, 1, constants)
        case Day() as of:
            return _stepped(_ns(of.bind(of.low)), _ns(of.bind(of.high)), DAY_NS, constants)
        case Moment() as of:
            return _stepped(_ns(of.low), _ns(of.high), MOMENT_NS, constants)


def _stepped(low: int, high: int, step: int, constants: set[Any]) -> Sequence[int]:
    below = {int(constant // step) * step for constant in constants}
    return [value for value in {low, *below, *[value + step for value in below]} if low <= value <= high]


def _value(formula: _Formula, known: Sequence[bool | None]) -> bool | None:
    """What `formula` gives, with what each test gives by its number; None while that is open."""
    if isinstance(formula, int):
        return known[formula]
    first = _value(formula.inputs[0], known)
    match formula.function:
        case "!_":
            return None if first is None else not first
        case "_?_:_":
            return None if first is None else _value(formula.inputs[1 if first else 2], known)
        case "_==_":
            second = _value(formula.inputs[1], known)
            return None if first is None or second is None else first is second
    settling = formula.function == "_||_"
    if first is settling:
        return settling
    second = _value(formula.inputs[1], known)
    return second if second is settling or first is not None else None


class _Search:
    """Looks for one value of each term so that together they give everything wanted."""

    def __init__(self, reader: _Reader, wanted: Sequence[_Wanted]) -> None:
        self._terms = reader.terms
        self._wanted = wanted
        self._known: list[bool | None] = [None] * len(reader.owners)
        self._known[_NEVER], self._known[_ALWAYS] = False, True
        self._choices: dict[int, _Choices] = {}
        """Of the terms that are still open, and of those being tried."""
        self._steps_left = MAX_STEPS

    def succeeds(self) -> bool:
        """Whether there are such values; True also when the search is given up."""
        alone: dict[Set[int], list[_Wanted]] = {}
        for part in self._wanted:
            alone.setdefault(part.terms if len(part.terms) == 1 else frozenset(), []).append(part)
        shared = alone.pop(frozenset(), [])
        asked = {test for part in shared for test in _tests(part.formula)}
        for place, term in enumerate(self._terms):
            if not self._narrow(place, term, alone.get(frozenset([place]), ()), asked):
                return self._steps_left < 0
        undecided = self._undecided(shared)
        return undecided is not None and all(self._solve(group) for group in self._groups(undecided))

    def _narrow(self, place: int, term: _Term, alone: Sequence[_Wanted], asked: Set[int]) -> bool:
        """Keep what the term's values give to tests in `asked`, of those that fit what is wanted of it `alone`."""
        tests = list(term.tests.items())
        shared = tuple([test for _, test in tests if test in asked])
        rows: dict[_Row, None] = {}
        for value in _values(term):
            self._steps_left -= len(tests)
            if self._steps_left < 0:
                return False
            for (function, constant), test in tests:
                self._known[test] = _TESTS[function](value, constant)
            if self._undecided(alone) is not None:
                rows[tuple([self._known[test] for test in shared])] = None
        agreed = tuple([column[0] if len(set(column)) == 1 else None for column in zip(*rows, strict=True)])
        if rows:
            self._set(shared, agreed)
        if len(rows) > 1:
            self._choices[place] = _Choices(shared, tuple(rows), agreed)
        return bool(rows)

    def _set(self, tests: Sequence[int], row: "_Row") -> None:
        for test, given in zip(tests, row, strict=True):
            self._known[test] = given

    def _undecided(self, wanted: Sequence[_Wanted]) -> list[_Wanted] | None:
        """What of `wanted` depends on open tests; None when some of it is not given."""
        undecided = []
        for part in wanted:
            self._steps_left -= part.steps
            given = _value(part.formula, self._known)
            if given is None:
                undecided.append(part)
            elif given is not part.value:
                return None
        return undecided

    def _groups(self, undecided: Sequence[_Wanted]) -> Iterator[list[_Wanted]]:
        """`undecided` in groups that have no open term in common: each is a search of its own."""
        groups: list[tuple[Set[int], list[_Wanted]]] = []
        for part in undecided:
            terms: Set[int] = part.terms & self._choices.keys()
            members = [part]
            apart = []
            for group in groups:
                if terms.isdisjoint(group[0]):
                    apart.append(group)
                else:
                    terms |= group[0]
                    members += group[1]
            groups = [*apart, (terms, members)]
        return (members for terms, members in groups if len(terms) <= MAX_TERMS)

    def _solve(self, undecided: list[_Wanted]) -> bool:
        """Whether some choice for the open terms gives all of `undecided`."""
        if not undecided or self._steps_left < 0:
            return True
        place = self._next(undecided)
        choices = self._choices.pop(place)
        touched = [part for part in undecided if place in part.terms]
        others = [part for part in undecided if place not in part.terms]
        for row in choices.rows:
            self._set(choices.tests, row)
            left = self._undecided(touched)
            if left is not None and self._solve(left + others):
                return True
        self._set(choices.tests, choices.agreed)
        self._choices[place] = choices
        return False

    def _next(self, undecided: Sequence[_Wanted]) -> int:
        """The open term to choose for next: one with few choices, of a formula with few open terms."""
        self._steps_left -= len(undecided)
        open_terms = min((part.terms & self._choices.keys() for part in undecided), key=len)
        return min(open_terms, key=lambda place: (len(self._choices[place].rows), place))
