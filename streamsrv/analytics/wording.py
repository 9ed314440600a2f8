"""How numbers read in sentences and tables: counts with their noun, shares that never round to all or nothing."""


def number(count: int) -> str:
    """`count` with its thousands apart."""
    return f"{count:,}"


def counted(count: int, noun: str) -> str:
    """`count` and its noun, which takes an s when it is not one."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def percent(share: float) -> str:
    """A share (0 to 1) with one decimal. A few are never told as none, nor almost all as all."""
    if 0 < share < 0.001:
        return "< 0.1 %"
    if 0.999 < share < 1:
        return "> 99.9 %"
    return f"{100 * share:.1f} %"


def seconds(length_s: float) -> str:
    """A length as people say it: `45.3 s`, `2:05 min`."""
    if length_s < 99.95:
        return f"{length_s:.1f} s"
    whole_s = round(length_s)
    return f"{whole_s // 60}:{whole_s % 60:02} min"


def share_of(count: int, total: int) -> float:
    """What part of `total` is `count`, to six decimals; 0 of nothing."""
    return round(count / total, 6) if total else 0.0


def listed(names: tuple[str, ...]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def further_scenes(count: int) -> str:
    """That the store has scenes that a report says nothing about."""
    return (
        f"{counted(count, 'further scene')} {'is' if count == 1 else 'are'} packaged that this campaign does not name"
    )
