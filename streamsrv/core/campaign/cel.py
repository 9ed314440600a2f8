"""The one place that talks to the CEL library: compiling, evaluating, and its messages in our words.

What rules may use is settled here: the standard functions without regular expressions, comparisons across
numbers, a tree that is small and flat. While a campaign loads, nothing is evaluated but conversions of constants.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

from cel_expr_python import cel  # type: ignore[import-untyped]  # has stubs, but no py.typed

from streamsrv.core.campaign.document import listing, nearest, quoted
from streamsrv.core.campaign.schema import Schema


class Expression(Protocol):
    """A compiled expression: what this package uses of `cel.Expression`."""

    def eval(self, activation: "Inputs | None" = None, *, data: Mapping[str, object] | None = None) -> Any: ...

    def return_type(self) -> Any: ...

    def serialize(self) -> bytes: ...


Inputs: TypeAlias = cel.Activation
"""Values in the library's own form: converted once, then good for any number of evaluations."""

UNREAD = "cannot be read"
_SIGNS = {"and": "&& for and", "or": "|| for or", "not": "! for not", "=": "== for is equal to"}
_FUNCTIONS_NAMED = ("size", "startsWith", "endsWith", "contains", "has", "all", "exists", "exists_one", "filter", "map",
                    "timestamp", "duration")  # fmt: skip
_OTHER_FUNCTIONS = {
    "len": "size", "length": "size", "count": "size", "any": "exists", "some": "exists", "every": "all",
    "date": "timestamp", "datetime": "timestamp", "days": "duration", "hours": "duration",
    "includes": "contains", "like": "contains",
}  # fmt: skip
"""What other languages call some of them."""
MOMENT_EXPECTED = 'a moment such as timestamp("2027-05-01T00:00:00Z")'
SPAN_EXPECTED = 'hours, minutes or seconds, such as duration("720h") for 30 days'
CONVERSIONS = {
    "timestamp": MOMENT_EXPECTED,
    "duration": SPAN_EXPECTED,
    "int": "a whole number",
    "double": "a number",
    "bool": "true or false",
}
"""Functions that fail for some texts, with what they take."""
_WORDS = {"list": "a list", "map": "a record", "dyn": "a value of unknown type", "timestamp": "a date"}
CLOCK = ("now", "today")
"""Timestamps that rules read: the session's start, and 0:00 UTC of its day."""

_TYPES = {
    "string": cel.Type.STRING,
    "int": cel.Type.INT,
    "double": cel.Type.DOUBLE,
    "bool": cel.Type.BOOL,
    "timestamp": cel.Type.TIMESTAMP,
    "map": cel.Type.Map(cel.Type.STRING, cel.Type.DYN),
    "list": cel.Type.List(cel.Type.Map(cel.Type.STRING, cel.Type.DYN)),
}
_COMPARISONS = {"_<_": "less", "_<=_": "less_equals", "_>_": "greater", "_>=_": "greater_equals"}
_COMPARED = {
    "bool": cel.Type.BOOL,
    "int64": cel.Type.INT,
    "double": cel.Type.DOUBLE,
    "string": cel.Type.STRING,
    "timestamp": cel.Type.TIMESTAMP,
    "duration": cel.Type.DURATION,
}
# Regular expressions are left out (B21). Comparisons are declared anew to let a price meet a whole number.
_CONFIG = cel.NewEnvConfigFromYaml(
    "name: rules\nstdlib:\n  exclude_functions:\n"
    + "".join(f"    - name: '{function}'\n" for function in ("matches", *_COMPARISONS))
)
_FUNCTIONS = [
    cel.FunctionDecl(
        function,
        [cel.Overload(f"{stem}_{name}", cel.Type.BOOL, [of, of]) for name, of in _COMPARED.items()]
        + [
            cel.Overload(f"{stem}_int64_double", cel.Type.BOOL, [cel.Type.INT, cel.Type.DOUBLE]),
            cel.Overload(f"{stem}_double_int64", cel.Type.BOOL, [cel.Type.DOUBLE, cel.Type.INT]),
        ],
    )
    for function, stem in _COMPARISONS.items()
]
_ERROR = re.compile(r"ERROR: <input>:(-?\d+):(-?\d+): (.*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_SELECTED = re.compile(r"expression of type '([a-z]+)[^']*' cannot be the operand of a select operation")
_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '\((.*)\)'")


