"""What is known of languages: their names as their speakers write them, and the direction they are written in."""

from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
"""Languages written from right to left where their tag names no script. The player's src/direction.js has the same."""
_SCRIPTS = frozenset({"adlm", "arab", "hebr", "nkoo", "syrc", "thaa"})


def is_right_to_left(language: str) -> bool:
    """Whether a language (BCP 47) is written from right to left: `ar-EG` and `az-Arab` are, `sd-Deva` is not."""
    primary, *more = language.lower().split("-")
    script = next((part for part in more if len(part) == 4 and part.isalpha()), None)
    return primary in RIGHT_TO_LEFT if script is None else script in _SCRIPTS


def direction_of(language: str) -> Literal["ltr", "rtl"]:
    """The value of HTML's `dir` for text in a language."""
    return "rtl" if is_right_to_left(language) else "ltr"


@lru_cache(maxsize=256)
def display_name(language: str) -> str:
    """`language` (BCP 47) in its own words: `de` is Deutsch. An unknown tag is its own name."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return language
    name = locale.get_display_name(locale)
    return name[:1].upper() + name[1:] if name else language
