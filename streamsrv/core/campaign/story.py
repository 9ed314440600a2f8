"""The `story` section: slots and groups in playback order, each with what it shows and when.

Owns the grammar of slots. What a rule may say is `rule`, what a slot shows is `shown`; which slots a viewer gets is
decided elsewhere, per session.
"""

import re
from dataclasses import dataclass

from streamsrv.core.campaign.campaign import Always, Arms, Ask, Choose, Content, ForEach, Group, Option, Shown, Slot
from streamsrv.core.campaign.document import Findings, Mapped, Mark, Node, Scalar, quoted
from streamsrv.core.campaign.fields import Records
from streamsrv.core.campaign.lists import read_list, read_order
from streamsrv.core.campaign.reading import Section, section
from streamsrv.core.campaign.rule import Rule, RuleBook
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.campaign.shown import Overlays, ShownReader
from streamsrv.core.campaign.texts import LOST
from streamsrv.core.experiments import HOLDOUT, Experiment

MAX_SLOTS = 100
MAX_OPTIONS = 200
MAX_ARMS = 20
MAX_WEIGHT = 1_000_000
MAX_DROP_ORDER = 100
MAX_SCENES = 200
"""Scenes in the longest story that any viewer can get."""
SLOT_KEYS = (
    "slot", "when", "scene", "choose", "otherwise", "for_each", "order_by", "max", "experiment", "arms", "overlays",
    "cta", "drop_order",
)  # fmt: skip
GROUP_KEYS = ("group", "when", "slots", "drop_order")
SHOWN_KEYS = ("scene", "overlays", "cta")
KINDS = ("scene", "choose", "arms")
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
NAME_RULE = "small letters, digits and -"


@dataclass(frozen=True, slots=True)
class Branch:
    """One way through a slot, to be held against the schema: can anybody take it?"""

    rule: Rule
    mark: Mark
    what: str
    true: tuple[Rule, ...]
    """What else must be true."""
    false: tuple[Rule, ...]
    """What must have been false before."""


