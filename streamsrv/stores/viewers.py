"""Viewers as they are kept: one sealed record each, under a key that names nobody. And those of a file of JSON lines.

A record holds what this product's own files hold of a viewer: `{"viewer", "campaign", "attributes", "at_s"}`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

import orjson

from streamsrv.core.campaign import Campaign, check_viewer
from streamsrv.core.campaign.document import quoted
from streamsrv.core.errors import Expired, Invalid, NotFound, Problem, invalid
from streamsrv.core.identity import Identity, campaign_tag_of, link_text
from streamsrv.core.model import CampaignId, LinkId, Viewer, ViewerId
from streamsrv.core.tokens import LinkClaims
from streamsrv.stores.revoking import Revoking
from streamsrv.stores.state import State, names
from streamsrv.stores.vault import Vault

MAX_LINE_BYTES = 64 * 1024
SHAPE = 'an object of "viewer", "campaign" and "attributes"'


class RedisViewerStore:
    """A `ViewerStore` over the store for state. Everything about one viewer is one round trip."""

    def __init__(self, state: State, vault: Vault, identity: Identity) -> None:
        self._state = state
        self._vault = vault
        self._identity = identity

    async def viewer(self, claims: LinkClaims) -> Viewer:
        """The viewer whom a link stands for.

        Raises `NotFound` for who never was or was erased, `Expired` for links that were revoked, `Unavailable`.
        """
        serial, viewer = await self._found(claims.link_id)
        if claims.serial < serial:
            raise Expired("this link is no longer valid")
        return viewer

    async def viewer_by_id(self, campaign_id: CampaignId, viewer_id: ViewerId) -> Viewer:
        """The campaign's viewer of this id; raises `NotFound` and `Unavailable`."""
        return (await self._found(self._identity.link_id(campaign_id, viewer_id)))[1]

    async def serial(self, link_id: LinkId) -> int:
        """The generation that the viewer's new links are of; raises `Unavailable`."""
        (serial,) = await self._state.many_get([names.minimum_serial(link_text(link_id))])
        return max(int(serial or 0), await Revoking(self._state).campaign_serial(campaign_tag_of(link_id)))

    async def _found(self, link_id: LinkId) -> tuple[int, Viewer]:
        link = link_text(link_id)
        keys = [names.viewer(link), names.minimum_serial(link), names.erased(link)]
        record, serial, erased = await self._state.many_get(keys)
        if record is None or erased is not None:
            raise NotFound("viewer")
        return int(serial or 0), self._opened(link_id, record)

    def _opened(self, link_id: LinkId, record: bytes) -> Viewer:
        key, plain = self._vault.open_record(link_id, record)
        kept = read_record(plain)
        return Viewer(
            viewer_id=kept.viewer_id,
            campaign_id=kept.campaign_id,
            attributes=kept.attributes,
            link_ref=self._identity.link_ref(kept.campaign_id, kept.viewer_id),
            link_id=link_id,
            data_key=key.secret,
        )


class Kept(NamedTuple):
    """What a record holds."""

    viewer_id: ViewerId
    campaign_id: CampaignId
    attributes: Mapping[str, object]
    """In the form of JSON."""
    at_s: int
    """When it was written."""


def write_record(campaign_id: CampaignId, viewer_id: str, attributes: Mapping[str, object], at_s: int) -> bytes:
    """What is sealed for a viewer."""
    return orjson.dumps({"viewer": viewer_id, "campaign": campaign_id, "attributes": attributes, "at_s": at_s})


def read_record(plain: bytes) -> Kept:
    """What `write_record` wrote."""
    kept = orjson.loads(plain)
    return Kept(ViewerId(kept["viewer"]), CampaignId(kept["campaign"]), kept["attributes"], kept["at_s"])


def load_viewers(path: Path, campaigns: Mapping[CampaignId, Campaign], *, strict: bool = True) -> tuple[Viewer, ...]:
    """Every viewer in a file of JSON lines, each `{"viewer": …, "campaign": …, "attributes": {…}}`.

    Raises `Invalid` with every broken line; problems name attributes and never show a value (B8). When not `strict`,
    viewers of other campaigns than these are passed over.
    """
    viewers: dict[tuple[CampaignId, ViewerId], Viewer] = {}
    problems: list[Problem] = []
    for row in read_rows(path):
        viewer = row.viewer
        if isinstance(viewer, Viewer):
            if not strict and viewer.campaign_id not in campaigns:
                continue
            viewer, found = _checked(viewer, campaigns, row.where)
            problems += found
            key = (viewer.campaign_id, viewer.viewer_id)
            if key in viewers:
                what = f"{quoted(viewer.viewer_id)} stands in the file twice"
                problems.append(Problem(f"{row.where}: viewer", what, "each viewer once a campaign"))
            viewers[key] = viewer
        else:
            problems.append(viewer)
    if problems:
        raise Invalid(problems)
    return tuple(viewers.values())


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a viewers' file."""

    where: str
    end_bytes: int
    """Where the line ends in the file: how far reading has come."""
    viewer: Viewer | Problem
    """The viewer with attributes as they were given, or why there is none."""


def read_rows(path: Path) -> Iterator[Row]:
    """The lines of a viewers' file one by one, in constant memory; raises `Invalid` when it cannot be read at all."""
    try:
        with path.open("rb") as file:
            end_bytes = 0
            for number, line in enumerate(_lines(file), start=1):
                end_bytes += len(line)
                if line.strip():
                    where = f"{path}:{number}"
                    yield Row(where, end_bytes, _parse_row(line, where))
    except OSError as error:
        raise invalid(str(path), f"cannot be read: {error.strerror}") from error


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(MAX_LINE_BYTES + 2):
        # The rest of a line that is too long belongs to it.
        while not line.endswith(b"\n") and (rest := file.readline(MAX_LINE_BYTES)):
            line = line[: MAX_LINE_BYTES + 1] + rest[-1:] if len(line) > MAX_LINE_BYTES else line + rest
        yield line


def _parse_row(line: bytes, where: str) -> Viewer | Problem:
    if len(line.rstrip(b"\r\n")) > MAX_LINE_BYTES:
        return Problem(where, "is too long", f"at most {MAX_LINE_BYTES} bytes")
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Problem(where, f"is not JSON: {error.msg}", SHAPE)
    if not isinstance(record, dict) or record.keys() != {"viewer", "campaign", "attributes"}:
        return Problem(where, "has other fields", SHAPE)
    viewer_id, campaign_id, attributes = record["viewer"], record["campaign"], record["attributes"]
    if not isinstance(viewer_id, str) or not viewer_id or len(viewer_id) > 200:
        return Problem(f"{where}: viewer", "is not a name", "1 to 200 characters")
    if not isinstance(campaign_id, str):
        return Problem(f"{where}: campaign", "is not a campaign's id", "text")
    if not isinstance(attributes, dict):
        return Problem(f"{where}: attributes", "is not an object", '{"attribute": value, …}')
    return Viewer(viewer_id=ViewerId(viewer_id), campaign_id=CampaignId(campaign_id), attributes=attributes)


def _checked(
    viewer: Viewer, campaigns: Mapping[CampaignId, Campaign], where: str
) -> tuple[Viewer, tuple[Problem, ...]]:
    campaign = campaigns.get(viewer.campaign_id)
    if campaign is None:
        known = ", ".join(sorted(campaigns))
        return viewer, (Problem(f"{where}: campaign", "is not a campaign of this server", known),)
    checked, problems = check_viewer(campaign.schema, viewer.attributes, where=where)
    return replace(viewer, attributes=checked), problems
