"""A story's cut, small enough for a token: which scenes in which slots, of which release. And back again.

The whole timeline follows from it, in any process, with no store asked and no rule evaluated.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from streamsrv.core.campaign import Campaign
from streamsrv.core.catalog import Catalog
from streamsrv.core.errors import Expired, NotFound
from streamsrv.core.model import Cut, Scene, Story
from streamsrv.core.tokens import MAX_PLACES, PLACE_BYTES, RELEASE_TAG_BYTES, SCENE_TAG_BYTES

FIXED_SLOTS = {"control": 254, "fallback": 255}
"""Slots of the stories that a campaign tells beside its own; its own slots count from 0."""
KEPT_RELEASES = 256


def release_tag(campaign: Campaign) -> bytes:
    """The 4 bytes that stand for a release in its sessions' tokens."""
    return bytes.fromhex(campaign.release[: 2 * RELEASE_TAG_BYTES])


def cut_of(campaign: Campaign, story: Story, catalog: Catalog, *, no_events: bool = False) -> Cut:
    """What `story` shows; raises `NotFound` for a scene that is not packaged."""
    indexes = _slot_indexes(campaign)
    try:
        places = [
            catalog.tags[decision.scene_id] + indexes[decision.slot].to_bytes(1, "big") for decision in story.decisions
        ]
    except KeyError:
        raise NotFound("scene") from None
    if not 0 < len(places) <= MAX_PLACES:
        raise NotFound("scene")
    return Cut(
        kind=story.kind,
        language=campaign.languages.offered.index(story.language),
        no_events=no_events,
        release_tag=release_tag(campaign),
        places=b"".join(places),
    )


def placed(cut: Cut, campaign: Campaign, catalog: Catalog) -> Iterator[tuple[Scene, str]]:
    """Each scene with its slot, in order; the slot is "" where `campaign` is another release than the cut's.

    Raises `Expired` for a scene that is no longer packaged as it was.
    """
    names = _slot_names(campaign) if release_tag(campaign) == cut.release_tag else {}
    for at in range(0, len(cut.places), PLACE_BYTES):
        scene = catalog.by_tag.get(cut.places[at : at + SCENE_TAG_BYTES])
        if scene is None:
            raise Expired("this video is no longer available")
        yield scene, names.get(cut.places[at + SCENE_TAG_BYTES], "")


def language_of(cut: Cut, campaign: Campaign) -> str:
    """What the viewer is told the story in; the default where another release no longer offers it."""
    offered = campaign.languages.offered
    return offered[cut.language] if cut.language < len(offered) else offered[0]


@lru_cache(maxsize=KEPT_RELEASES)
def _slot_indexes(campaign: Campaign) -> Mapping[str, int]:
    return {**{slot.name: index for index, slot in enumerate(campaign.slots)}, **FIXED_SLOTS}


@lru_cache(maxsize=KEPT_RELEASES)
def _slot_names(campaign: Campaign) -> Mapping[int, str]:
    return {index: name for name, index in _slot_indexes(campaign).items()}
