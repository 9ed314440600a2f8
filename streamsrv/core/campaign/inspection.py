"""What the CEL type checker cannot see in a rule: record fields, the words of enums, and its cost.

Reads syntax trees and the schema only; evaluates nothing.
"""

from collections.abc import Iterator, Mapping

from streamsrv.core.campaign.cel import CONVERSIONS, Complaint, converts
from streamsrv.core.campaign.document import nearest, quoted
from streamsrv.core.campaign.fields import Day, Field, Moment, OneOf, Record, Records
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.campaign.syntax import (
    Build,
    Call,
    Constant,
    Expr,
    Ident,
    Loop,
    Select,
    Syntax,
    children,
    walk,
)

MAX_NODES = 200
MAX_DEPTH = 24
MAX_LOOPS_INSIDE = 2
TEXT_STEPS = 20

_COMPARISONS = ("_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_")
_KINDS = {"int": "number", "double": "number", "uint": "number"}

Shape = Record | Records
"""What has parts: a record, or the records of a list."""
Scope = Mapping[str, Shape | None]
"""Variables of the loops around an expression, each with the list whose records it stands for."""


def inspect(syntax: Syntax, schema: Schema, names: tuple[str, ...]) -> Iterator[Complaint]:
    """Everything wrong with a rule that compiles; `names` are what it may refer to."""
    sizes = [depth for _, depth in walk(syntax.root)]
    if len(sizes) > MAX_NODES or max(sizes) > MAX_DEPTH:
        yield Complaint(None, f"has {len(sizes)} parts, {max(sizes)} deep", f"at most {MAX_NODES}, {MAX_DEPTH} deep")
        return
    yield from _Inspector(syntax, schema, names).visit(syntax.root, {}, loops=0)


def steps(expr: Expr, schema: Schema) -> int:
    """The most steps that evaluating `expr` takes, for lists as long as the schema allows.

    A step is a turn of a loop, a fraction of a microsecond. Searching and joining text counts as many.
    """
    if isinstance(expr, Loop):
        inside = sum(steps(part, schema) for part in expr.body)
        return steps(expr.over, schema) + _length(expr.over, schema) * (1 + inside)
    weight = TEXT_STEPS if isinstance(expr, Call) and _handles_text(expr) else 0
    return weight + sum(steps(child, schema) for child in children(expr))


def _length(expr: Expr, schema: Schema) -> int:
    """An upper bound for the length of a list (lists are never joined)."""
    if isinstance(expr, Ident) and expr.name in schema.fields:
        declared = schema.fields[expr.name].type
        return declared.max_items if isinstance(declared, Records) else 0
    if isinstance(expr, Build):
        return len(expr.parts)
    if isinstance(expr, Loop):
        return _length(expr.over, schema)
    return max((_length(child, schema) for child in children(expr)), default=MAX_NODES)