class StoryReader:
    """Reads slots against one schema and one book of rules."""

    def __init__(
        self, schema: Schema, book: RuleBook, shown: ShownReader, findings: Findings, broken: tuple[str, ...]
    ) -> None:
        self._schema = schema
        self._book = book
        self._shown = shown
        self._findings = findings
        self._broken = broken
        self._names: dict[str, Mark] = {}
        self.groups: dict[str, Group] = {}
        self.experiments: dict[str, Experiment] = {}
        self.branches: list[Branch] = []

    def slots(self, campaign: Section) -> tuple[Slot, ...]:
        """The slots of the story, without those that are wrong."""
        slots: list[Slot] = []
        for item in campaign.items("story", "a list of slots: [{slot: hello, scene: hello}]"):
            if _is_group(item):
                slots += self._group(item)
            elif (slot := self._slot(item, None)) is not None:
                slots.append(slot)
        mark = campaign.mark_of("story")
        if len(slots) > MAX_SLOTS:
            self._findings.add(mark, f"the story has {len(slots)} slots", f"at most {MAX_SLOTS}")
        longest = sum(self._longest(slot.content) for slot in slots)
        if longest > MAX_SCENES:
            what = f"the longest story has {longest} scenes"
            self._findings.add(mark, what, f"at most {MAX_SCENES}: shorter lists or fewer slots")
        return tuple(slots)

    def _group(self, item: Node) -> list[Slot]:
        required = ("group", "slots")
        keys = section(item, self._findings, what=_called(item, "group"), known=GROUP_KEYS, required=required)
        assert keys is not None
        name = self._name(keys, "group")
        when = self._rule(keys, f"group {quoted(name)}")
        group = Group(name, when, self._drop_order(keys))
        self.groups[name] = group
        if when is not None:
            mark = keys.mark_of("when")
            self.branches.append(Branch(when, mark, f"group {quoted(name)}", (), ()))
        items = keys.items("slots", "a list of slots: [{slot: hello, scene: hello}]")
        slots: list[Slot] = []
        for node in items:
            if _is_group(node):
                self._findings.add(node.mark, f"a group stands in group {quoted(name)}", "slots: groups hold no groups")
            elif (slot := self._slot(node, group)) is not None:
                slots.append(slot)
        return slots

    def _slot(self, item: Node, group: Group | None) -> Slot | None:
        keys = section(item, self._findings, what=_called(item, "slot"), known=SLOT_KEYS, required=("slot",))
        if keys is None or "slot" not in keys:
            return None
        name = self._name(keys, "slot")
        what = f"slot {quoted(name)}"
        when = self._rule(keys, what)
        guards = tuple(rule for rule in (group.when if group else None, when) if rule is not None)
        if when is not None:
            self.branches.append(Branch(when, keys.mark_of("when"), what, guards[:-1], ()))
        if group is not None and "drop_order" in keys:
            mark = keys.mark_of("drop_order")
            self._findings.add(mark, '"drop_order" stands in a group', "it at the group, which is dropped whole")
        content = self._content(keys, what, guards)
        drop_order = self._drop_order(keys)
        return None if content is None else Slot(name, content, when, drop_order, group.name if group else None)

    def _content(self, keys: Section, what: str, guards: tuple[Rule, ...]) -> Content | None:
        kinds = [kind for kind in KINDS if kind in keys]
        if not kinds and keys.has_strangers:
            return None
        if len(kinds) != 1:
            found = " and ".join(map(quoted, kinds)) or "nothing to show"
            self._findings.add(keys.mark, f"{what} has {found}", 'one of "scene", "choose" and "arms"')
            return None
        self._belong(keys, "otherwise", "choose")
        self._belong(keys, "for_each", "scene")
        self._belong(keys, "order_by", "for_each")
        self._belong(keys, "max", "for_each")
        self._belong(keys, "experiment", "arms")
        if "arms" in keys:
            return self._arms(keys, what)
        if "choose" in keys:
            return self._choose(keys, what, guards)
        attribute = read_list(keys, "for_each", self._schema, self._broken)
        of = self._schema.fields[attribute].type if attribute else LOST if "for_each" in keys else None
        records = of if isinstance(of, Records) else None
        own = self._shown.overlays(keys, records)
        shown = self._shown.shown(keys.node("scene"), own=own, ask=self._shown.ask(keys, records))
        if records is None:
            return None if shown is None else Always(shown)
        if attribute is None:
            return None
        path, descending = read_order(keys, records)
        most = keys.whole("max", default=0, low=1, high=records.max_items) or None
        return None if shown is None else ForEach(attribute, shown, path, descending, most)

    def _choose(self, keys: Section, what: str, guards: tuple[Rule, ...]) -> Choose | None:
        items = keys.items("choose", "a list of rules with scenes: [{when: loyal, scene: thanks}]")
        if len(items) > MAX_OPTIONS:
            self._findings.add(keys.mark_of("choose"), f"{len(items)} options", f"at most {MAX_OPTIONS}")
        common, ask = self._shown.overlays(keys, None), self._shown.ask(keys, None)
        options: list[Option] = []
        every: list[Shown | None] = []
        asked: list[Rule] = []
        for number, item in enumerate(items, start=1):
            which = f"option {number} of {what}"
            if isinstance(item, Mapped) and "otherwise" in item.entries:
                mark = item.keys["otherwise"]
                self._findings.add(mark, f'"otherwise" stands in {which}', 'it beside "choose", as a key of the slot')
                continue
            option = section(item, self._findings, what=which, known=("when", *SHOWN_KEYS), required=("when", "scene"))
            if option is None:
                continue
            rule = self._rule(option, which)
            shown = self._show(option, common, ask)
            every.append(shown)
            if rule is None:
                continue
            self.branches.append(Branch(rule, option.mark_of("when"), which, guards, tuple(asked)))
            asked.append(rule)
            if shown is not None:
                options.append(Option(rule, shown))
        otherwise = self._otherwise(keys, what, common, ask)
        self._shown.overlays_nobody_has(common, [*every, *([otherwise] if "otherwise" in keys else [])])
        return Choose(tuple(options), otherwise) if options else None

    def _otherwise(self, keys: Section, what: str, common: Overlays, ask: Ask | None) -> Shown | None:
        node = keys.node("otherwise")
        if not isinstance(node, Mapped):
            return self._shown.shown(node, common=common, ask=ask)
        inner = section(node, self._findings, what=f'"otherwise" of {what}', known=SHOWN_KEYS, required=("scene",))
        return None if inner is None else self._show(inner, common, ask)

    def _arms(self, keys: Section, what: str) -> Arms | None:
        name = keys.scalar("experiment", NAME_RULE)
        node = keys.mapping("arms", "{plain: {weight: 50, scene: a}, bonus: {weight: 50, scene: b}}")
        if "experiment" not in keys:
            self._findings.add(keys.mark_of("arms"), f'{what} has "arms" and no "experiment"', "the experiment's name")
        if name is None or node is None:
            return None
        common, ask = self._shown.overlays(keys, None), self._shown.ask(keys, None)
        weights: list[tuple[str, int]] = []
        shown: dict[str, Shown | None] = {}
        sound = True
        for arm, item in node.entries.items():
            which = f"arm {quoted(arm)} of {what}"
            inner = section(item, self._findings, what=which, known=("weight", "skip", *SHOWN_KEYS))
            if inner is None or not self._is_name(arm, node.keys[arm], "an arm"):
                sound = False
                continue
            weights.append((arm, inner.whole("weight", default=1, low=0, high=MAX_WEIGHT)))
            before = len(self._findings)
            skip = inner.flag("skip")
            if len(self._findings) > before:
                sound = False
                continue
            if skip == ("scene" in inner):
                self._findings.add(
                    inner.mark, f"{which} shows {'both' if skip else 'nothing'}", "a scene, or skip: true"
                )
            shown[arm] = None if skip else self._show(inner, common, ask)
            sound = sound and (skip or shown[arm] is not None)
        self._shown.overlays_nobody_has(common, [one for arm, one in shown.items() if one or not sound])
        if not sound:
            return None
        experiment = self._experiment(name, tuple(weights), keys.mark_of("arms"))
        return None if experiment is None else Arms(experiment, shown)

    def _experiment(self, name: Scalar, arms: tuple[tuple[str, int], ...], mark: Mark) -> Experiment | None:
        if not self._is_name(name.text, name.mark, "an experiment"):
            return None
        if name.text == HOLDOUT:
            self._findings.add(name.mark, f"{quoted(HOLDOUT)} is the name of the holdout", "another name")
        elif not 2 <= len(arms) <= MAX_ARMS:
            self._findings.add(mark, f"{len(arms)} arms", f"2 to {MAX_ARMS}")
        elif not any(weight for _, weight in arms):
            self._findings.add(mark, "every arm has the weight 0", "at least one above 0")
        elif self.experiments.setdefault(name.text, experiment := Experiment(name.text, arms)) != experiment:
            what = f"experiment {quoted(name.text)} has other arms or weights in an earlier slot"
            self._findings.add(mark, what, "the same in every slot of the experiment")
        else:
            return experiment
        return None

    def _show(self, keys: Section, common: Overlays, ask: Ask | None) -> Shown | None:
        own = self._shown.overlays(keys, None)
        return self._shown.shown(keys.node("scene"), own=own, common=common, ask=self._shown.ask(keys, None) or ask)

    def _rule(self, keys: Section, what: str) -> Rule | None:
        node = keys.scalar("when", 'a condition such as product == "home"')
        return None if node is None else self._book.rule(node, what)

    def _name(self, keys: Section, key: str) -> str:
        node = keys.scalar(key, NAME_RULE)
        if node is None or not self._is_name(node.text, node.mark, f"a {key}"):
            return node.text if node else ""
        if node.text in self._names:
            what = f"a second {quoted(node.text)} (first in line {self._names[node.text].line})"
            self._findings.add(node.mark, what, "each slot and group a name of its own")
        self._names.setdefault(node.text, node.mark)
        return node.text

    def _is_name(self, text: str, mark: Mark, what: str) -> bool:
        if NAME.fullmatch(text):
            return True
        meant = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text).lower()).strip("-")
        close = f" (did you mean {quoted(meant)}?)" if NAME.fullmatch(meant) else ""
        self._findings.add(mark, f"{quoted(text)} is not a name for {what}{close}", NAME_RULE)
        return False

    def _drop_order(self, keys: Section) -> int | None:
        return keys.whole("drop_order", default=0, low=1, high=MAX_DROP_ORDER) or None

    def _belong(self, keys: Section, key: str, to: str) -> None:
        if key in keys and to not in keys:
            self._findings.add(
                keys.mark_of(key), f"{quoted(key)} stands with {quoted(to)} only", f"{quoted(to)} in this slot"
            )

    def _longest(self, content: Content) -> int:
        if not isinstance(content, ForEach):
            return 1
        declared = self._schema.fields[content.attribute].type
        assert isinstance(declared, Records)
        return min(declared.max_items, content.max_items or declared.max_items)


def _called(node: Node, key: str) -> str:
    """What messages call a slot or a group: by its name when it has one."""
    name = node.entries.get(key) if isinstance(node, Mapped) else None
    return f"{key} {quoted(name.text)}" if isinstance(name, Scalar) and name.text else f"a {key}"


def _is_group(node: Node) -> bool:
    # By either of its keys, as the other may be misspelled.
    return isinstance(node, Mapped) and not node.entries.keys().isdisjoint(("group", "slots"))
