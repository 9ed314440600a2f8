"""Any valid campaign, drawn as a tree and written as YAML, over made-up scenes that suit its languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from streamsrv.core.campaign import Campaign, load_campaign
from streamsrv.core.campaign.campaign import MAX_MARKS
from streamsrv.core.errors import Invalid
from streamsrv.core.grid import grid_for
from streamsrv.core.model import OverlaySlot, Scene, SceneId
from tests.campaigns.conditions import condition
from tests.campaigns.library import FORMATS, LANGUAGES, PICTURES, WORDS, make_library
from tests.campaigns.tree import DEFAULTS, SIMPLE, Tree, as_yaml, leaves, parts


@dataclass(frozen=True, slots=True)
class Drawn:
    """One campaign, with what is needed to load it."""

    text: str
    tree: Tree
    scenes: Mapping[SceneId, Scene]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What hypothesis prints: the file alone, as scenes would fill the screen."""
        printer.text(self.text)


def loaded(drawn: Drawn) -> Campaign:
    """The campaign; gives up the example when chance has written a rule that nobody meets, and for nothing else."""
    try:
        hosts = ("*.example.com",)
        return load_campaign(drawn.text, where="drawn.yaml", scenes=drawn.scenes, cta_hosts=hosts, pictures=PICTURES)
    except Invalid as error:
        assume(not all("is never reached" in one.what or "is nobody" in one.what for one in error.problems))
        raise


@st.composite
def campaigns(draw: st.DrawFn) -> Drawn:
    """Any campaign that says what the language lets it say."""
    return _Author(draw).campaign()