class _Inspector:
    def __init__(self, syntax: Syntax, schema: Schema, names: tuple[str, ...]) -> None:
        self._syntax = syntax
        self._schema = schema
        self._names = names

    def visit(self, expr: Expr, scope: Scope, *, loops: int) -> Iterator[Complaint]:
        """Everything wrong with `expr` and what is inside it, which stands in `loops` loops."""
        if isinstance(expr, Loop):
            yield from self._loop(expr, scope, loops)
            return
        if isinstance(expr, Select):
            yield from self._reach(expr, expr.operand, expr.field, scope)
        if isinstance(expr, Call):
            yield from self._call(expr, scope)
        for child in children(expr):
            yield from self.visit(child, scope, loops=loops)

    def _loop(self, expr: Loop, scope: Scope, loops: int) -> Iterator[Complaint]:
        if loops == MAX_LOOPS_INSIDE:
            yield self._complaint(expr, "has loops inside loops", f"at most {MAX_LOOPS_INSIDE} deep")
        for variable in expr.variables:
            if variable in self._names:
                yield self._complaint(expr, f"{quoted(variable)} is an attribute or audience", "another name")
        yield from self.visit(expr.over, scope, loops=loops)
        inner = {**scope, **dict.fromkeys(expr.variables, self._records(expr.over, scope))}
        for part in expr.body:
            yield from self.visit(part, inner, loops=loops + 1)

    def _call(self, expr: Call, scope: Scope) -> Iterator[Complaint]:
        match expr:
            case Call(function="_+_", arguments=arguments) if not _is_result(arguments[0]):
                joined = self._syntax.types.get(expr.id)
                unclear = joined == "dyn" and any(self._kind(side, scope) == "unknown" for side in arguments)
                if joined == "list" or unclear:
                    yield self._complaint(expr, "joins lists", "one list at a time")
            case Call(function="@in", arguments=(left, Build(parts=parts))):
                for part in parts:
                    yield from self._word(left, part, scope)
            case Call(function="_[_]", arguments=(of, Constant(text=str(name)))):
                yield from self._reach(expr, of, name, scope)
            case Call(function=function, arguments=(Constant(text=str(text)) as given,)) if function in CONVERSIONS:
                if not converts(function, text):
                    yield self._complaint(given, f"{function} cannot read {quoted(text)}", CONVERSIONS[function])
            case Call(function=function) if function in _COMPARISONS:
                yield from self._comparison(expr, scope)

    def _reach(self, expr: Expr, operand: Expr, field: str, scope: Scope) -> Iterator[Complaint]:
        """A field that a record does not have."""
        records = self._records(operand, scope)
        if records is not None and field not in records.of:
            known = tuple(records.of)
            what = f"{quoted(field)} is no field of {_those(operand, records)}{nearest(field, known)}"
            yield self._complaint(expr, what, f"one of: {', '.join(known)}")

    def _comparison(self, expr: Call, scope: Scope) -> Iterator[Complaint]:
        left, right = expr.arguments
        yield from self._word(left, right, scope)
        yield from self._word(right, left, scope)
        kinds = (self._kind(left, scope), self._kind(right, scope))
        fields = (self._field(left, scope), self._field(right, scope))
        if "unknown" in kinds or kinds[0] == kinds[1] or fields == (None, None):
            return
        if any(field is not None and isinstance(field.type, Day | Moment) for field in fields) and "timestamp" in kinds:
            yield self._complaint(expr, "a date inside a record is text", "timestamp(…) around it")
        else:
            yield self._complaint(expr, f"compares {kinds[0]} with {kinds[1]}", "two values of one kind")

    def _word(self, expr: Expr, word: Expr, scope: Scope) -> Iterator[Complaint]:
        """A literal next to an enum has to be one of its words."""
        field = self._field(expr, scope)
        if field is None or not isinstance(field.type, OneOf) or not isinstance(word, Constant) or word.text is None:
            return
        if word.text not in field.type.values:
            what = f"{quoted(word.text)} is never {quoted(field.name)}{nearest(word.text, field.type.values)}"
            yield self._complaint(word, what, f"one of: {', '.join(field.type.values)}")

    def _kind(self, expr: Expr, scope: Scope) -> str:
        field = self._field(expr, scope)
        if field is not None and isinstance(expr, Select):
            # See `fields._cell`: dates inside records are text.
            kind = "string" if isinstance(field.type, Day | Moment) else field.type.cel_type
            return _KINDS.get(kind, kind)
        checked = self._syntax.types.get(expr.id, "unknown")
        if isinstance(expr, Call) and expr.function == "_+_" and checked == "dyn":
            return self._kind(expr.arguments[0], scope)
        return "unknown" if checked in ("dyn", "list", "map") else _KINDS.get(checked, checked)

    def _field(self, expr: Expr, scope: Scope) -> Field | None:
        if isinstance(expr, Ident) and expr.name not in scope:
            return self._schema.fields.get(expr.name)
        if isinstance(expr, Select) and self._syntax.types.get(expr.id) == "dyn":
            records = self._records(expr.operand, scope)
            return records.of.get(expr.field) if records else None
        return None

    def _records(self, expr: Expr, scope: Scope) -> Shape | None:
        """The record, or the list whose records or whose record, `expr` is; None when that cannot be told."""
        match expr:
            case Ident(name=name) if name in scope:
                return scope[name]
            case Ident(name=name) if name in self._schema.fields:
                declared = self._schema.fields[name].type
                return declared if isinstance(declared, Record | Records) else None
            case Select(operand=operand, field=name):
                inside = self._records(operand, scope)
                part = inside.of.get(name) if inside else None
                return part.type if part and isinstance(part.type, Record) else None
            case Call(function="_[_]", arguments=(of, Constant(text=str(name)))):
                return self._records(Select(expr.id, of, name), scope)
            case Call(function="_[_]", arguments=(of, _)):
                return self._records(of, scope)
            case Loop(over=over) if self._syntax.types.get(expr.id) == "list" and _keeps_records(expr):
                return self._records(over, scope)
        return None

    def _complaint(self, expr: Expr, what: str, expected: str) -> Complaint:
        return Complaint(self._syntax.positions.get(expr.id), what, expected)


def _those(operand: Expr, shape: Shape) -> str:
    return quoted(operand.name) if isinstance(shape, Record) and isinstance(operand, Ident) else "these records"


def _handles_text(call: Call) -> bool:
    return call.function == "contains" or (call.function == "_+_" and not _is_result(call.arguments[0]))


def _is_result(expr: Expr) -> bool:
    """Whether `expr` is the accumulator of a loop, which the macros `filter` and `map` append to."""
    return isinstance(expr, Ident) and expr.name == "@result"


def _keeps_records(loop: Loop) -> bool:
    """Whether a loop gives some of the records it goes over (`filter`), not something made of them (`map`)."""
    kept = [expr.parts for expr, _ in walk(loop) if isinstance(expr, Build) and expr.parts]
    return len(kept) == 1 and [part.name for part in kept[0] if isinstance(part, Ident)] == [loop.variables[0]]
