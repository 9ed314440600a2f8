"""The `story` and `fallback` sections: slots in playback order, each with what it shows and when.

Owns the grammar of slots and calls to action. What a rule may say is `rule`; which slots a viewer gets is
decided elsewhere, per session.
"""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from streamsrv.core.campaign.campaign import Always, Choose, Content, ForEach, Option, Slot
from streamsrv.core.campaign.document import Findings, Mapped, Node, Scalar, listing, nearest, quoted
from streamsrv.core.campaign.fields import Records
from streamsrv.core.campaign.reading import Section, section
from streamsrv.core.campaign.rule import Rule, RuleBook
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.model import CallToAction, SceneId

MAX_SLOTS = 50
MAX_OPTIONS = 50
MAX_SCENES = 200
"""Scenes in the longest story that any viewer can get."""
SLOT_KEYS = ("slot", "when", "scene", "choose", "otherwise", "for_each", "cta")
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
IDENTIFIER_RULE = "small letters, digits and -"
URL_EXPECTED = "an address such as https://example.com/renew"
MAX_URL_CHARS = 2_000


class StoryReader:
    """Reads slots against one schema, one book of rules and the scenes that exist."""

    def __init__(self, schema: Schema, book: RuleBook, scene_ids: Collection[str] | None, findings: Findings) -> None:
        self._schema = schema
        self._book = book
        self._scene_ids = None if scene_ids is None else tuple(sorted(scene_ids))
        self._findings = findings

    def slots(self, campaign: Section) -> tuple[Slot, ...]:
        """The slots of the story, without those that are wrong."""
        slots: list[Slot] = []
        names: set[str] = set()
        items = campaign.items("story", "a list of slots: [{slot: hello, scene: hello}]")
        if len(items) > MAX_SLOTS:
            self._findings.add(campaign.mark_of("story"), f"the story has {len(items)} slots", f"at most {MAX_SLOTS}")
        for item in items:
            keys = section(item, self._findings, what="a slot", known=SLOT_KEYS, required=("slot",))
            name = keys.scalar("slot", IDENTIFIER_RULE) if keys else None
            if keys is None or name is None:
                continue
            if name.text in names:
                self._findings.add(name.mark, f"a second slot {quoted(name.text)}", "each name once")
            names.add(name.text)
            slot = self._slot(keys, name)
            if slot is not None:
                slots.append(slot)
        longest = sum(self._longest(slot.content) for slot in slots)
        if longest > MAX_SCENES:
            what = f"the longest story has {longest} scenes"
            self._findings.add(campaign.mark_of("story"), what, f"at most {MAX_SCENES}: shorter lists or fewer slots")
        return tuple(slots)

    def fallback(self, campaign: Section) -> tuple[SceneId, ...]:
        """The scenes of the fallback story."""
        items = campaign.items("fallback", "a list of scenes: [hello-any, next-step]")
        if len(items) > MAX_SLOTS:
            self._findings.add(campaign.mark_of("fallback"), f"{len(items)} scenes", f"at most {MAX_SLOTS}")
        return tuple(scene for item in items if (scene := self._scene(item)) is not None)

    def _slot(self, keys: Section, name: Scalar) -> Slot | None:
        if not IDENTIFIER.fullmatch(name.text):
            self._findings.add(name.mark, f'"slot" is {quoted(name.text)}', IDENTIFIER_RULE)
        when = self._rule(keys, f"slot {quoted(name.text)}")
        content = self._content(keys, name.text)
        cta = self._cta(keys)
        return None if content is None else Slot(name.text, content, when, cta)

    def _content(self, keys: Section, name: str) -> Content | None:
        if ("scene" in keys) == ("choose" in keys):
            what = "both" if "scene" in keys else "neither"
            self._findings.add(keys.mark, f'slot {quoted(name)} has {what} "scene" and "choose"', "one of them")
            return None
        if "choose" in keys:
            return self._choose(keys)
        if "otherwise" in keys:
            self._findings.add(keys.mark_of("otherwise"), '"otherwise" stands with "choose" only', "a choose list")
        scene = self._scene(keys.node("scene"))
        if "for_each" not in keys:
            return None if scene is None else Always(scene)
        attribute = self._list(keys)
        return None if scene is None or attribute is None else ForEach(attribute, scene)

    def _choose(self, keys: Section) -> Choose | None:
        if "for_each" in keys:
            self._findings.add(keys.mark_of("for_each"), '"for_each" stands with "scene" only', "one scene")
        items = keys.items("choose", "a list of rules with scenes: [{when: loyal, scene: thanks}]")
        if len(items) > MAX_OPTIONS:
            self._findings.add(keys.mark_of("choose"), f"{len(items)} options", f"at most {MAX_OPTIONS}")
        options: list[Option] = []
        for item in items:
            known = ("when", "scene")
            option = section(item, self._findings, what="an option", known=known, required=known)
            if option is None:
                continue
            rule = self._rule(option, "an option")
            scene = self._scene(option.node("scene"))
            if rule is not None and scene is not None:
                options.append(Option(rule, scene))
        otherwise = self._scene(keys.node("otherwise"))
        return Choose(tuple(options), otherwise) if options else None

    def _list(self, keys: Section) -> str | None:
        lists = tuple(name for name, field in self._schema.fields.items() if isinstance(field.type, Records))
        expected = f"one of the lists: {', '.join(lists)}" if lists else "a list that the schema declares"
        node = keys.scalar("for_each", expected)
        if node is None or node.text in lists:
            return node.text if node else None
        self._findings.add(node.mark, f"{quoted(node.text)} is no list{nearest(node.text, lists)}", expected)
        return None

    def _rule(self, keys: Section, what: str) -> Rule | None:
        node = keys.scalar("when", 'a condition such as product == "home"')
        return None if node is None else self._book.rule(node, what)

    def _scene(self, node: Node | None) -> SceneId | None:
        if node is None:
            return None
        if not isinstance(node, Scalar) or not IDENTIFIER.fullmatch(node.text):
            shown = quoted(node.text) if isinstance(node, Scalar) else "this"
            self._findings.add(node.mark, f"{shown} is not the name of a scene", IDENTIFIER_RULE)
            return None
        if self._scene_ids is not None and node.text not in self._scene_ids:
            known = listing(self._scene_ids) or "no scene is packaged yet"
            what = f"there is no scene {quoted(node.text)}{nearest(node.text, self._scene_ids)}"
            self._findings.add(node.mark, what, f"a packaged scene: {known}")
        return SceneId(node.text)

    def _cta(self, keys: Section) -> CallToAction | None:
        node = keys.mapping("cta", '{label: Renew now, url: "https://example.com/renew"}')
        if node is None:
            return None
        cta = section(node, self._findings, what="a cta", known=("label", "url"), required=("label", "url"))
        assert isinstance(node, Mapped)
        assert cta is not None
        label = cta.text("label", default="", max_length=60)
        url = cta.scalar("url", URL_EXPECTED)
        if url is None:
            return None
        if fault := url_fault(url.text):
            self._findings.add(url.mark, f'"url" is {quoted(url.text)}: {fault}', URL_EXPECTED)
        return CallToAction(label, url.text)

    def _longest(self, content: Content) -> int:
        if not isinstance(content, ForEach):
            return 1
        declared = self._schema.fields[content.attribute].type
        assert isinstance(declared, Records)
        return declared.max_items


def url_fault(url: str) -> str:
    """What is wrong with the address of a call to action; empty when nothing is.

    Only https, and no templates: an address is the same for every viewer.
    """
    if len(url) > MAX_URL_CHARS:
        return f"longer than {MAX_URL_CHARS} characters"
    if not url.isascii() or not url.isprintable() or any(letter in url for letter in ' "<>\\^`{|}'):
        return "has characters that do not belong in an address"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "is not an address"
    if parts.scheme != "https":
        return "is not https"
    if not parts.hostname or port == 0:
        return "has no host"
    return "has a user name" if "@" in parts.netloc else ""
