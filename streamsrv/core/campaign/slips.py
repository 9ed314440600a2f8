"""What a slip in YAML most likely is, in the words of whoever wrote the file.

A parser tells where it could not go on, which is often lines behind the slip, and in terms of its own grammar. Here
its complaint is held against the lines: indentation that fits nothing above, a bracket or a quote that is never
closed, a missing space, comma or dash, a text that needed quotes.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import yaml

SHOWN_CHARS = 40
CLOSING = {"{": "}", "[": "]"}
_KEY = re.compile(r"""\s*(?:- +)*(?:[\w.-]+|"[^"]*"|'[^']*')\s*:(?= |$)""")
_DASHES = re.compile(r"(?:- +)*(?:-$)?")
_GLUED = re.compile(r"([\w-]+):(\S.*)")
_OTHER_SIGN = re.compile(r"([\w-]+)\s*(?:[;=]|->|\s)\s*(\S.*)")
_BEGUN_OTHERWISE = ("alias", "anchor", "tag", "block scalar", "directive")
"""What YAML takes a value for that begins with `*`, `&`, `!`, `|`, `>` or `%`."""


class Slip(NamedTuple):
    """One mistake: its line and column, from 0, what is wrong, and what was expected."""

    line: int
    column: int
    what: str
    expected: str


def slip_of(error: yaml.MarkedYAMLError, lines: Sequence[str], last: Any | None) -> Slip:
    """What `error` comes from; `last` is the last scalar event before it, if there was one."""
    at = error.problem_mark or error.context_mark
    problem, context = error.problem or "", error.context or ""
    if at is None:
        return Slip(0, 0, f"not YAML: {problem}", "")
    if (quote := _open_quote(error, last)) is not None:
        return quote
    line, column = min(at.line, len(lines) - 1), at.column
    begun = error.context_mark or at
    if "flow" in context:
        return _in_brackets(lines, begun, line, column, _found(problem), last)
    if context.endswith(_BEGUN_OTHERWISE):
        return _sign(lines, begun.line, begun.column)
    if "expected ':'" in problem:
        return _keyless(lines, begun.line, begun.column)
    return _at(lines, line, column, problem) or _unknown(lines, line, column, f"{context} {problem}".strip())


def _at(lines: Sequence[str], line: int, column: int, problem: str) -> Slip | None:
    """What is wrong just where the parser stopped; None for what is not told apart."""
    if "\\t" in problem:
        return Slip(line, column, "a tab in the indentation", "spaces: YAML takes no tabs here")
    if "cannot start any token" in problem:
        return _sign(lines, line, column)
    if problem.startswith("mapping values"):
        return _second_colon(lines, line, column)
    if problem.startswith("sequence entries"):
        return Slip(line, column, 'a "-" behind a key', "the list in lines of its own, each with a - of its own")
    if "<block end>" in problem or "<document start>" in problem:
        return _in_lines(lines, line, column, _found(problem))
    if "escape" in problem:
        return Slip(line, column, "a backslash in double quotes", r"\\ for a backslash itself, or single quotes")
    return None


def _unknown(lines: Sequence[str], line: int, column: int, what: str) -> Slip:
    return Slip(line, column, f"not YAML: {what}: {_shown(_text(lines, line).strip())}", "")


def _sign(lines: Sequence[str], line: int, column: int) -> Slip:
    sign = _text(lines, line)[column : column + 1]
    return Slip(line, column, f'a value begins with "{sign}"', "quotes around the whole value")


def _found(problem: str) -> str:
    """The token that stands where another was expected."""
    return problem.rpartition("but ")[2].partition(" ")[2].strip("'\"")


def _text(lines: Sequence[str], line: int) -> str:
    return lines[line] if line < len(lines) else ""


def _shown(text: str) -> str:
    text = text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"
    return '"' + "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text) + '"'