@dataclass(frozen=True, slots=True)
class Complaint:
    """One mistake in a rule: where (characters from 0, None when unknown), what, and what was expected."""

    offset: int | None
    what: str
    expected: str


@dataclass(frozen=True, slots=True)
class Failed:
    """An evaluation that came to no result."""

    why: str


class Language:
    """What rules of one campaign can name: its attributes, its audiences and the clock."""

    def __init__(self, schema: Schema, audiences: Iterable[str] = (), broken: Iterable[str] = ()) -> None:
        """`broken` names attributes of unknown type: they fit everywhere."""
        variables = {name: _TYPES[field.type.cel_type] for name, field in schema.fields.items()}
        self._unknown = tuple(broken)
        variables |= dict.fromkeys(self._unknown, cel.Type.DYN)
        variables |= dict.fromkeys(audiences, cel.Type.BOOL) | dict.fromkeys(CLOCK, cel.Type.TIMESTAMP)
        self.names = tuple(variables)
        self._env = cel.NewEnv(config=_CONFIG, variables=variables, functions=_FUNCTIONS)

    def compile(self, text: str) -> Expression | list[Complaint]:
        """The compiled expression, or everything that is wrong with it."""
        try:
            compiled: Expression = self._env.compile(text)
        except RuntimeError as error:
            found = [self._complaint(text, *match.groups()) for match in _ERROR.finditer(str(error))]
            # After what cannot be read, the rest is read wrong as well; and what is built on a mistake is none itself.
            found = [one for one in found if "*error*" not in one.what] or found
            unread = [one for one in found if one.what.startswith(UNREAD)]
            return unread[:1] or found or [Complaint(None, "is too deeply nested", "a simpler rule")]
        return compiled

    def compile_condition(self, text: str) -> Expression | list[Complaint]:
        """As `compile`, for an expression that must give true or false."""
        compiled = self.compile(text)
        if isinstance(compiled, list):
            return compiled
        result = compiled.return_type()
        # A broken attribute may have been meant as one: its declaration has the finding.
        if result == cel.Type.BOOL or (result == cel.Type.DYN and self._unknown):
            return compiled
        if result == cel.Type.DYN:
            return [Complaint(0, "may give anything", "a comparison, which gives true or false: item.paid == true")]
        kind = result.name().lower().partition("<")[0]
        return [Complaint(0, f"gives {_WORDS.get(kind, kind)}", "a comparison, which gives true or false")]

    def _complaint(self, text: str, line: str, column: str, message: str) -> Complaint:
        offset = _offset(text, int(line), int(column))
        if match := _UNDECLARED.match(message):
            return self._undeclared(text, offset, match[1])
        if match := _OVERLOAD.match(message):
            kinds = match[2].replace("google.protobuf.", "").lower()
            sign = match[1].strip("_@").replace("_", " ")
            return Complaint(offset, f'"{sign}" does not work on ({kinds})', _comparable(kinds))
        if message.startswith("Syntax error: "):
            return _unread(text, offset, message.removeprefix("Syntax error: "))
        if (match := _SELECTED.match(message)) and offset is not None:
            return _partless(text, offset, match[1])
        return Complaint(offset, message, "a condition in CEL")

    def _undeclared(self, text: str, offset: int | None, name: str) -> Complaint:
        if name == "matches":
            return Complaint(offset, "matches is not available", "==, in, startsWith, endsWith or contains")
        after = text[offset:] if offset is not None else ""
        if after.startswith(("(", f"{name}(")):
            meant = _OTHER_FUNCTIONS.get(name.lower(), "")
            close = f' (did you mean "{meant}"?)' if meant else nearest(name, _FUNCTIONS_NAMED)
            expected = CONVERSIONS.get(meant) or f"one of: {', '.join(_FUNCTIONS_NAMED)}"
            return Complaint(offset, f"{quoted(name)} is no function{close}", expected)
        what = f"{quoted(name)} is no attribute and no audience{nearest(name, self.names)}"
        return Complaint(offset, what, f"one of: {listing(self.names)}")


