"""What a slot shows: a scene, what stands in its overlay slots, and a call to action.

Owns the grammar of `scene`, `overlays` and `cta`, and holds them against the scenes that are packaged.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from streamsrv.core.campaign.campaign import Ask, Filling, OverlayChart, OverlayPicture, Shown
from streamsrv.core.campaign.document import Findings, Mark, Node, Scalar, listing, nearest, quoted
from streamsrv.core.campaign.fields import Records
from streamsrv.core.campaign.filling import FillingReader, Written
from streamsrv.core.campaign.languages import LanguageReader
from streamsrv.core.campaign.reading import Section, section, shape
from streamsrv.core.campaign.texts import URL_EXPECTED, TextReader
from streamsrv.core.model import Scene, SceneId

SCENE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
NAME_RULE = "small letters, digits and -"
MAX_LABEL_CHARS = 60


Overlays = tuple[Written, ...] | None
"""None when the section as a whole is wrong: what it would have filled is not known."""


class ShownReader:
    """Reads what slots show against the scenes that exist."""

    def __init__(
        self,
        texts: TextReader,
        fillings: FillingReader,
        *,
        reader: LanguageReader,
        scenes: Mapping[SceneId, Scene] | None,
        findings: Findings,
    ) -> None:
        self._texts = texts
        self._fillings = fillings
        self._reader = reader
        self._scenes = scenes
        self._findings = findings
        self._unfilled: list[tuple[Mark, SceneId, list[str]]] = []
        self.places: dict[SceneId, Mark] = {}
        """Where each scene is named first."""

    def scene(self, node: Node | None) -> SceneId | None:
        """The scene that `node` names; None, with a finding, when there is none of that name."""
        if node is None:
            return None
        if not isinstance(node, Scalar) or not SCENE_NAME.fullmatch(node.text):
            self._findings.add(node.mark, f"{shape(node)} is not the name of a scene", NAME_RULE)
            return None
        if self._scenes is not None and node.text not in self._scenes:
            known = tuple(sorted(self._scenes))
            close = nearest(node.text, known)
            expected = "a packaged scene" if close else f"a packaged scene: {listing(known) or 'there is none yet'}"
            self._findings.add(node.mark, f"there is no scene {quoted(node.text)}{close}", expected)
            return None
        self.places.setdefault(SceneId(node.text), node.mark)
        return SceneId(node.text)

    def shown(
        self,
        node: Node | None,
        *,
        own: Overlays = (),
        common: Overlays = (),
        ask: Ask | None = None,
        story: str = "",
    ) -> Shown | None:
        """The scene of `node` with its `own` overlays and those `common` ones it has a slot for.

        `story` is the fallback's or the control's key: the file has no place for overlays there.
        """
        scene_id = self.scene(node)
        if scene_id is None or node is None:
            self._read_unread(own)
            return None
        if own is None or common is None:
            return Shown(scene_id, (), ask, node.mark)
        scene = None if self._scenes is None else self._scenes[scene_id]
        strangers = [] if scene is None else [written for written in own if written.name not in scene.overlays]
        for written in strangers:
            known = tuple(scene.overlays) if scene else ()
            what = f"scene {quoted(scene_id)} has no overlay {quoted(written.name)}"
            expected = f"one of: {listing(known)}" if known else "none: it was packaged without overlays"
            self._findings.add(written.mark, f"{what}{nearest(written.name, known)}", expected)
        self._read_unread(strangers)
        names = {written.name for written in own}
        fitting = [one for one in common if scene is None or one.name in scene.overlays]
        used = [*own, *(one for one in fitting if one.name not in names)]
        filled = [self._filled(written, scene) for written in used if written not in strangers]
        bare = {} if scene is None else {name: slot for name, slot in scene.overlays.items() if not slot.default}
        empty = [name for name in bare if name not in {written.name for written in used}]
        # A misspelled overlay leaves one unfilled: that is one mistake, not two.
        if empty and not strangers:
            self._unfilled.append((node.mark, scene_id, empty))
        if not common:
            self._tell_unfilled(story)
        return Shown(scene_id, tuple(one for one in filled if one is not None), ask, node.mark)

    def _read_unread(self, overlays: Iterable[Written] | None) -> None:
        for written in overlays or ():
            self._fillings.read_unread(written)

    def _tell_unfilled(self, story: str = "") -> None:
        for mark, scene_id, empty in self._unfilled:
            what = f"nothing fills the overlay {', '.join(map(quoted, empty))} of scene {quoted(scene_id)}"
            here = f'overlays: {{{empty[0]}: "…"}}, or a default when it is packaged'
            if story:
                what += f" in the {story} story"
                here = "a default when it is packaged, or another scene"
            self._findings.add(mark, what, here)
        self._unfilled.clear()

    def overlays(self, keys: Section, item: Records | None) -> Overlays:
        """What the section's `overlays` holds, not yet read: the scene's slots say what it is."""
        node = keys.mapping("overlays", 'texts by overlay: {greeting: "Hello {first_name}"}')
        if node is None:
            return None if "overlays" in keys or keys.has_strangers else ()
        return tuple(Written(name, text, node.keys[name], item) for name, text in node.entries.items())

    def overlays_nobody_has(self, common: Overlays, shown: Sequence[Shown | None]) -> None:
        """A finding for each overlay of a whole slot that none of its scenes has, else for those unfilled.

        To be called when all of the slot's scenes were read.
        """
        self._read_unread(common)
        if self._scenes is None or common is None:
            return
        places = {name for one in shown if one is not None for name in self._scenes[one.scene_id].overlays}
        strangers = [written for written in common if written.name not in places]
        # A misspelled overlay leaves one unfilled in many scenes: that is one mistake.
        if not strangers:
            self._tell_unfilled()
        self._unfilled.clear()
        for written in () if None in shown else strangers:
            known = tuple(sorted(places))
            what = f"no scene of this slot has the overlay {quoted(written.name)}"
            close = nearest(written.name, known)
            self._findings.add(written.mark, f"{what}{close}", f"one of: {listing(known) or 'none'}")

    def ask(self, keys: Section, item: Records | None) -> Ask | None:
        """The section's call to action."""
        node = keys.mapping("cta", '{label: Renew now, url: "https://example.com/renew"}')
        cta = (
            section(node, self._findings, what="a cta", known=("label", "url"), required=("label", "url"))
            if node
            else None
        )
        if cta is None:
            return None
        labels = self._reader.words(cta.node("label"), what='"label"', max_chars=MAX_LABEL_CHARS)
        url = cta.scalar("url", URL_EXPECTED)
        template = None if url is None else self._texts.address(url, item, what='"url"')
        return None if template is None or not labels else Ask(labels, template)

    def _filled(self, written: Written, scene: Scene | None) -> Filling | None:
        """What is written, with what it shows when a value is missing; a finding when it would show nothing."""
        read = self._fillings.read(written, None if scene is None else scene.overlays[written.name].kind)
        if read is None or not read.missable:
            return None if read is None else read.filling
        defaults: Mapping[str, str] = {} if scene is None else scene.overlays[written.name].default
        if not defaults and scene is not None:
            what = f"overlay {quoted(written.name)}: {', '.join(map(quoted, read.missable))} may be missing"
            remedy = f'it in require, a default in the schema, or {{text: …, default: "…"}} for {quoted(written.name)}'
            if isinstance(read.filling, OverlayPicture):
                remedy = f"it in require, a default in the schema, or default: a picture for {quoted(written.name)}"
            self._findings.add(written.mark, what, remedy)
        return read.filling if isinstance(read.filling, OverlayChart) else replace(read.filling, defaults=defaults)
