"""The syntax tree of a compiled CEL expression, read from its serialized form.

The CEL library checks types but does not show its tree. Its serialized `cel.expr.CheckedExpr` is a published
Protocol Buffers message (cel-spec, checked.proto and syntax.proto); only the parts asked about are read.
"""

import struct
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

CEL_TYPES = {1: "bool", 2: "int", 3: "uint", 4: "double", 5: "string", 6: "bytes"}
CONSTANT_KINDS = {1: "null", 2: "bool", 3: "int64", 4: "uint64", 5: "double", 6: "string", 7: "bytes"}


@dataclass(frozen=True, slots=True)
class Ident:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    id: int
    kind: str
    """One of `CONSTANT_KINDS`; "other" for what rules cannot write."""
    value: bool | int | float | str | bytes | None

    @property
    def text(self) -> str | None:
        """The value of a string constant; None for any other constant."""
        return self.value if isinstance(self.value, str) else None


@dataclass(frozen=True, slots=True)
class Select:
    id: int
    operand: "Expr"
    field: str
    asks: bool = False
    """Whether it asks if the field is there, as has(…) does, in place of reading it."""


@dataclass(frozen=True, slots=True)
class Call:
    id: int
    function: str
    arguments: tuple["Expr", ...]
    """The receiver of a method first."""


@dataclass(frozen=True, slots=True)
class Build:
    """A list, a map or a message written out."""

    id: int
    kind: str
    """list, map, or the message and its fields: google.protobuf.Timestamp(seconds)."""
    parts: tuple["Expr", ...]
    """The keys of a map, each before its value; the values alone of a message."""


@dataclass(frozen=True, slots=True)
class Loop:
    """A comprehension: what the macros all, exists, exists_one, filter and map become."""

    id: int
    variables: tuple[str, ...]
    over: "Expr"
    body: tuple["Expr", ...]


Expr = Ident | Constant | Select | Call | Build | Loop


@dataclass(frozen=True, slots=True)
class Syntax:
    root: Expr
    types: Mapping[int, str]
    """The checked type of an expression by id: int, double, string, bool, timestamp, list, map, dyn…"""
    positions: Mapping[int, int]
    """Where an expression stands in the source, in characters from 0, by id."""


def parse_checked(serialized: bytes) -> Syntax:
    """The tree of a compiled expression, from `Expression.serialize()`."""
    envelope = _fields(serialized)
    checked = _fields(_one(envelope, 2))
    positions = {}
    for entry in _fields(_one(checked, 5)).get(4, ()):
        pair = _fields(_bytes(entry))
        positions[_number(pair, 1)] = _number(pair, 2)
    types = {}
    for entry in checked.get(3, ()):
        pair = _fields(_bytes(entry))
        types[_number(pair, 1)] = _type(_fields(_one(pair, 2)))
    return Syntax(_expr(_one(checked, 4)), types, positions)


