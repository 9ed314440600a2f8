"""Viewers from a file of JSON lines, held in memory. For the demo and for tests; a campaign's own book comes later."""

import hmac
from collections.abc import Iterable, Mapping
from pathlib import Path

import orjson

from streamsrv.core.campaign import Campaign, check_viewer
from streamsrv.core.errors import Invalid, NotFound, Problem, invalid
from streamsrv.core.model import CampaignId, LinkId, Viewer, ViewerId
from streamsrv.core.urls import TokenKeys

MAX_LINE_BYTES = 64 * 1024


class MemoryViewerStore:
    """A `ViewerStore` over a fixed set of viewers."""

    def __init__(self, viewers: Iterable[Viewer], keys: TokenKeys) -> None:
        self._by_link = {link_id_of(viewer, keys): viewer for viewer in viewers}

    async def viewer_by_link(self, link_id: LinkId) -> Viewer:
        try:
            return self._by_link[link_id]
        except KeyError:
            raise NotFound("viewer") from None


def link_id_of(viewer: Viewer, keys: TokenKeys) -> LinkId:
    """The 128 bits that stand for this viewer: stable as long as the key is, and telling nothing without it (B10)."""
    named = f"link\0{viewer.campaign_id}\0{viewer.viewer_id}".encode()
    return LinkId(hmac.digest(keys.secrets[keys.current], named, "sha256")[:16])


def load_viewers(path: Path, campaigns: Mapping[CampaignId, Campaign]) -> tuple[Viewer, ...]:
    """Every viewer in a file of JSON lines, each `{"viewer": …, "campaign": …, "attributes": {…}}`.

    Raises `Invalid` with every broken line; problems name attributes and never show a value (B8).
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise invalid(str(path), f"cannot be read: {error.strerror}") from error
    viewers: dict[tuple[CampaignId, ViewerId], Viewer] = {}
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        where = f"{path}:{number}"
        if not line.strip():
            continue
        try:
            viewer = _parse_viewer(line, campaigns, where)
        except Invalid as error:
            problems += error.problems
            continue
        if (viewer.campaign_id, viewer.viewer_id) in viewers:
            problems.append(Problem(f"{where}: viewer", "stands in the file twice", "each viewer once a campaign"))
        viewers[viewer.campaign_id, viewer.viewer_id] = viewer
    if problems:
        raise Invalid(problems)
    return tuple(viewers.values())


def _parse_viewer(line: bytes, campaigns: Mapping[CampaignId, Campaign], where: str) -> Viewer:
    if len(line) > MAX_LINE_BYTES:
        raise invalid(where, f"has {len(line)} bytes", f"at most {MAX_LINE_BYTES}")
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise invalid(where, f"is not JSON: {error.msg}") from None
    if not isinstance(record, dict) or record.keys() != {"viewer", "campaign", "attributes"}:
        raise invalid(where, "has other fields", 'an object of "viewer", "campaign" and "attributes"')
    viewer_id, campaign_id, attributes = record["viewer"], record["campaign"], record["attributes"]
    if not isinstance(viewer_id, str) or not viewer_id or len(viewer_id) > 200:
        raise invalid(f"{where}: viewer", "is not a name", "1 to 200 characters")
    campaign = campaigns.get(CampaignId(campaign_id)) if isinstance(campaign_id, str) else None
    if campaign is None:
        raise invalid(f"{where}: campaign", "is not a campaign of this server", ", ".join(sorted(campaigns)))
    if not isinstance(attributes, dict):
        raise invalid(f"{where}: attributes", "is not an object", '{"attribute": value, …}')
    checked, problems = check_viewer(campaign.schema, attributes, where=where)
    if problems:
        raise Invalid(problems)
    return Viewer(viewer_id=ViewerId(viewer_id), campaign_id=campaign.campaign_id, attributes=checked)
