"""What a campaign is once it is loaded: frozen values, with every rule compiled and every text parsed.

Made by `load`, read by `core.rules` and by the pages. Holds nothing of any viewer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from streamsrv.core.access import Access
from streamsrv.core.campaign.cel import Expression
from streamsrv.core.campaign.document import Mark
from streamsrv.core.campaign.languages import Languages
from streamsrv.core.campaign.rule import Rule
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.campaign.sources import Source
from streamsrv.core.campaign.template import Template
from streamsrv.core.experiments import Experiment
from streamsrv.core.model import CampaignId, SceneId, TenantId

MAX_MARKS = 24
"""Records that a chart can show."""


@dataclass(frozen=True, slots=True)
class OverlayText:
    """What an author puts into one overlay slot of a scene, by language."""

    name: str
    texts: Mapping[str, Template]
    defaults: Mapping[str, str]
    """Shown when a value is missing: the campaign's own, else the scene's. Empty when no value can be missing."""
    is_address: bool = False
    """Whether it is what a QR code leads to: values stand in it as in a call to action."""
    mark: Mark | None = field(default=None, compare=False)
    """Where it stands in the file."""
    text_marks: Mapping[str, Mark] = field(default_factory=dict, compare=False)
    """And each of its texts."""
    default_marks: Mapping[str, Mark] = field(default_factory=dict, compare=False)
    """And each default of the campaign's own; empty where they are the scene's."""

    @property
    def is_fixed(self) -> bool:
        """Whether it has no place for a value."""
        return all(template.is_fixed for template in self.texts.values())


@dataclass(frozen=True, slots=True)
class OverlayPicture:
    """Which of the brand's pictures an overlay slot shows, by the word of an attribute."""

    name: str
    attribute: str
    pictures: Mapping[str, str]
    """File names by word."""
    defaults: Mapping[str, str]
    """Shown for words without a picture and when the attribute is missing, as in `OverlayText`."""
    personal: bool
    mark: Mark | None = field(default=None, compare=False)

    @property
    def is_fixed(self) -> bool:
        """Never: it depends on an attribute."""
        return False


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records of a list, in which order; as in `ForEach`."""

    attribute: str
    order_by: tuple[str, ...] = ()
    descending: bool = False
    max_items: int | None = None


@dataclass(frozen=True, slots=True)
class OverlayChart:
    """What an overlay slot shows of the records of a list."""

    name: str
    records: Selection
    value: tuple[str, ...]
    """The path of the part of a record that gives its mark's size."""
    labels: Mapping[str, Template]
    """By language, as `texts`; empty for marks without a label."""
    texts: Mapping[str, Template]
    personal: bool
    mark: Mark | None = field(default=None, compare=False)

    @property
    def is_fixed(self) -> bool:
        """Never: it depends on a list."""
        return False


Filling = OverlayText | OverlayPicture | OverlayChart


@dataclass(frozen=True, slots=True)
class Ask:
    """A call to action as its author wrote it."""

    labels: Mapping[str, str]
    """By language."""
    url: Template


# Compared by identity, as parts of a campaign are.
@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One scene with the words on it."""

    scene_id: SceneId
    overlays: tuple[Filling, ...] = ()
    ask: Ask | None = None
    mark: Mark | None = None
    """Where the file names the scene."""

    @property
    def is_fixed(self) -> bool:
        """Whether its words are the same for everyone who is told them in one language."""
        asks = () if self.ask is None else (self.ask.url,)
        return all(part.is_fixed for part in (*self.overlays, *asks))


@dataclass(frozen=True, slots=True)
class Always:
    """The same for everyone who reaches the slot."""

    shown: Shown


@dataclass(frozen=True, slots=True)
class Option:
    when: Rule
    shown: Shown


@dataclass(frozen=True, slots=True)
class Choose:
    """The first option whose rule is true; `otherwise` when none is, or when a rule fails."""

    options: tuple[Option, ...]
    otherwise: Shown | None


@dataclass(frozen=True, slots=True)
class ForEach:
    """One scene for each record of a list."""

    attribute: str
    shown: Shown
    order_by: tuple[str, ...] = ()
    """Path of the part that records are sorted by; as given when empty."""
    descending: bool = False
    max_items: int | None = None


@dataclass(frozen=True, slots=True)
class Arms:
    """One scene by the arm that the viewer was assigned to; None for an arm that shows nothing."""

    experiment: Experiment
    shown: Mapping[str, Shown | None]


Content = Always | Choose | ForEach | Arms


# Compared by identity, as parts of a campaign are.
@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    name: str
    content: Content
    when: Rule | None = None
    """The slot is left out unless this is true."""
    drop_order: int | None = None
    """When the video is too long, the lowest number goes first; None is never dropped."""
    group: str | None = None

    def all_shown(self) -> tuple[Shown, ...]:
        """Everything that the slot can show, in the file's order."""
        match self.content:
            case Always(shown=shown) | ForEach(shown=shown):
                return (shown,)
            case Choose(options=options, otherwise=otherwise):
                found = tuple(option.shown for option in options)
                return found if otherwise is None else (*found, otherwise)
            case Arms(shown=by_arm):
                return tuple(shown for shown in by_arm.values() if shown is not None)

    def scene_ids(self) -> tuple[SceneId, ...]:
        """Every scene that the slot can show, in the file's order."""
        return tuple(shown.scene_id for shown in self.all_shown())


