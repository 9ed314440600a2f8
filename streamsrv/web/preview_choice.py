"""What the address of a preview's page asks for, and whether there is such a thing.

It stands in the path, after semicolons: `/show/viewer=ana;arm=offer:bonus;at=2026-12-01T09:30`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from streamsrv.core.campaign import Campaign
from streamsrv.core.campaign.document import listing, quoted
from streamsrv.core.errors import Invalid, Problem, invalid
from streamsrv.core.experiments import HOLDOUT
from streamsrv.core.rules import HELD_OUT, TOLD

EARLIEST_YEAR, LATEST_YEAR = 1971, 2999
MOMENT_RULE = "a date and time (UTC), such as 2026-12-01T09:30"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a page's address asks for: `viewer=ana;arm=offer:bonus;at=2026-12-01T09:30`, its values escaped."""

    viewer: str
    arms: Mapping[str, str]
    at: str = ""

    def path(self) -> str:
        """The page's address."""
        parts = [("viewer", self.viewer), *(("arm", f"{name}:{arm}") for name, arm in self.arms.items())]
        if self.at:
            parts.append(("at", self.at))
        return "/show/" + ";".join(f"{name}={quote(value, safe=':')}" for name, value in parts)


def parse_choice(text: str) -> Choice:
    """The choice in an address. Of two moments or viewers the last counts: forms add theirs at the end."""
    values = [(name, unquote(value)) for name, _, value in (part.partition("=") for part in text.split(";"))]
    arms = [value.partition(":") for name, value in values if name == "arm"]
    last = dict(values)
    return Choice(last.get("viewer", ""), {name: arm for name, _, arm in arms}, last.get("at", ""))


def moment_s(text: str) -> int:
    """The Unix time of an ISO date and time, in UTC where it names no zone; raises `Invalid`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise invalid("at", f"is {quoted(text)}", MOMENT_RULE) from None
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise invalid("at", f"is in the year {moment.year}", f"one from {EARLIEST_YEAR} to {LATEST_YEAR}")
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def check_arms(campaign: Campaign, arms: Mapping[str, str]) -> None:
    """Raises `Invalid` for an arm that the campaign does not have."""
    known = {experiment.name: [arm for arm, _ in experiment.arms] for experiment in campaign.experiments}
    if campaign.holdout is not None:
        known[HOLDOUT] = [TOLD, HELD_OUT]
    every = [f"{name}:{arm}" for name, of_experiment in known.items() for arm in of_experiment]
    problems = [
        Problem("arm", f"is {quoted(f'{name}:{arm}')}", f"one of: {listing(every)}" if every else "none: no experiment")
        for name, arm in arms.items()
        if arm not in known.get(name, ())
    ]
    if problems:
        raise Invalid(problems)