def _in_quotes(text: str) -> str:
    """`text` as YAML takes it whole."""
    text = text.strip()
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _open_quote(error: yaml.MarkedYAMLError, last: Any | None) -> Slip | None:
    """A quote that is not closed where it should be: text up to the next quote, lines further down, was taken in."""
    expected = "a quote at the end of the text"
    begun = error.context_mark
    if begun is not None and (error.context or "").startswith("while scanning a quoted scalar"):
        return Slip(begun.line, begun.column, "a quote that nothing closes", expected)
    at = error.problem_mark
    if last is None or at is None or last.style not in ("'", '"') or last.start_mark.line == last.end_mark.line:
        return None
    if at.line != last.end_mark.line:
        return None
    what = f"a quote that is closed in line {at.line + 1} only, in the middle of another text"
    return Slip(last.start_mark.line, last.start_mark.column, what, expected)


def _keyless(lines: Sequence[str], line: int, column: int) -> Slip:
    """A line where a key belongs, without a colon and a space."""
    text = _text(lines, line)[column:].rstrip()
    if match := _GLUED.fullmatch(text):
        return Slip(line, column + len(match[1]), 'no space behind the ":"', _shown(f"{match[1]}: {match[2]}")[1:-1])
    if match := _OTHER_SIGN.fullmatch(text):
        what = f'no ":" behind a key: {_shown(text)}'
        return Slip(line, column, what, _shown(f"{match[1]}: {match[2]}")[1:-1])
    return Slip(line, column, f'no ":" in a line where a key belongs: {_shown(text)}', "key: value")


def _second_colon(lines: Sequence[str], line: int, column: int) -> Slip:
    text = _text(lines, line)
    key = _KEY.match(text)
    if key is None or key.end() > column:
        return _misplaced(lines, line)
    value = text[key.end() :].strip()
    what = f'a text with ": " in it stands without quotes: {_shown(value)}'
    return Slip(line, column, what, f"quotes around the whole text: {_shown(_in_quotes(value))[1:-1]}")


def _in_brackets(lines: Sequence[str], begun: Any, line: int, column: int, found: str, last: Any | None) -> Slip:
    """Something in braces or brackets that is not closed, or whose parts no comma divides."""
    opening = _text(lines, begun.line)[begun.column : begun.column + 1]
    closing = CLOSING.get(opening, "")
    rest = _text(lines, line)[column:].strip()
    outdented = line > begun.line and _indent(_text(lines, line)) <= _indent(_text(lines, begun.line))
    if not closing and found == "<stream end>":
        return Slip(line, column, "a bracket that nothing closes", "its } or ] before the file ends")
    if found == "<stream end>" or outdented:
        return Slip(begun.line, begun.column, f'a "{opening}" that nothing closes', f'"{closing}" at its end')
    if found in ("}", "]") and closing:
        return Slip(line, column, f'a "{opening}" is closed by "{found}"', f'"{closing}"')
    if found == ",":
        return Slip(line, column, f'nothing stands before the "{found}"', "a value")
    if found in ("{", "[") and last is not None and last.style is None and last.end_mark.line == line:
        begins = last.start_mark.column
        what = f'a text with "{found}" in it stands without quotes: {_shown(_text(lines, line)[begins:].strip())}'
        return Slip(line, begins, what, 'quotes around the whole text: "Hello {first_name}"')
    if line > begun.line and last is not None and last.end_mark.line < line:
        before = last.end_mark
        return Slip(before.line, before.column, f'no "," before line {line + 1}', "a comma between two values")
    if found == ":":
        before = str(last.value) if last is not None else ""
        what = f'a second ":" in one value: {_shown(before + rest)}'
        return Slip(line, column, what, 'a "," before the next key, or quotes around a text with ":" in it')
    return Slip(line, column, f'no "," before {_shown(rest)}', "a comma between two values")


