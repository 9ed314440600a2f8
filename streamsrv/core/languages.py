"""Names of languages as their speakers write them, for audio and caption menus."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(maxsize=256)
def display_name(language: str) -> str:
    """`language` (BCP 47) in its own words: `de` is Deutsch. An unknown tag is its own name."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return language
    name = locale.get_display_name(locale)
    return name[:1].upper() + name[1:] if name else language
