"""Time zones from the locked `tzdata` package: the same rules on every machine, whatever its own files say."""

from datetime import tzinfo
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo | None:
    """The time zone of an IANA name such as Europe/Berlin; None when there is none. Reads a file once."""
    if name not in zone_names():
        return None
    *folders, leaf = name.split("/")
    package = ".".join(["tzdata.zoneinfo", *folders])
    try:
        with resources.files(package).joinpath(leaf).open("rb") as file:
            return ZoneInfo.from_file(file, key=name)
    except (ModuleNotFoundError, FileNotFoundError):
        return None


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every IANA name."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text(encoding="ascii").split())