def _unread(text: str, offset: int | None, message: str) -> Complaint:
    """What the parser could not read, in the words of who wrote it."""
    what = message.split(" expecting")[0].replace("<EOF>", "the end")
    before, after = (text[:offset], text[offset:]) if offset is not None else (text, "")
    word = re.match(r"[a-zA-Z]+|=", after)
    last = re.search(r"([a-zA-Z]+)\s+$", before)
    meant = _SIGNS.get(word[0].lower()) if word else None
    if meant is None and last is not None:
        meant = _SIGNS.get(last[1].lower())
    if after[:1] in ("“", "”", "„", "‘", "’", "«", "»"):
        meant = 'straight quotes: "…"'
    elif what.startswith("token recognition error"):
        what = f"{after[:1]} has no meaning here"
    elif what.startswith("missing ')'"):
        what, meant = 'a "(" that nothing closes', '")"'
    elif what.startswith("extraneous input ')'"):
        what, meant = 'a ")" that nothing opens', 'no ")"'
    return Complaint(offset, f"{UNREAD}: {what}", meant or 'a condition such as product == "home"')


def _comparable(kinds: str) -> str:
    """What to write in place of one of two kinds that cannot be compared."""
    found = set(kinds.split(", "))
    if found == {"double", "int"}:
        return "a number with a point, such as 500.0"
    if found == {"bool", "string"}:
        return "true or false without quotes, or the condition alone"
    if "timestamp" in found and found & {"string", "int"}:
        return MOMENT_EXPECTED
    if "duration" in found and found & {"string", "int"}:
        return SPAN_EXPECTED
    return "two values of one kind"


def _partless(text: str, offset: int, kind: str) -> Complaint:
    """A part asked of something that has none: `offset` is that of the point."""
    owner = re.search(r"[A-Za-z_][\w.]*$", text[:offset])
    part = re.match(r"\.\s*(\w*)", text[offset:])
    of, name = owner[0] if owner else "it", part[1] if part else ""
    if kind != "list":
        what = f"{quoted(of)} is {_WORDS.get(kind, f'of the type {kind}')} and has no {quoted(name)}"
        return Complaint(offset, what, "its value alone")
    expected = f"size({of})" if _OTHER_FUNCTIONS.get(name) == "size" else f"one record's: {of}.exists(x, x.{name} …)"
    return Complaint(offset, f"{quoted(of)} is a list and has no {quoted(name)}", expected)


def converts(function: str, text: str) -> bool:
    """Whether a function of `CONVERSIONS` takes the constant `text`: one that fails would fail for every viewer."""
    return not isinstance(evaluate(_conversion(function), {"text": text}), Failed)


@lru_cache(maxsize=len(CONVERSIONS))
def _conversion(function: str) -> Expression:
    environment = cel.NewEnv(variables={"text": cel.Type.STRING})
    expression: Expression = environment.compile(f"{function}(text) == {function}(text)")
    return expression


def inputs_of(schema: Schema, values: Mapping[str, object]) -> Inputs:
    """`values`, of attributes and of `CLOCK`, ready to evaluate rules over: the conversion is half of an evaluation."""
    types = tuple([(name, field.type.cel_type) for name, field in schema.fields.items()])
    return _environment(types).Activation(values)


@lru_cache(maxsize=256)
def _environment(types: tuple[tuple[str, str], ...]) -> Any:
    variables = {name: _TYPES[cel_type] for name, cel_type in types} | dict.fromkeys(CLOCK, cel.Type.TIMESTAMP)
    environment = cel.NewEnv(config=_CONFIG, variables=variables, functions=_FUNCTIONS)
    # One that has never compiled anything takes no timestamps: every rule over a date would fail.
    environment.compile("true")
    return environment


def evaluate(expression: Expression, values: Inputs | Mapping[str, object]) -> object:
    """The expression's plain value over `values`, or `Failed`. Never raises."""
    try:
        given = expression.eval(values) if isinstance(values, cel.Activation) else expression.eval(data=values)
        value: object = given.plain_value()
    # RuntimeError for a spent budget; errors of value conversion come through as they are.
    except Exception as error:
        return Failed(str(error))
    # An error is a value whose plain form is its text; a rule itself never gives text.
    return Failed(value.partition(": ")[2]) if isinstance(value, str) else value


def _offset(text: str, line: int, column: int) -> int | None:
    if line < 1 or column < 1:
        return None
    return sum(len(earlier) + 1 for earlier in text.split("\n")[: line - 1]) + column - 1
