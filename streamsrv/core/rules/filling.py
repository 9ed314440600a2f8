"""What one viewer is shown in a scene's overlay slots."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from streamsrv.core.campaign import Attributes, Campaign
from streamsrv.core.campaign.campaign import Filling, OverlayChart, OverlayPicture, OverlayText
from streamsrv.core.campaign.formats import value_at
from streamsrv.core.campaign.languages import Tongue
from streamsrv.core.campaign.template import Template, fill, fill_url
from streamsrv.core.campaign.texts import LINK_REF
from streamsrv.core.model import Mark, Overlay, Viewer
from streamsrv.core.rules.asking import items_of


@dataclass(frozen=True, slots=True)
class Filler:
    """One viewer's values and language, in one scene."""

    campaign: Campaign
    viewer: Viewer
    attributes: Mapping[str, object]
    tongue: Tongue
    item: Mapping[str, object] | None
    """The record that the scene is about."""

    def overlay(self, filling: Filling) -> Overlay:
        """What the slot shows: the default where a value is missing."""
        match filling:
            case OverlayText(is_address=True):
                return self._code(filling)
            case OverlayText():
                return self._text(filling)
            case OverlayPicture(name=name):
                picture = filling.pictures.get(str(self.attributes.get(filling.attribute)))
                if picture is None:
                    return self._default(name, filling.defaults)
                return Overlay(name, picture, personal=filling.personal)
            case OverlayChart(name=name):
                return Overlay(name, "", personal=filling.personal, marks=self._marks(filling))

    def _text(self, filling: OverlayText) -> Overlay:
        template = self._pick(filling.texts)
        text = self._told(filling.texts, self.item)
        # A blank value leaves nothing to show; a text that its author left empty is meant to be.
        if text is None or (template.text and not text.strip()):
            return self._default(filling.name, filling.defaults)
        return Overlay(filling.name, text, personal=template.personal)

    def _code(self, filling: OverlayText) -> Overlay:
        template = self._pick(filling.texts)
        extra = {LINK_REF: self.viewer.link_ref}
        address = fill_url(template, self.attributes, item=self.item, extra=extra)
        if address is None:
            return self._default(filling.name, filling.defaults)
        # What leads to the viewer is theirs alone, though no attribute of theirs stands in it.
        return Overlay(filling.name, address, personal=template.personal or LINK_REF in template.extras)

    def _marks(self, chart: OverlayChart) -> tuple[Mark, ...]:
        attributes = self.attributes
        if not isinstance(attributes, Attributes) or chart.records.attribute not in attributes:
            return ()
        records = attributes[chart.records.attribute]
        assert isinstance(records, tuple)
        found = []
        for at in items_of(chart.records, attributes):
            value = value_at(records[at], chart.value)
            if isinstance(value, int | float | Decimal):
                label, text = (self._told(words, records[at]) or "" for words in (chart.labels, chart.texts))
                found.append(Mark(label, float(value), text))
        return tuple(found)

    def _told(self, words: Mapping[str, Template], item: Mapping[str, object] | None) -> str | None:
        if not words:
            return None
        spoken = self.campaign.languages.of_text(words, self.tongue)
        return fill(
            self._pick(words), self.attributes, locale=spoken.locale, language=spoken.language,
            timezone=self.campaign.timezone, item=item,
        )  # fmt: skip

    def _pick(self, words: Mapping[str, Template]) -> Template:
        return self.campaign.languages.pick(words, self.tongue.language)

    def _default(self, name: str, defaults: Mapping[str, str]) -> Overlay:
        return Overlay(name, self.campaign.told(defaults, self.tongue.language), defaulted=True)
