"""What a campaign is once it is loaded: frozen values, with every rule compiled.

Made by `load`, read by `core.rules` and by the pages. Holds nothing of any viewer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from streamsrv.core.campaign.cel import Expression
from streamsrv.core.campaign.rule import Rule
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.model import CallToAction, CampaignId, SceneId


@dataclass(frozen=True, slots=True)
class Always:
    """One scene, the same for everyone who reaches the slot."""

    scene_id: SceneId


@dataclass(frozen=True, slots=True)
class Option:
    when: Rule
    scene_id: SceneId


@dataclass(frozen=True, slots=True)
class Choose:
    """The first option whose rule is true; `otherwise` when none is, or when a rule fails."""

    options: tuple[Option, ...]
    otherwise: SceneId | None


@dataclass(frozen=True, slots=True)
class ForEach:
    """One scene for each record of a list."""

    attribute: str
    scene_id: SceneId


Content = Always | Choose | ForEach


@dataclass(frozen=True, slots=True)
class Slot:
    name: str
    content: Content
    when: Rule | None = None
    """The slot is left out unless this is true."""
    cta: CallToAction | None = None

    def scene_ids(self) -> tuple[SceneId, ...]:
        """Every scene that the slot can show, in the file's order."""
        match self.content:
            case Always(scene_id=scene_id) | ForEach(scene_id=scene_id):
                return (scene_id,)
            case Choose(options=options, otherwise=otherwise):
                scenes = tuple(option.scene_id for option in options)
                return scenes if otherwise is None else (*scenes, otherwise)


# Compared by identity: two campaigns are the same release when their `release` is.
@dataclass(frozen=True, slots=True, eq=False)
class Campaign:
    """One release of one campaign."""

    campaign_id: CampaignId
    title: str
    description: str
    brand: str
    lang: str
    """BCP 47: the language of the pages, and of sound and captions by default."""
    schema: Schema
    require: tuple[str, ...]
    audiences: Mapping[str, Rule]
    slots: tuple[Slot, ...]
    fallback: tuple[SceneId, ...]
    release: str
    """SHA-256 over the file's content without comments and layout, in hex."""
    needs: frozenset[str]
    """Attributes without which the fallback story is told: the required ones and those that rules read."""
    lists: tuple[str, ...]
    """The lists that slots go through."""
    rules: tuple[Rule, ...] = field(repr=False)
    """Every rule of the story once, in the file's order."""
    outcomes: Expression | None = field(repr=False)
    """All of `rules` in one expression, as `rule.as_masks` writes it; None when there are none."""
    reads_clock: bool
    """Whether any rule reads now or today."""

    def scene_ids(self) -> frozenset[SceneId]:
        """Every scene that any viewer can get."""
        return frozenset(self.fallback).union(*(slot.scene_ids() for slot in self.slots))