@dataclass
class _Author:
    """Draws one campaign, section by section; each method gives what stands under its key."""

    draw: st.DrawFn
    offered: list[str] = field(default_factory=lambda: ["en"])
    chains: dict[str, list[str]] = field(default_factory=dict)
    schema: Tree = field(default_factory=dict)
    require: list[str] = field(default_factory=list)
    factor: str = ""
    """What viewers may be asked for as proof; empty when nothing suits."""
    audiences: dict[str, str] = field(default_factory=dict)
    experiments: dict[str, Tree] = field(default_factory=dict)
    scenes: Mapping[SceneId, Scene] = field(default_factory=dict)
    slots: int = 0

    def maybe(self) -> bool:
        return self.draw(st.booleans())

    def of(self, choices: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(choices))

    def some(self, choices: Sequence[Any]) -> list[Any]:
        return [choice for choice in choices if self.maybe()]

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def campaign(self) -> Drawn:
        tree: Tree = {"campaign": self.of(("any", "a-1"))}
        several = self.maybe()
        if several:
            self.offered = self.draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=3, unique=True))
            self.chains = {tag: self.some(("en", "de", "ar")) or ["en"] for tag in self.some(self.offered)}
            tree["languages"] = {"attribute": "tongue", "offered": self.offered, "fallback": self.chains}
        elif self.maybe():
            self.offered = [self.of(LANGUAGES)]
            tree["lang"] = self.offered[0]
        kinds = self.draw(st.lists(st.sampled_from((*SIMPLE, "record", "list", "list")), min_size=2, max_size=8))
        self.schema = {f"a{at}": self.declaration(kind, inside=0) for at, kind in enumerate(kinds)}
        if several:
            self.schema["tongue"] = self.of(({"type": "enum", "values": ["de", "pt"]}, {"type": "string"}))
        spoken = tuple(self.covering()) if several else ("en",)
        self.scenes = make_library(spoken, self.of((spoken, ())), self.of((25, 30)))
        self.require = self.some([name for name in self.schema if name != "tongue"])
        self.factor = next((name for name in self.require if self.is_factor(self.schema[name]) and self.maybe()), "")
        self.audiences = {}
        for at in range(self.number(0, 3)):
            self.audiences[f"them{at}"] = self.rule()
        self.experiments = {name: self.weights() for name in self.some(("offer", "look"))}
        for key in self.some(("title", "description", "brand")):
            tree[key] = self.by_language(lambda: self.of(WORDS))
        tree |= self.frame()
        story = [self.group(at) if self.number(0, 3) == 0 else self.slot() for at in range(self.number(1, 4))]
        fixed = st.lists(st.sampled_from(("plain", "long", "soft")), min_size=1, max_size=3)
        tree |= {"schema": self.schema, "require": self.require, "audiences": self.audiences, "story": story}
        tree["fallback"] = self.draw(fixed)
        if self.maybe():
            tree["holdout"] = {"share": self.of((0.001, 0.25, 0.999999))}
            if self.maybe():
                tree["holdout"]["control"] = self.draw(fixed)
        if self.maybe():
            tree["max_duration_s"] = self.shortest_s(tree) + self.number(0, 40)
        tree |= self.policy(tree)
        return Drawn(as_yaml(tree), tree, self.scenes)

    def frame(self) -> Tree:
        tree: Tree = {}
        if self.maybe():
            tree["timezone"] = self.of(("Europe/Berlin", "Pacific/Kiritimati", "America/St_Johns"))
        if self.maybe():
            tree["valid"] = {key: day for key, day in (("from", date(2026, 1, 1)), ("until", date.max)) if self.maybe()}
        units = [
            name
            for name, declared in self.schema.items()
            if declared["type"] in ("string", "enum", "int") and "default" not in declared
        ]
        if units and self.maybe():
            tree["randomize_by"] = self.of(units)
        return tree

    def policy(self, tree: Tree) -> Tree:
        """Who may see the campaign, what is asked of whom, and what is kept."""
        found: Tree = {"retention_days": self.number(1, 3650)} if self.maybe() else {}
        flags = [name for name, declared in self.schema.items() if declared["type"] == "bool"]
        if flags and self.maybe():
            found["consent"] = self.of(flags)
        if self.number(0, 2) == 0:
            found["access"] = self.access()
        fixed = (tree.get("randomize_by"), found.get("access", {}).get("verify", {}).get("attribute"))
        free = [name for name in self.schema if name not in fixed]
        if free and self.number(0, 2) == 0:
            halves = [free[::2], free[1::2]]
            found["sources"] = {f"s-{at}": self.source(half) for at, half in enumerate(halves) if half}
        return found

    def access(self) -> Tree:
        found: Tree = {key: self.number(1, 9) for key in self.some(("devices", "sessions_a_day"))}
        if self.factor:
            verify = {"attribute": self.factor, "label": self.by_language(lambda: self.of(WORDS))}
            found["verify"] = verify | ({"tries": self.number(1, 20)} if self.maybe() else {})
        return found or {"devices": 1}

    def source(self, attributes: list[str]) -> Tree:
        path = "".join(f"/{{{place}}}" for place in self.some((*self.addressable(), "viewer")))
        query = self.of(("", "?ref={link_ref}&x=1"))
        found: Tree = {"url": f"https://crm.example.com{self.of(('', ':8443'))}{path}/{query}"}
        if self.maybe():
            found["headers"] = {"Authorization": "Bearer {secret:CRM_TOKEN}", "X-Tenant": "a-1"}
        found["map"] = {name: self.of(("/a", "/a/0/b", "/ü~1x/~0", "/")) for name in attributes}
        return found | {key: self.number(10, 99) for key in self.some(("cache_s", "timeout_ms"))}

    def is_factor(self, declared: Tree) -> bool:
        return declared["type"] in ("string", "int", "number", "money", "date") and "default" not in declared

    def addressable(self) -> list[str]:
        """Attributes that may stand in addresses."""
        return [
            name
            for name, declared in self.readable().items()
            if declared["type"] not in ("bool", "list", "record")
            and not declared.get("personal")
            and name != self.factor
        ]

    def declaration(self, kind: str, *, inside: int) -> Tree:
        declared: Tree = {"type": kind}
        if self.number(0, 3) == 0:
            declared["personal"] = True
        match kind:
            case "record" | "list":
                nested = ("record",) if inside == 0 else ()
                names = ("v", "on", "in_words")[: self.number(1, 3)]
                declared["of"] = {
                    name: self.declaration(self.of((*SIMPLE, *nested)), inside=inside + 1) for name in names
                }
                if kind == "list":
                    declared["max_items"] = self.number(1, 4)
                return declared
            case "enum":
                declared["values"] = ["home", "motor", "life – ü", "pt"][: self.number(2, 4)]
                if self.maybe():
                    declared["labels"] = {word: self.by_language(lambda: self.of(WORDS)) for word in declared["values"]}
            case "string":
                declared["max_length"] = 200
            case "int" | "number" | "money" if "personal" not in declared and self.maybe():
                declared |= {"min": 0, "max": 100_000}
        if kind == "money":
            declared["currency"] = self.of(("EUR", "JPY", "XXX"))
        if self.maybe():
            declared["default"] = declared["values"][0] if kind == "enum" else DEFAULTS[kind]
        return declared

    def covering(self) -> list[str]:
        """Languages that are enough for every offered one, fallbacks included."""
        given = list(self.offered)
        for tag in self.offered:
            left = [other for other in given if other != tag]
            covered = all(not {one, *self.chains.get(one, ())}.isdisjoint(left) for one in self.offered)
            given = left if covered and self.maybe() else given
        return given

    def by_language(self, text: Any) -> Any:
        return text() if self.maybe() else {tag: text() for tag in self.covering()}

    def readable(self) -> Tree:
        """Attributes that rules may read."""
        return {
            name: declared
            for name, declared in self.schema.items()
            if declared["type"] == "list" or name in self.require or "default" in declared
        }

    def rule(self) -> str:
        return condition(self.draw, self.readable(), tuple(self.audiences))

    def weights(self) -> Tree:
        arms = ("plain", "bonus", "third")[: self.number(2, 3)]
        return {arm: self.number(0 if at else 1, 9) for at, arm in enumerate(arms)}

    def group(self, at: int) -> Tree:
        group: Tree = {"group": f"group-{at}"} | self.conditions()
        group["slots"] = [self.slot(grouped=True) for _ in range(self.number(1, 3))]
        return group

    def conditions(self, *, droppable: bool = True) -> Tree:
        found: Tree = {"when": self.rule()} if self.number(0, 2) == 0 else {}
        return found | ({"drop_order": self.number(1, 3)} if droppable and self.maybe() else {})

    def slot(self, *, grouped: bool = False) -> Tree:
        self.slots += 1
        slot: Tree = {"slot": f"slot-{self.slots}"} | self.conditions(droppable=not grouped)
        lists = [name for name, declared in self.schema.items() if declared["type"] == "list"]
        match self.of(("scene", "choose", "arms", "for_each")):
            case "for_each" if lists:
                return slot | self.loop(self.of(lists))
            case "arms" if self.experiments:
                name = self.of(list(self.experiments))
                shown = [self.of((None, *self.scenes)) for _ in self.experiments[name]]
                common = self.common(shown)
                arms = {
                    arm: {"weight": weight} | ({"skip": True} if scene is None else self.shown(scene, common))
                    for (arm, weight), scene in zip(self.experiments[name].items(), shown, strict=True)
                }
                return slot | {"experiment": name, "arms": arms} | common
            case "choose":
                return slot | self.choose()
            case _:
                return slot | self.shown(self.of(list(self.scenes)), {})

    def choose(self) -> Tree:
        rules = list(dict.fromkeys(self.rule() for _ in range(self.number(1, 3))))
        shown = [self.of(list(self.scenes)) for _ in rules]
        otherwise = self.of((None, "plain", *self.scenes))
        common = self.common([*shown, otherwise])
        options = [{"when": rule} | self.shown(scene, common) for rule, scene in zip(rules, shown, strict=True)]
        tree: Tree = {"choose": options} | common
        if otherwise is not None:
            inner = self.shown(otherwise, common)
            tree["otherwise"] = otherwise if inner.keys() == {"scene"} else inner
        return tree

    def loop(self, name: str) -> Tree:
        declared = self.schema[name]
        tree: Tree = {"for_each": name}
        if self.maybe():
            tree["max"] = self.number(1, declared["max_items"])
        paths = [path for path, part in leaves(declared) if part["type"] != "bool"]
        if paths and self.maybe():
            tree["order_by"] = self.of(paths) + self.of(("", " ascending", " descending"))
        return tree | self.shown(self.of(list(self.scenes)), {}, item=declared)

    def common(self, shown: Sequence[str | None]) -> Tree:
        """Overlays and the call to action that all options share."""
        places = {name: slot for one in shown if one for name, slot in self.overlays(one).items()}
        strict = {name: slot for one in shown if one for name, slot in self.overlays(one).items() if not slot.default}
        filled = {name: self.filling(places[name], name not in strict, None) for name in self.some(sorted(places))}
        overlays = {name: filling for name, filling in filled.items() if filling is not None}
        return ({"overlays": overlays} if overlays else {}) | self.cta(None)

    def overlays(self, scene: str) -> Mapping[str, OverlaySlot]:
        return self.scenes[SceneId(scene)].overlays

    def shown(self, scene: str, common: Tree, item: Tree | None = None) -> Tree:
        given = common.get("overlays", {})
        names = [
            name
            for name, slot in self.overlays(scene).items()
            if (not slot.default and name not in given) or self.maybe()
        ]
        slots = self.overlays(scene)
        filled = {name: self.filling(slots[name], bool(slots[name].default), item) for name in names}
        overlays = {name: filling for name, filling in filled.items() if filling is not None}
        return {"scene": scene} | ({"overlays": overlays} if overlays else {}) | self.cta(item)

    def filling(self, slot: OverlaySlot, has_default: bool, item: Tree | None) -> object:
        """What fits the slot's kind; None where the schema has nothing for it."""
        match slot.kind:
            case "qr":
                return self.by_language(self.address)
            case "image":
                return self.picture()
            case "chart":
                return self.chart()
            case _:
                return self.overlay(has_default, item)

    def picture(self) -> object:
        enums = [name for name, part in self.schema.items() if part["type"] == "enum" and name != self.factor]
        if not enums or self.maybe():
            return self.by_language(lambda: self.of(PICTURES))
        name = self.of(enums)
        words = self.schema[name]["values"]
        named = {word: self.of(PICTURES) for word in (words if self.maybe() else self.some(words) or words[:1])}
        default = {"default": self.by_language(lambda: self.of(PICTURES))} if len(named) < len(words) else {}
        return {"by": name, "pictures": named} | default

    def chart(self) -> object:
        numbers = {
            name: [path for path, part in leaves(declared) if part["type"] in ("int", "number", "money")]
            for name, declared in self.schema.items()
            if declared["type"] == "list"
        }
        fitting = [name for name, paths in numbers.items() if paths]
        if not fitting:
            return None
        name = self.of(fitting)
        declared = self.schema[name]
        tree: Tree = {"of": name, "value": self.of(numbers[name])}
        if declared["max_items"] > MAX_MARKS or self.maybe():
            tree["max"] = self.number(1, MAX_MARKS)
        for key in self.some(["label", "text"]):
            tree[key] = self.by_language(lambda: self.template(declared, set()))
        return tree

    def address(self) -> str:
        query = "".join(f"&{name}={{{name}}}" for name in self.some(self.addressable()))
        return f"https://www.example.com/{self.of(('', 'renew'))}?ref={{link_ref}}{query}"

    def overlay(self, has_default: bool, item: Tree | None) -> object:
        reads: set[str] = set()
        text = self.by_language(lambda: self.template(item, reads))
        missable = any(
            name not in self.require and self.schema[name]["type"] != "list" and "default" not in self.schema[name]
            for name in reads
        )
        if (missable and not has_default) or self.number(0, 3) == 0:
            return {"text": text, "default": self.by_language(lambda: self.of(WORDS))}
        return text

    def template(self, item: Tree | None, reads: set[str]) -> str:
        places = [place for place in parts(self.schema) if place[0] != self.factor]
        places += [(f"item.{path}", part) for path, part in leaves(item)] if item else []
        found = self.draw(st.lists(st.sampled_from(places), max_size=2))
        written = "" if found and self.maybe() else str(self.of(WORDS))
        for path, part in found:
            formats = self.formats(part)
            if formats:
                written += f"{{{path}{self.of(formats)}}}"
                reads |= {path.split(".")[0]} - {"item"}
        return written or "-"

    def formats(self, part: Tree) -> list[str]:
        found = list(FORMATS.get(part["type"], ()))
        if "labels" in part:
            found.append("|label")
        if part["type"] == "list":
            found += [f"|list:{path}" for path, inner in leaves(part) if inner["type"] != "bool"]
        return found

    def cta(self, item: Tree | None) -> Tree:
        if self.number(0, 2):
            return {}
        return {"cta": {"label": self.by_language(lambda: self.of(WORDS)), "url": self.address()}}

    def shortest_s(self, tree: Tree) -> int:
        """The length that no story can be held under: of what is never dropped, and of the fixed stories."""
        lengths = {
            scene_id: grid_for(scene.frame_rate).duration_ms(scene.units) for scene_id, scene in self.scenes.items()
        }
        kept = [slot for slot in tree["story"] if "drop_order" not in slot]
        slots = [inner for slot in kept for inner in slot.get("slots", [slot])]
        control = tree.get("holdout", {}).get("control", [])
        fixed = [sum(lengths[SceneId(name)] for name in names) for names in (tree["fallback"], control)]
        longest = [
            max(lengths.values()) * (self.schema[slot["for_each"]]["max_items"] if "for_each" in slot else 1)
            for slot in slots
        ]
        return max(*fixed, sum(longest)) // 1000 + 1
