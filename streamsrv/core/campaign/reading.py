"""Typed reading of marked nodes: one mapping at a time, every mistake written to the findings.

Owns the wording of unknown keys, missing keys and wrong kinds of value, and knows nothing of what keys mean.
"""

from collections.abc import Sequence as Many

from streamsrv.core.campaign.document import Findings, Mapped, Mark, Node, Scalar, Sequence, nearest, quoted
from streamsrv.core.campaign.fields import WHOLE_TEXT


class Section:
    """One mapping of the file, whose keys are known beforehand."""

    def __init__(self, node: Mapped, findings: Findings, what: str) -> None:
        self.mark = node.mark
        self.findings = findings
        self.what = what
        self._node = node

    def __contains__(self, key: str) -> bool:
        return key in self._node.entries

    def node(self, key: str) -> Node | None:
        """The value of `key`, whatever it is; None when absent."""
        return self._node.entries.get(key)

    def mark_of(self, key: str) -> Mark:
        """Where the key stands; the section's own mark when absent."""
        return self._node.keys.get(key, self.mark)

    def scalar(self, key: str, expected: str) -> Scalar | None:
        """The value of `key` when it is a single value; None when absent or, with a finding, when not."""
        node = self.node(key)
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self.findings.add(node.mark, f'"{key}" is {shape(node)}', expected)
            return None
        if node.text == "":
            self.findings.add(node.mark, f'"{key}" is empty', expected)
            return None
        return node

    def text(self, key: str, *, default: str, max_length: int) -> str:
        """The text of `key`, at most `max_length` characters, all printable."""
        node = self.scalar(key, "text")
        if node is None:
            return default
        if len(node.text) > max_length:
            what = f'"{key}" has {len(node.text)} characters: {quoted(node.text)}'
            self.findings.add(node.mark, what, f"at most {max_length}")
            return default
        if not node.text.isprintable():
            self.findings.add(node.mark, f'"{key}" has control characters: {quoted(node.text)}', "printable text")
            return default
        return node.text

    def whole(self, key: str, *, default: int, low: int, high: int) -> int:
        """The whole number of `key`, from `low` to `high`."""
        expected = f"a whole number from {low} to {high}"
        node = self.scalar(key, expected)
        if node is None:
            return default
        value = int(node.text) if node.plain and WHOLE_TEXT.fullmatch(node.text) else None
        if value is None or not low <= value <= high:
            self.findings.add(node.mark, f'"{key}" is {quoted(node.text)}', expected)
            return default
        return value

    def flag(self, key: str) -> bool:
        """Whether `key` is true; false when absent."""
        node = self.scalar(key, "true or false")
        if node is None:
            return False
        if node.text not in ("true", "false"):
            self.findings.add(node.mark, f'"{key}" is {quoted(node.text)}', "true or false")
        return node.text == "true"

    def items(self, key: str, expected: str) -> tuple[Node, ...]:
        """The items of the list under `key`; none when absent."""
        node = self.node(key)
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self.findings.add(node.mark, f'"{key}" is {shape(node)}', expected)
            return ()
        if not node.items:
            self.findings.add(node.mark, f'"{key}" is an empty list', expected)
        return node.items

    def mapping(self, key: str, expected: str) -> Mapped | None:
        """The mapping under `key`; None when absent or, with a finding, something else."""
        node = self.node(key)
        if node is None or isinstance(node, Mapped):
            return node
        self.findings.add(node.mark, f'"{key}" is {shape(node)}', expected)
        return None


def section(node: Node, findings: Findings, *, what: str, known: Many[str], required: Many[str] = ()) -> Section | None:
    """`node` as a mapping with `known` keys; None, with a finding, when it is no mapping."""
    if not isinstance(node, Mapped):
        findings.add(node.mark, f"{what} is {shape(node)}", f"keys: {', '.join(known)}")
        return None
    for key, mark in node.keys.items():
        if key not in known:
            what_is_wrong = f"{quoted(key)} is not a key of {what}{nearest(key, tuple(known))}"
            findings.add(mark, what_is_wrong, f"one of: {', '.join(known)}")
    missing = [key for key in required if key not in node.entries]
    if missing:
        findings.add(node.mark, f"{what} has no {' and no '.join(quoted(key) for key in missing)}", "this key here")
    return Section(node, findings, what)


def shape(node: Node) -> str:
    """What kind of YAML `node` is, with the offending text when it is short enough to show."""
    if isinstance(node, Mapped):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    return quoted(node.text) if node.text else "empty"
