"""What a slot shows: a scene, the texts in its overlay slots, and a call to action.

Owns the grammar of `scene`, `overlays` and `cta`, and holds them against the scenes that are packaged.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from streamsrv.core.campaign.campaign import Ask, OverlayText, Shown
from streamsrv.core.campaign.document import Findings, Mapped, Mark, Node, Scalar, listing, nearest, quoted
from streamsrv.core.campaign.fields import Records
from streamsrv.core.campaign.formats import AsCount
from streamsrv.core.campaign.languages import LanguageReader
from streamsrv.core.campaign.reading import Section, section, shape
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.campaign.template import Placeholder, Scope, Template, read_template
from streamsrv.core.model import Scene, SceneId

SCENE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
NAME_RULE = "small letters, digits and -"
URL_EXPECTED = "an address such as https://example.com/renew"
MAX_URL_CHARS = 2_000
MAX_LABEL_CHARS = 60
MAX_DEFAULT_CHARS = 300
LOST = Records({})
"""The records of a list whose declaration is wrong: what `item` has is not known."""
LINK_REF = "link_ref"
"""Stands in addresses for the viewer: it tells the landing site who came, and tells nobody else anything."""


@dataclass(frozen=True, slots=True)
class Written:
    """One overlay as its author wrote it, with its place in the file."""

    text: OverlayText
    mark: Mark
    missable: tuple[str, ...]
    """Attributes it reads that a viewer may lack."""


Overlays = tuple[Written, ...] | None
"""None when the section as a whole is wrong: what it would have filled is not known."""


class ShownReader:
    """Reads what slots show against one schema and the scenes that exist."""

    def __init__(
        self,
        schema: Schema,
        *,
        broken: Collection[str],
        require: Collection[str],
        secret: Collection[str],
        reader: LanguageReader,
        scenes: Mapping[SceneId, Scene] | None,
        cta_hosts: Sequence[str],
        findings: Findings,
    ) -> None:
        self._schema = schema
        self._broken = broken
        self._secret = secret
        self._optional = {
            name for name, field in schema.fields.items()
            if field.default is None and name not in require and not isinstance(field.type, Records)
        }  # fmt: skip
        self._reader = reader
        self._scenes = scenes
        self._cta_hosts = tuple(cta_hosts)
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
        fillable: bool = True,
    ) -> Shown | None:
        """The scene of `node` with its `own` overlays and those `common` ones it has a slot for.

        `fillable` is false where the file has no place for overlays.
        """
        scene_id = self.scene(node)
        if scene_id is None or node is None:
            return None
        if own is None or common is None:
            return Shown(scene_id, (), ask)
        scene = None if self._scenes is None else self._scenes[scene_id]
        strangers = [] if scene is None else [written for written in own if written.text.name not in scene.overlays]
        for written in strangers:
            known = tuple(scene.overlays) if scene else ()
            what = f"scene {quoted(scene_id)} has no overlay {quoted(written.text.name)}"
            expected = f"one of: {listing(known)}" if known else "none: it was packaged without overlays"
            self._findings.add(written.mark, f"{what}{nearest(written.text.name, known)}", expected)
        names = {written.text.name for written in own}
        fitting = [one for one in common if scene is None or one.text.name in scene.overlays]
        used = [*own, *(one for one in fitting if one.text.name not in names)]
        filled = [self._with_default(written, scene) for written in used if written not in strangers]
        bare = {} if scene is None else {name: slot for name, slot in scene.overlays.items() if not slot.default}
        empty = [name for name in bare if name not in {written.text.name for written in used}]
        # A misspelled overlay leaves one unfilled: that is one mistake, not two.
        if empty and not strangers:
            self._unfilled.append((node.mark, scene_id, empty))
        if not common:
            self._tell_unfilled(fillable=fillable)
        return Shown(scene_id, tuple(filled), ask)

    def _tell_unfilled(self, *, fillable: bool = True) -> None:
        for mark, scene_id, empty in self._unfilled:
            what = f"nothing fills the overlay {', '.join(map(quoted, empty))} of scene {quoted(scene_id)}"
            here = f'overlays: {{{empty[0]}: "…"}}, or a default when it is packaged'
            self._findings.add(mark, what, here if fillable else "a default when it is packaged, or another scene")
        self._unfilled.clear()

    def overlays(self, keys: Section, item: Records | None) -> Overlays:
        """The texts of the section's `overlays`; one that is wrong has none, with a finding."""
        node = keys.mapping("overlays", 'texts by overlay: {greeting: "Hello {first_name}"}')
        if node is None:
            return None if "overlays" in keys or keys.has_strangers else ()
        return tuple(self._overlay(name, text, node.keys[name], item) for name, text in node.entries.items())

    def overlays_nobody_has(self, common: Overlays, shown: Sequence[Shown | None]) -> None:
        """A finding for each overlay of a whole slot that none of its scenes has, else for those unfilled.

        To be called when all of the slot's scenes were read.
        """
        if self._scenes is None or common is None:
            return
        places = {name for one in shown if one is not None for name in self._scenes[one.scene_id].overlays}
        strangers = [written for written in common if written.text.name not in places]
        # A misspelled overlay leaves one unfilled in many scenes: that is one mistake.
        if not strangers:
            self._tell_unfilled()
        self._unfilled.clear()
        for written in () if None in shown else strangers:
            known = tuple(sorted(places))
            what = f"no scene of this slot has the overlay {quoted(written.text.name)}"
            close = nearest(written.text.name, known)
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
        template = None if url is None else self._address(url, item)
        return None if template is None or not labels else Ask(labels, template)

    def _overlay(self, name: str, node: Node, mark: Mark, item: Records | None) -> Written:
        what = f"overlay {quoted(name)}"
        defaults: Mapping[str, str] = {}
        text: Node | None = node
        default: Node | None = None
        if isinstance(node, Mapped) and not node.entries.keys().isdisjoint(("text", "default")):
            keys = section(node, self._findings, what=what, known=("text", "default"), required=("text",))
            assert keys is not None
            text = keys.node("text")
            default = keys.node("default")
            defaults = self._reader.words(default, what=f"the default of {what}", max_chars=MAX_DEFAULT_CHARS)
        scope = self._scope(item)
        texts: Mapping[str, Template] = {}
        if text is not None:
            texts = self._reader.by_language(text, lambda scalar: self._template(scalar, scope, what), what=what)
        reads = dict.fromkeys(name for template in texts.values() for name in template.reads)
        # A default that is wrong has its finding already: it is not missing, too.
        spoiled = default is not None and not defaults
        missable = () if spoiled else tuple(name for name in reads if name in self._optional)
        return Written(OverlayText(name, texts, defaults), mark, missable)

    def _template(self, scalar: Scalar, scope: Scope, what: str) -> Template | None:
        template = read_template(scalar, scope, self._findings, what=what)
        for name in self._secret if template is not None else ():
            if template is not None and name in template.reads:
                told = f"{what} {quoted(scalar.text)}: {quoted(name)} is what viewers prove who they are with"
                self._findings.add(scalar.mark, told, "another attribute: whoever sees it could answer for them")
        return template

    def _with_default(self, written: Written, scene: Scene | None) -> OverlayText:
        """The overlay with what it shows when a value is missing; a finding when it would show nothing."""
        text = written.text
        if not written.missable or text.defaults:
            return text
        defaults: Mapping[str, str] = {} if scene is None else scene.overlays[text.name].default
        if not defaults and scene is not None:
            what = f"overlay {quoted(text.name)}: {', '.join(map(quoted, written.missable))} may be missing"
            remedy = f'it in require, a default in the schema, or {{text: …, default: "…"}} for {quoted(text.name)}'
            self._findings.add(written.mark, what, remedy)
        return OverlayText(text.name, text.texts, defaults)

    def _address(self, url: Scalar, item: Records | None) -> Template | None:
        template = read_template(
            url, self._scope(item, LINK_REF), self._findings, what='"url"', max_chars=MAX_URL_CHARS
        )
        if template is None:
            return None
        fault = url_fault(template, self._cta_hosts)
        missable = [name for name in template.reads if name in self._optional]
        # A list has no plain form but its length.
        formatted = any(
            isinstance(part, Placeholder) and part.named and not isinstance(part.format, AsCount)
            for part in template.parts
        )
        if fault:
            self._findings.add(url.mark, f'"url" is {quoted(url.text)}: {fault[0]}', fault[1])
        elif formatted:
            what = f'"url" is {quoted(url.text)}: values stand in addresses as they are'
            self._findings.add(url.mark, what, "no format: {premium} gives 812.40, {renewal_on} gives 2027-03-31")
        elif template.personal:
            what = f'"url" is {quoted(url.text)}: personal attributes may not stand in addresses'
            self._findings.add(url.mark, what, "{link_ref}, which stands for the viewer")
        elif missable:
            what = f'"url" is {quoted(url.text)}: {", ".join(map(quoted, missable))} may be missing'
            self._findings.add(url.mark, what, "it in require, or a default")
        return template

    def _scope(self, item: Records | None, *extra: str) -> Scope:
        if item is LOST:
            return Scope(self._schema, None, (*self._broken, "item"), self._reader.languages.offered, extra)
        return Scope(self._schema, item, self._broken, self._reader.languages.offered, extra)


