"""The syntax tree of a compiled CEL expression, read from its serialized form.

The CEL library checks types but does not show its tree. Its serialized `cel.expr.CheckedExpr` is a published
Protocol Buffers message (cel-spec, checked.proto and syntax.proto); only the parts asked about are read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

CEL_TYPES = {1: "bool", 2: "int", 3: "uint", 4: "double", 5: "string", 6: "bytes"}


@dataclass(frozen=True, slots=True)
class Ident:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    id: int
    text: str | None
    """The value of a string constant; None for any other constant."""


@dataclass(frozen=True, slots=True)
class Select:
    id: int
    operand: "Expr"
    field: str


@dataclass(frozen=True, slots=True)
class Call:
    id: int
    function: str
    arguments: tuple["Expr", ...]
    """The receiver of a method first."""


@dataclass(frozen=True, slots=True)
class Build:
    """A list or a map written out."""

    id: int
    parts: tuple["Expr", ...]


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


def _expr(data: bytes) -> Expr:
    message = _fields(data)
    id_ = _number(message, 2)
    if 4 in message:
        return Ident(id_, _text(_fields(_one(message, 4)), 1))
    if 5 in message:
        select = _fields(_one(message, 5))
        return Select(id_, _expr(_one(select, 1)), _text(select, 2))
    if 6 in message:
        call = _fields(_one(message, 6))
        arguments = (*call.get(1, ()), *call.get(3, ()))
        return Call(id_, _text(call, 2), tuple(_expr(_bytes(argument)) for argument in arguments))
    if 7 in message:
        return Build(id_, tuple(_expr(_bytes(item)) for item in _fields(_one(message, 7)).get(1, ())))
    if 8 in message:
        entries = [_fields(_bytes(entry)) for entry in _fields(_one(message, 8)).get(2, ())]
        return Build(id_, tuple(_expr(_bytes(entry[key][0])) for entry in entries for key in (3, 4) if key in entry))
    if 9 in message:
        loop = _fields(_one(message, 9))
        body = tuple(_expr(_one(loop, part)) for part in (4, 5, 6, 7) if part in loop)
        variables = tuple(_text(loop, part) for part in (1, 8) if part in loop)
        return Loop(id_, variables, _expr(_one(loop, 2)), body)
    constant = _fields(_one(message, 3))
    return Constant(id_, _text(constant, 6) if 6 in constant else None)


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
