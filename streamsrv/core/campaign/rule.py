"""Rules and audiences: CEL conditions over a viewer's attributes, checked and bounded at load.

Owns what a rule may be: names that exist, types that fit, values an enum has, fields a record has, and a cost
with a ceiling (B21). An audience used in a rule is written out in its place, so a rule is one evaluation.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from streamsrv.core.campaign.cel import CLOCK, Complaint, Expression, Language
from streamsrv.core.campaign.document import Findings, Mapped, Mark, Scalar, quoted
from streamsrv.core.campaign.inspection import inspect, steps
from streamsrv.core.campaign.reach import can_hold
from streamsrv.core.campaign.schema import IDENTIFIER, RESERVED, Schema, check_name
from streamsrv.core.campaign.syntax import Ident, Syntax, parse_checked, walk

MAX_RULE_CHARS = 500
MAX_WRITTEN_OUT_CHARS = 2_000
MAX_AUDIENCES = 50
MASK_BITS = 32
"""Rules whose values travel in one number; CEL has 64 bits with a sign."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition, ready to be evaluated."""

    text: str
    """As its author wrote it, on one line."""
    source: str = field(repr=False)
    """With every audience written out."""
    expression: Expression = field(repr=False, compare=False)
    reads: tuple[str, ...]
    """Attributes it depends on, also through audiences, by name."""
    audiences: tuple[str, ...]
    """Audiences it names."""
    clock: tuple[str, ...]
    """Which of now and today it depends on."""
    steps: int
    """The most steps that evaluating it can take."""
    syntax: Syntax = field(repr=False, compare=False)
    """The tree of `source`."""