def walk(root: Expr) -> Iterator[tuple[Expr, int]]:
    """Every expression of the tree with its depth, from 1, parents before children."""
    waiting = [(root, 1)]
    while waiting:
        expr, depth = waiting.pop()
        yield expr, depth
        waiting.extend((child, depth + 1) for child in reversed(children(expr)))


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside `expr`, in source order."""
    match expr:
        case Select(operand=operand):
            return (operand,)
        case Call(arguments=arguments):
            return arguments
        case Build(parts=parts):
            return parts
        case Loop(over=over, body=body):
            return (over, *body)
        case _:
            return ()


def shape(expr: Expr) -> Hashable:
    """What is equal for two expressions, of one rule or of two, that are written alike."""
    match expr:
        case Ident(name=name):
            return name
        case Constant(kind=kind, value=value):
            return kind, repr(value)
        case Select(operand=operand, field=name, asks=asks):
            return "select", asks, name, shape(operand)
        case Call(function=function, arguments=arguments):
            return "call", function, *[shape(argument) for argument in arguments]
        case Build(kind=kind, parts=parts):
            return "build", kind, *[shape(part) for part in parts]
        case Loop(variables=variables, over=over, body=body):
            return "loop", variables, shape(over), *[shape(part) for part in body]


def _expr(data: bytes) -> Expr:
    message = _fields(data)
    id_ = _number(message, 2)
    if 4 in message:
        return Ident(id_, _text(_fields(_one(message, 4)), 1))
    if 5 in message:
        select = _fields(_one(message, 5))
        return Select(id_, _expr(_one(select, 1)), _text(select, 2), bool(_number(select, 3)))
    if 6 in message:
        call = _fields(_one(message, 6))
        arguments = (*call.get(1, ()), *call.get(3, ()))
        return Call(id_, _text(call, 2), tuple(_expr(_bytes(argument)) for argument in arguments))
    if 7 in message:
        return Build(id_, "list", tuple(_expr(_bytes(item)) for item in _fields(_one(message, 7)).get(1, ())))
    if 8 in message:
        built = _fields(_one(message, 8))
        entries = [_fields(_bytes(entry)) for entry in built.get(2, ())]
        parts = tuple(_expr(_bytes(entry[key][0])) for entry in entries for key in (3, 4) if key in entry)
        fields = ",".join(_text(entry, 2) for entry in entries)
        return Build(id_, f"{_text(built, 1)}({fields})" if 1 in built else "map", parts)
    if 9 in message:
        loop = _fields(_one(message, 9))
        body = tuple(_expr(_one(loop, part)) for part in (4, 5, 6, 7) if part in loop)
        variables = tuple(_text(loop, part) for part in (1, 8) if part in loop)
        return Loop(id_, variables, _expr(_one(loop, 2)), body)
    return _constant(id_, _fields(_one(message, 3)))


def _constant(id_: int, message: "_Message") -> Constant:
    field = next(iter(message), 0)
    kind = CONSTANT_KINDS.get(field, "other")
    match kind:
        case "bool":
            return Constant(id_, kind, bool(_number(message, field)))
        case "int64":
            number = _number(message, field)
            return Constant(id_, kind, number - 2**64 if number >= 2**63 else number)
        case "uint64":
            return Constant(id_, kind, _number(message, field))
        case "double":
            return Constant(id_, kind, float(struct.unpack("<d", _one(message, field))[0]))
        case "string":
            return Constant(id_, kind, _text(message, field))
        case "bytes":
            return Constant(id_, kind, _one(message, field))
        case _:
            return Constant(id_, kind, None)


def _type(message: "_Message") -> str:
    if 3 in message:
        return CEL_TYPES.get(_number(message, 3), "dyn")
    if 5 in message:
        return {2: "timestamp", 3: "duration"}.get(_number(message, 5), "dyn")
    return "list" if 6 in message else "map" if 7 in message else "dyn"


_Message = dict[int, list[bytes | int]]


def _fields(data: bytes) -> _Message:
    """The fields of one Protocol Buffers message by number (encoding spec: wire types 0, 1, 2 and 5)."""
    message: _Message = {}
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        value: bytes | int
        match tag & 7:
            case 0:
                value, at = _varint(data, at)
            case 1:
                value, at = data[at : at + 8], at + 8
            case 5:
                value, at = data[at : at + 4], at + 4
            case _:
                size, at = _varint(data, at)
                value, at = data[at : at + size], at + size
        message.setdefault(tag >> 3, []).append(value)
    return message


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7


def _bytes(value: bytes | int) -> bytes:
    assert isinstance(value, bytes)
    return value


def _one(message: _Message, field: int) -> bytes:
    return _bytes(message[field][0]) if field in message else b""


def _number(message: _Message, field: int) -> int:
    value = message[field][0] if field in message else 0
    assert isinstance(value, int)
    return value


def _text(message: _Message, field: int) -> str:
    return _one(message, field).decode()
