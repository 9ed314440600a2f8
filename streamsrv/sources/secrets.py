"""The values behind `{secret:NAME}` in headers: from the environment, else from a file of that name (B31)."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import Invalid, Problem

MAX_SECRET_BYTES = 8 * 1024


def secrets_of(campaigns: Iterable[Campaign]) -> dict[str, str]:
    """Every secret that sources name, with the first place that names it."""
    found: dict[str, str] = {}
    for campaign in campaigns:
        for source in campaign.sources:
            for name in sorted(source.secrets()):
                found.setdefault(name, f"campaign {campaign.campaign_id}: source {source.name}")
    return found


def read_secrets(wanted: Mapping[str, str], given: Mapping[str, str], folder: Path | None) -> dict[str, str]:
    """The values of `wanted` names; raises `Invalid` with each that is missing or can stand in no header.

    `given` are those of the environment. Blocking: for start-up.
    """
    found: dict[str, str] = {}
    problems = []
    for name, where in wanted.items():
        value = given.get(name) or (None if folder is None else _from_file(folder / name))
        if value is None:
            expected = f"STREAMSRV_SECRET_{name}, or a file {name} in sources.secrets_dir"
            problems.append(Problem(where, f"the secret {name} is not set", expected))
        elif not (value.isascii() and value.isprintable() and value.strip() == value):
            problems.append(Problem(where, f"the secret {name} can stand in no header", "one line of printable ASCII"))
        else:
            found[name] = value
    if problems:
        raise Invalid(problems)
    return found


def _from_file(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SECRET_BYTES + 1)
    except OSError:
        return None
    # Editors and mounts end a file with a line break; it is no part of the secret.
    return data.decode("latin-1").removesuffix("\n").removesuffix("\r") if len(data) <= MAX_SECRET_BYTES else "\n"