class RuleBook:
    """Compiles the rules of one campaign."""

    def __init__(
        self,
        schema: Schema,
        *,
        broken: Collection[str],
        require: Collection[str],
        audiences: Mapped | None,
        findings: Findings,
    ) -> None:
        self._schema = schema
        self._optional = {
            name for name, field in schema.fields.items() if field.default is None and name not in require
        }
        self._findings = findings
        self._missable_told: set[str] = set()
        # None stands for an audience that is wrong: rules that name it need no finding of their own.
        self._audiences: dict[str, Rule | None] = {}
        entries = self._named(audiences, broken) if audiences else {}
        self._language = Language(schema, [*entries, *self._audiences], broken)
        drafts = {name: self._draft(scalar, f"audience {quoted(name)}") for name, scalar in entries.items()}
        for name in entries:
            self._resolve(name, drafts, entries, ())
        self.audiences: Mapping[str, Rule] = {name: rule for name, rule in self._audiences.items() if rule}

    def rule(self, scalar: Scalar, what: str) -> Rule | None:
        """The rule in `scalar`; None when it is wrong, and then the findings say why."""
        draft = self._draft(scalar, what)
        return None if draft is None else self._finish(draft, scalar, what)

    def _named(self, audiences: Mapped, broken: Collection[str]) -> dict[str, Scalar]:
        named: dict[str, Scalar] = {}
        if len(audiences.entries) > MAX_AUDIENCES:
            self._findings.add(audiences.mark, f"{len(audiences.entries)} audiences", f"at most {MAX_AUDIENCES}")
        for name, node in audiences.entries.items():
            mark = audiences.keys[name]
            if not check_name(name, mark, self._findings, what="an audience"):
                if IDENTIFIER.fullmatch(name) and name not in RESERVED:
                    self._audiences[name] = None
            elif name in self._schema.fields or name in broken:
                self._findings.add(mark, f"{quoted(name)} is an attribute already", "another name for the audience")
            elif not isinstance(node, Scalar):
                self._findings.add(node.mark, f"audience {quoted(name)} is no condition", "tenure_years >= 5")
                self._audiences[name] = None
            else:
                named[name] = node
        return named

    def _draft(self, scalar: Scalar, what: str) -> "_Draft | None":
        text = scalar.text
        if len(text) > MAX_RULE_CHARS:
            self._findings.add(scalar.mark, f"{what} has {len(text)} characters", f"at most {MAX_RULE_CHARS}")
            return None
        compiled = self._language.compile_condition(text)
        if isinstance(compiled, list):
            self._complain(compiled, scalar, what)
            return None
        syntax = parse_checked(compiled.serialize())
        complaints = list(inspect(syntax, self._schema, self._language.names))
        complaints += [
            Complaint(
                syntax.positions.get(expr.id),
                f"{quoted(expr.name)} may be missing",
                "it in require, or a default",
            )
            for expr in self._missable(syntax)
        ]
        if complaints:
            self._complain(complaints, scalar, what)
            return None
        names = dict.fromkeys(expr.name for expr, _ in walk(syntax.root) if isinstance(expr, Ident))
        return _Draft(text, syntax, tuple(names))

    def _missable(self, syntax: Syntax) -> Iterable[Ident]:
        """Attributes that a viewer may lack: each once in all rules, as it is mended in one place."""
        for expr, _ in walk(syntax.root):
            if isinstance(expr, Ident) and expr.name in self._optional - self._missable_told:
                self._missable_told.add(expr.name)
                yield expr

    def _resolve(
        self,
        name: str,
        drafts: "Mapping[str, _Draft | None]",
        entries: Mapping[str, Scalar],
        above: tuple[str, ...],
    ) -> None:
        if name in self._audiences:
            return
        draft = drafts[name]
        scalar = entries[name]
        if name in above:
            circle = " → ".join((*above[above.index(name) :], name))
            self._findings.add(scalar.mark, f"audiences go round in a circle: {circle}", "audiences over attributes")
            self._audiences[name] = None
            return
        if draft is None:
            self._audiences[name] = None
            return
        for used in draft.names:
            if used in drafts:
                self._resolve(used, drafts, entries, (*above, name))
        # A circle has settled this audience from below.
        if name not in self._audiences:
            rule = self._finish(draft, scalar, f"audience {quoted(name)}")
            if rule is not None and not can_hold(self._schema, true=[rule.syntax]):
                what = f"audience {quoted(name)} is nobody: {quoted(rule.text)} is never true"
                self._findings.add(scalar.mark, what, "a condition that some viewer meets")
                rule = None
            self._audiences[name] = rule

    def _finish(self, draft: "_Draft", scalar: Scalar, what: str) -> Rule | None:
        used = tuple(name for name in draft.names if name in self._audiences)
        known = {name: rule for name in used if (rule := self._audiences[name]) is not None}
        if len(known) < len(used):
            return None  # the audience's own finding is enough
        source = _written_out(draft, known)
        if len(source) > MAX_WRITTEN_OUT_CHARS:
            what_is_wrong = f"{what} has {len(source)} characters when its audiences are written out"
            self._findings.add(scalar.mark, what_is_wrong, f"at most {MAX_WRITTEN_OUT_CHARS}")
            return None
        compiled = self._language.compile_condition(source)
        # Inside parentheses, as all rules of a campaign are evaluated together.
        together = self._language.compile(as_mask([source]))
        if isinstance(compiled, list) or isinstance(together, list):
            complaint = Complaint(None, "does not compile with its audiences written out", "a simpler rule")
            self._complain([complaint], scalar, what)
            return None
        syntax = parse_checked(compiled.serialize())
        reads = [name for name in draft.names if name in self._schema.fields]
        reads += [name for rule in known.values() for name in rule.reads]
        return Rule(
            text=" ".join(draft.text.split()),
            source=source,
            expression=compiled,
            reads=tuple(dict.fromkeys(reads)),
            audiences=used,
            clock=tuple(
                name for name in CLOCK if name in draft.names or any(name in rule.clock for rule in known.values())
            ),
            steps=steps(syntax.root, self._schema),
            syntax=syntax,
        )

    def _complain(self, complaints: Iterable[Complaint], scalar: Scalar, what: str) -> None:
        for complaint in complaints:
            mark = _mark(scalar, complaint.offset)
            self._findings.add(mark, f"{what} {quoted(scalar.text)}: {complaint.what}", complaint.expected)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A rule that is right by itself, before its audiences are written out."""

    text: str
    syntax: Syntax
    names: tuple[str, ...]


def as_masks(sources: Sequence[str]) -> tuple[str, ...]:
    """Expressions for the values of all `sources`, `MASK_BITS` to each, as `as_mask` writes them."""
    return tuple(as_mask(sources[start : start + MASK_BITS]) for start in range(0, len(sources), MASK_BITS))


def as_mask(sources: Sequence[str]) -> str:
    """One expression for the values of `sources`: a number whose bits, lowest first, are the values.

    A number crosses from CEL to Python at half the cost of a list of booleans.
    """
    # The line break ends a comment that a source may end with.
    return _sum([f"(({source}\n) ? {1 << bit} : 0)" for bit, source in enumerate(sources)])


def _sum(terms: Sequence[str]) -> str:
    # Halved again and again: CEL's parser counts every + of a plain row as one level deeper.
    if len(terms) == 1:
        return terms[0]
    middle = len(terms) // 2
    return f"({_sum(terms[:middle])} + {_sum(terms[middle:])})"


@lru_cache(maxsize=4096)
def values_in(mask: int, count: int) -> tuple[bool, ...]:
    """The lowest `count` bits of one of those numbers."""
    return tuple([bool(mask >> bit & 1) for bit in range(count)])


def _written_out(draft: _Draft, audiences: Mapping[str, Rule]) -> str:
    places = {
        draft.syntax.positions[expr.id]: expr.name
        for expr, _ in walk(draft.syntax.root)
        if isinstance(expr, Ident) and expr.name in audiences
    }
    text = draft.text
    for offset in sorted(places, reverse=True):
        name = places[offset]
        assert text.startswith(name, offset)
        text = f"{text[:offset]}({audiences[name].source}\n){text[offset + len(name) :]}"
    return text


def _mark(scalar: Scalar, offset: int | None) -> Mark:
    return scalar.mark if offset is None or scalar.verbatim is None else scalar.verbatim.right(offset)