def url_fault(template: Template, hosts: Sequence[str]) -> tuple[str, str] | None:
    """What is wrong with the address of a call to action, and what was expected; None when nothing is.

    Only https, to a host that is written out and, when there are `hosts`, among them (`*.` stands for any below).
    """
    pieces = [part if isinstance(part, str) else "x" for part in template.parts]
    url = "".join(pieces)
    if not url.isascii() or not url.isprintable() or any(letter in url for letter in ' "<>\\^`{|}'):
        return "it has characters that do not belong in an address", URL_EXPECTED
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "it is not an address", URL_EXPECTED
    host = parts.hostname
    if parts.scheme != "https":
        return "it does not begin with https://", URL_EXPECTED
    if not host or port == 0 or "@" in parts.netloc:
        return "it has a user name" if "@" in parts.netloc else "it has no host", URL_EXPECTED
    fixed = pieces[0] if isinstance(template.parts[0], str) else ""
    if len(pieces) > 1 and not re.match(r"https://[^/?#]+[/?#]", fixed):
        return "its host is not written out", "the host, then / before the first {…}"
    if hosts and not any(_allows(pattern, host) for pattern in hosts):
        return f"{host} is not an allowed host", f"one of cta_hosts in the server's settings: {', '.join(hosts)}"
    return None


def _allows(pattern: str, host: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern
