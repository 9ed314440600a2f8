"""What the use cases hand out."""

from dataclasses import dataclass
from typing import NamedTuple

from streamsrv.core.access import Admission
from streamsrv.core.campaign import Campaign
from streamsrv.core.model import CallToAction, CampaignId, Cut, LinkId, Scene, Session, Story, Track
from streamsrv.core.pin import Pinned
from streamsrv.core.timeline import Timeline


class Playing(NamedTuple):
    """A session as its token tells it: everything its playlists and segments need."""

    session: Session
    cut: Cut
    campaign_id: CampaignId
    language: str
    """What the viewer is told the story in."""
    timeline: Timeline


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was just begun, and what its page needs to know."""

    session: Session
    cut: Cut
    token: str
    campaign: Campaign
    pinned: Pinned
    """All that was decided."""
    language: str
    personal: bool
    """Whether it is the viewer's own story that is told."""
    cta: CallToAction | None
    """What the viewer is asked to do at the end: the story's last call to action."""
    admission: Admission
    """What may be answered to be told more."""


@dataclass(frozen=True, slots=True)
class Landing:
    """What the page of a link shows around its video."""

    campaign: Campaign
    story: Story
    cta: CallToAction | None
    """What the viewer is asked to do at the end: the story's last call to action."""
    link_id: LinkId

    @property
    def language(self) -> str:
        return self.story.language


@dataclass(frozen=True, slots=True)
class Wanted:
    """A listed segment that a session asked for."""

    playing: Playing
    scene: Scene
    track: Track
    index: int
    base_units: int


class Poster(NamedTuple):
    """A picture of the video: a still of its scene, or one with the viewer's words."""

    data: bytes | memoryview
    name: str
    """Another one for other bytes."""
    content_type: str = "image/jpeg"


class InitSection(NamedTuple):
    """What a rendition's segments need once, before the first of them."""

    data: bytes
    content_type: str


class SegmentBody(NamedTuple):
    """A media segment on its viewer's clock, in two pieces so that the large one is never copied."""

    head: bytes
    body: memoryview
    etag: str
    content_type: str


class OwnBody(NamedTuple):
    """What is sent for one of the viewer's own segments."""

    body: SegmentBody
    outcome: str
    """"personal", "plain" where nothing is drawn for this viewer, or why the shared segment stands in (A5)."""
