"""The audit log's chain: whatever is done to its lines without the key is found (B26)."""

from collections.abc import Callable, Iterable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from streamsrv.core.audit import START, Act, Chain, Head, next_line, parse_head, parse_line
from streamsrv.core.model import TenantId

KEY = b"a key for tests"
TENANT = TenantId("acme")
ACTS = st.builds(
    Act,
    at_ms=st.integers(0, 2**45),
    actor=st.text(max_size=20),
    action=st.sampled_from(["viewer.write", "viewer.erase"]),
    subject=st.text(max_size=30),
    detail=st.dictionaries(st.text(max_size=8), st.integers(0, 99) | st.text(max_size=8), max_size=3),
)


def write(acts: Iterable[Act]) -> tuple[list[str], Head]:
    head, lines = START, []
    for number, act in enumerate(acts):
        text, head = next_line(act, head, line_id=f"{number:x}", tenant_id=TENANT, key=KEY)
        lines.append(text)
    return lines, head


def problems(lines: Iterable[str], head: Head, *, tenant: TenantId = TENANT, key: bytes = KEY) -> list[str]:
    chain = Chain(tenant, key)
    found = [chain.take(line) for line in lines]
    return [str(problem) for problem in (*found, chain.finish(head)) if problem is not None]


def acts(count: int) -> list[Act]:
    return [Act(1_000 + at, "key:ab", "viewer.write", f"subject-{at}", {"campaign": "renewal"}) for at in range(count)]


@given(st.lists(ACTS, max_size=6))
def test_a_log_that_nobody_touched_has_no_problem(made: list[Act]) -> None:
    lines, head = write(made)

    assert problems(lines, head) == []
    parsed = [parse_line(line) for line in lines]
    assert [line.act for line in parsed if line is not None] == made
    assert parse_head(head.text) == head


Lines = list[str]
CHANGED = "line 1: was changed, or the line before it"


def without(at: int) -> Callable[[Lines], Lines]:
    return lambda lines: lines[:at] + lines[at + 1 :]


def edited(before: str, after: str) -> Callable[[Lines], Lines]:
    return lambda lines: [lines[0].replace(before, after), *lines[1:]]


CHANGES: dict[str, tuple[Callable[[Lines], Lines], Lines]] = {
    "one deleted": (without(2), ["line 3: is missing or moved: line 4 stands there"]),
    "the first deleted": (without(0), ["line 1: is missing or moved: line 2 stands there"]),
    "the last deleted": (lambda lines: lines[:3], ["end: 2 of 5 lines are missing"]),
    "all deleted": (lambda lines: [], ["end: 5 of 5 lines are missing"]),
    "edited": (edited("subject-0", "subject-9"), [CHANGED]),
    "backdated": (edited('"at_ms":1000', '"at_ms":1001'), [CHANGED]),
    "spoilt": (
        lambda lines: [*lines[:4], "{}"],
        ["line 5: is not a line of an audit log", "end: the last line is another than the head knows"],
    ),
    "repeated": (lambda lines: [*lines, lines[4]], ["line 6: is missing or moved: line 5 stands there"]),
}


@pytest.mark.parametrize(("change", "told"), CHANGES.values(), ids=CHANGES)
def test_whatever_is_done_to_lines_is_told(change: Callable[[Lines], Lines], told: Lines) -> None:
    lines, head = write(acts(5))

    assert problems(change(lines), head) == told


@given(st.permutations(range(5)))
def test_any_other_order_is_told(order: list[int]) -> None:
    assume(order != sorted(order))
    lines, head = write(acts(5))

    assert problems([lines[at] for at in order], head) != []


@given(st.data())
def test_any_changed_character_is_told(data: st.DataObject) -> None:
    lines, head = write(acts(3))
    at = data.draw(st.integers(0, 2))
    place = data.draw(st.integers(0, len(lines[at]) - 1))
    other = data.draw(st.characters(min_codepoint=32, max_codepoint=126))
    changed = lines[at][:place] + other + lines[at][place + 1 :]
    assume(parse_line(changed) != parse_line(lines[at]))

    assert problems([*lines[:at], changed, *lines[at + 1 :]], head) != []


def test_lines_made_with_another_key_or_for_another_tenant_are_told() -> None:
    lines, head = write(acts(2))

    assert len(problems(lines, head, key=b"another")) == 2
    assert len(problems(lines, head, tenant=TenantId("other"))) == 2


def test_an_older_log_put_back_whole_is_told_by_a_head_kept_elsewhere() -> None:
    older, older_head = write(acts(3))
    _, head = write(acts(5))

    assert problems(older, older_head) == []
    assert problems(older, head) == ["end: 2 of 5 lines are missing"]


@given(st.text(max_size=60) | st.just('{"n":1,"n":true}') | st.just("[" * 5000))
def test_any_text_is_a_line_or_none(text: str) -> None:
    assert parse_line(text) is None
    assert parse_head(text) is None
