"""Viewers from a file of JSON lines, held in memory. For the demo and for tests; a campaign's own book comes later."""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import orjson

from streamsrv.core.campaign import Campaign, check_viewer
from streamsrv.core.campaign.document import quoted
from streamsrv.core.errors import Invalid, NotFound, Problem, invalid
from streamsrv.core.model import CampaignId, LinkId, Viewer, ViewerId
from streamsrv.core.urls import TokenKeys

MAX_LINE_BYTES = 64 * 1024
SHAPE = 'an object of "viewer", "campaign" and "attributes"'


class MemoryViewerStore:
    """A `ViewerStore` over a fixed set of viewers."""

    def __init__(self, viewers: Iterable[Viewer], keys: TokenKeys) -> None:
        self._by_link = {
            link_id_of(viewer, keys): replace(viewer, link_ref=link_ref_of(viewer, keys)) for viewer in viewers
        }

    async def viewer_by_link(self, link_id: LinkId) -> Viewer:
        try:
            return self._by_link[link_id]
        except KeyError:
            raise NotFound("viewer") from None


def link_id_of(viewer: Viewer, keys: TokenKeys) -> LinkId:
    """The 128 bits that stand for this viewer: stable as long as the key is, and telling nothing without it (B10)."""
    named = f"link\0{viewer.campaign_id}\0{viewer.viewer_id}".encode()
    return LinkId(hmac.digest(keys.secrets[keys.current], named, "sha256")[:16])


def link_ref_of(viewer: Viewer, keys: TokenKeys) -> str:
    """The viewer's name in the addresses of calls to action: opaque, stable, and of no use as a link."""
    named = f"ref\0{viewer.campaign_id}\0{viewer.viewer_id}".encode()
    return hmac.digest(keys.secrets[keys.current], named, "sha256")[:12].hex()


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
