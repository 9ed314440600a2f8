"""Short ways to load a campaign's text, to see what is wrong with it, and to tell a made-up viewer its story."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from streamsrv.core.campaign import Campaign, load_campaign
from streamsrv.core.errors import Invalid
from streamsrv.core.model import CampaignId, OverlaySlot, Scene, SceneId, Story, Viewer, ViewerId
from streamsrv.core.rules import decide
from tests.timelines import make_scene

NOW_S = 1_800_000_000  # 2027-01-15 08:00 UTC
UNIT_S = 8 / 15
Scenes = Mapping[SceneId, Scene]


def scene(
    scene_id: str,
    *overlays: str,
    default: Mapping[str, str] | None = None,
    units: int = 15,
    languages: Sequence[str] = ("en",),
    captions: Sequence[str] = (),
) -> Scene:
    """A packaged scene of `units` × 8/15 s with text overlays of these names, all with the same `default`."""
    slot = OverlaySlot("text", 0, 1, (0.1, 0.1, 0.8, 0.2), default or {})
    made = make_scene(scene_id, [units], languages=languages, caption_languages=captions)
    return replace(made, overlays=dict.fromkeys(overlays, slot))


def packaged(*scenes: Scene | str) -> Scenes:
    """Scenes as campaigns are held against; a bare name is a scene without overlays."""
    made = [scene(one) if isinstance(one, str) else one for one in scenes]
    return {one.scene_id: one for one in made}


def load(
    text: str,
    scenes: Scenes | None = None,
    *,
    cta_hosts: Sequence[str] = (),
    source_hosts: Sequence[str] | None = None,
) -> Campaign:
    """The campaign that `text` describes, in a file called c.yaml."""
    return load_campaign(text, where="c.yaml", scenes=scenes, cta_hosts=cta_hosts, source_hosts=source_hosts)


def problems(
    text: str,
    scenes: Scenes | None = None,
    *,
    cta_hosts: Sequence[str] = (),
    source_hosts: Sequence[str] | None = None,
) -> list[str]:
    """Everything that is wrong with `text`, without the file's name."""
    with pytest.raises(Invalid) as caught:
        load(text, scenes, cta_hosts=cta_hosts, source_hosts=source_hosts)
    return [str(problem).removeprefix("c.yaml:") for problem in caught.value.problems]


def viewer(viewer_id: str = "v", /, **attributes: object) -> Viewer:
    """A viewer with these attributes, not yet checked."""
    return Viewer(ViewerId(viewer_id), CampaignId("test"), attributes, "r-1")


def tell(campaign: Campaign, *, assigned: Mapping[str, str] | None = None, **attributes: object) -> Story:
    """The story of a viewer with these attributes at `NOW_S`."""
    return decide(campaign, viewer(**attributes), now_s=NOW_S, assigned=assigned)


def cut(story: Story) -> list[str]:
    """The story's scenes, in order."""
    return [str(decision.scene_id) for decision in story.decisions]


def words(story: Story) -> list[dict[str, str]]:
    """What stands on each of the story's scenes."""
    return [{overlay.name: overlay.text for overlay in decision.overlays} for decision in story.decisions]