def _in_lines(lines: Sequence[str], line: int, column: int, found: str) -> Slip:
    """A line, or the end of one, that does not go on with what the lines above began."""
    text = _text(lines, line)
    if text[:column].strip():
        if found in ("}", "]"):
            return Slip(line, column, f'a "{found}" that nothing opens', "no such bracket, or quotes around the text")
        key = _KEY.match(text)
        value = text[key.end() :] if key and key.end() < column else text
        what = f"a text goes on behind a quote or a bracket: {_shown(value.strip())}"
        return Slip(line, column, what, f"quotes around the whole text: {_shown(_in_quotes(value))[1:-1]}")
    if re.match(r"\s*-[^\s-]", text):
        dashed = text.strip()
        return Slip(line, column, 'no space behind the "-"', f"- {_shown(dashed[1:])[1:-1]}")
    return _misplaced(lines, line)


class _Place(NamedTuple):
    """Where a key or the dash of an item stands, among lines that are still open."""

    column: int
    line: int
    word: str
    dash: bool


def _misplaced(lines: Sequence[str], line: int) -> Slip:
    """A line whose indentation fits none of the lines above that it could belong to."""
    text = _text(lines, line)
    indent = _indent(text)
    dash = text[indent : indent + 1] == "-"
    open_places = [place for place in _open(lines, line) if place.dash == dash]
    if indent == 0 and open_places and (first := open_places[-1]).column > 0 and _line_above(lines, first.line) is None:
        what = f"{_shown(_text(lines, first.line).strip())} is {_depth(first.column)}"
        return Slip(first.line, first.column, what, f"no space, as in line {line + 1}")
    fitting = sorted(open_places, key=lambda place: abs(place.column - indent))
    above = _line_above(lines, line)
    if above is None or indent <= _indent(_text(lines, above)):
        return _indented(lines, line, fitting)
    # The line above may have slipped, out of a row that goes on here.
    before = [place for place in _open(lines, above) if place.dash == dash]
    row = [place for place in before if place.column == indent]
    if row and _indent(_text(lines, above)) not in [place.column for place in before]:
        return _indented(lines, above, row)
    return _indented(lines, line, fitting, [f"line {above + 1} indented as line {row[0].line + 1}"] if row else [])


def _indented(lines: Sequence[str], line: int, fitting: Sequence[_Place], also: Sequence[str] = ()) -> Slip:
    """A line of a wrong indentation; the right one is that of the nearest of `fitting`, or what is said in `also`."""
    text = _text(lines, line)
    indent = _indent(text)
    what = f"{_shown(text.strip())} is {_depth(indent)}, which fits nothing above it"
    if fitting and fitting[0].column == indent:
        what = f"{_shown(text.strip())} does not go on with what the lines above began"
    nearest = [place for place in fitting if abs(place.column - indent) <= 2 * abs(fitting[0].column - indent)][:2]
    options = [f'{_spaces(place.column)}, as "{place.word}" in line {place.line + 1}' for place in nearest]
    return Slip(line, indent, what, ", or ".join([*options, *also]) or "the indentation of the lines above")


def _depth(count: int) -> str:
    return f"indented by {_spaces(count)}" if count else "not indented"


def _spaces(count: int) -> str:
    return {0: "no space", 1: "1 space"}.get(count, f"{count} spaces")


def _open(lines: Sequence[str], line: int) -> Iterator[_Place]:
    """What a line could go on with: keys and dashes above it, each further out than those between."""
    limit = None
    above = _line_above(lines, line)
    while above is not None and limit != 0:
        text = _text(lines, above)
        indent = _indent(text)
        dashes = _DASHES.match(text, indent)
        key = dashes.end() if dashes else indent
        word = re.split(r"[:\s{\[]", text[key:].strip(), maxsplit=1)[0][:SHOWN_CHARS]
        if limit is None or key < limit:
            yield _Place(key, above, word, dash=False)
        if key > indent and (limit is None or indent < limit):
            yield _Place(indent, above, f"- {word}".strip(), dash=True)
        limit = indent if limit is None else min(limit, indent)
        above = _line_above(lines, above)


def _line_above(lines: Sequence[str], line: int) -> int | None:
    """The nearest line above that says something."""
    return next(
        (at for at in range(line - 1, -1, -1) if (text := _text(lines, at).strip()) and not text.startswith("#")), None
    )


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))