@dataclass(frozen=True, slots=True)
class Group:
    """Slots that stand or fall together."""

    name: str
    when: Rule | None
    drop_order: int | None


@dataclass(frozen=True, slots=True)
class Holdout:
    """Viewers who are never told the personal story, so that its effect can be measured."""

    share_ppm: int
    """Of all viewers, in parts per million."""
    control: tuple[Shown, ...]
    """What they see when they come."""


# Compared by identity: two campaigns are the same release when their `release` is.
@dataclass(frozen=True, slots=True, eq=False)
class Campaign:
    """One release of one campaign."""

    campaign_id: CampaignId
    tenant_id: TenantId
    titles: Mapping[str, str]
    """This and the next two by language."""
    descriptions: Mapping[str, str]
    brands: Mapping[str, str]
    languages: Languages
    schema: Schema
    require: tuple[str, ...]
    audiences: Mapping[str, Rule]
    slots: tuple[Slot, ...]
    groups: Mapping[str, Group]
    fallback: tuple[Shown, ...]
    holdout: Holdout | None
    experiments: tuple[Experiment, ...]
    randomize_by: str | None
    """The attribute that is randomized by (a household, say); the viewer when None."""
    timezone: tzinfo
    """In which days begin and times are told."""
    valid_from_s: int | None
    valid_until_s: int | None
    """Unix times between which the campaign is shown; the second is the first moment when it is not."""
    max_duration_ms: int | None
    whole_pictures: bool
    """Whether viewers' own segments are encoded whole, also where only some rows would have to be."""
    durations_ms: Mapping[SceneId, int]
    """How long each scene is; empty when the campaign was loaded without scenes."""
    release: str
    """SHA-256 over the file's content without comments and layout, in hex."""
    access: Access | None
    """The forwarding policy; None tells their own story to whoever holds a link."""
    consent: str | None
    """The attribute that says whether a viewer agreed to be measured; everybody did when None."""
    retention_days: int | None
    """How long after its import a viewer is kept; until erased when None."""
    sources: tuple[Source, ...]
    """Where attributes are asked for at the click, in the file's order."""
    needs: frozenset[str]
    """Attributes without which the fallback story is told: the required ones and those that rules read."""
    loops: tuple[ForEach, ...]
    """Every slot that goes through a list, in the file's order."""
    rules: tuple[Rule, ...] = field(repr=False)
    """Every rule of the story once, in the file's order."""
    outcomes: tuple[Expression, ...] = field(repr=False)
    """All of `rules`, `MASK_BITS` to an expression, as `rule.as_masks` writes them."""
    reads_clock: bool
    """Whether any rule reads now or today."""

    def told(self, words: Mapping[str, str], language: str) -> str:
        """What is given in `language`, fallbacks included; empty when nothing is given at all."""
        return self.languages.pick(words, language) if words else ""

    def told_in(self, words: Mapping[str, str], language: str) -> str:
        """The language of what `told` gives: another one where that stands in."""
        return (self.languages.source(words, language) if words else "") or language

    def is_shown_at(self, now_s: int) -> bool:
        """Whether sessions may begin at this Unix time."""
        return (self.valid_from_s is None or now_s >= self.valid_from_s) and (
            self.valid_until_s is None or now_s < self.valid_until_s
        )

    def all_shown(self) -> Iterator[Shown]:
        """Everything that any viewer can get."""
        yield from self.fallback
        if self.holdout is not None:
            yield from self.holdout.control
        for slot in self.slots:
            yield from slot.all_shown()

    def scene_ids(self) -> frozenset[SceneId]:
        """Every scene that any viewer can get."""
        return frozenset(shown.scene_id for shown in self.all_shown())
