"""What `check` notes about captions: scenes whose viewers read another language, or nothing. No mistakes.

A language that has no captions and no fallback for them is a mistake in the campaign's file, and told as one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from streamsrv.core.campaign import Campaign
from streamsrv.core.model import Scene, SceneId


def caption_notes(campaigns: Iterable[Campaign], scenes: Mapping[SceneId, Scene]) -> Iterator[str]:
    """A note for each language that scenes of a campaign lack captions in, and for those that have none at all."""
    for campaign in campaigns:
        shown = [scenes[name] for name in sorted(campaign.scene_ids()) if name in scenes]
        captioned = [scene for scene in shown if scene.captions]
        for language in campaign.languages.offered:
            lacking: dict[str, list[str]] = {}
            for scene in captioned:
                instead = next((tag for tag in campaign.languages.chain(language) if tag in scene.captions), language)
                if instead != language:
                    lacking.setdefault(instead, []).append(scene.scene_id)
            for instead, names in lacking.items():
                where = f"campaign {campaign.campaign_id}: {_scenes(names, len(shown))}"
                yield f"{where} no captions in {language}; who is told it in {language} reads those in {instead}"
        silent = [scene.scene_id for scene in shown if not scene.captions]
        if captioned and silent:
            where = f"campaign {campaign.campaign_id}: {_scenes(silent, len(shown))}"
            yield f"{where} no captions in any language, while others have some"


def _scenes(names: Sequence[str], of: int) -> str:
    if len(names) == of and of > 1:
        return f"all {of} scenes have"
    return f"scene {names[0]} has" if len(names) == 1 else f"scenes {', '.join(names)} have"
