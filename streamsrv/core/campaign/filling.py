"""What an author puts into one overlay slot: a text, where a QR code leads, a picture, the records of a chart.

Owns their grammar. Which it is, the slot's kind says, so that an overlay is read when the scene is known; where no
scenes are, by its shape.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from streamsrv.core.brand import PICTURE_ENDINGS
from streamsrv.core.campaign.campaign import (
    MAX_MARKS,
    Filling,
    OverlayChart,
    OverlayPicture,
    OverlayText,
    Selection,
)
from streamsrv.core.campaign.document import Findings, Mapped, Mark, Node, Scalar, listing, nearest, quoted
from streamsrv.core.campaign.fields import Field, Money, Number, OneOf, Record, Records, Whole
from streamsrv.core.campaign.formats import Misused, part_of
from streamsrv.core.campaign.languages import LanguageReader
from streamsrv.core.campaign.lists import read_list, read_order
from streamsrv.core.campaign.reading import Section, section
from streamsrv.core.campaign.template import Template
from streamsrv.core.campaign.texts import LINK_REF, LOST, TextReader
from streamsrv.core.model import OverlayKind

MAX_DEFAULT_CHARS = 300
CHART_KEYS = ("of", "value", "label", "text", "order_by", "max")
PICTURE_KEYS = ("by", "pictures", "default")
PICTURE_NAME = re.compile(
    rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,79}}(?:{'|'.join(map(re.escape, PICTURE_ENDINGS))})", re.ASCII
)
PICTURE_RULE = f"the name of a file in the brand's folder, ending in {', '.join(PICTURE_ENDINGS)}"
Shape = Literal["text", "qr", "image", "chart"]
_EXPECTED: Mapping[Shape, str] = {
    "text": 'a text such as "Hello {first_name}"',
    "qr": 'where the code leads: "https://example.com/renew?ref={link_ref}"',
    "image": "a picture's name, or {by: product, pictures: {home: home.png}}",
    "chart": '{of: claims, value: amount, label: "{item.on|date:short}", text: "{item.amount|money}"}',
}
_CALLED: Mapping[Shape, str] = {"text": "a text", "qr": "a QR code", "image": "a picture", "chart": "a chart"}


@dataclass(frozen=True, slots=True)
class Written:
    """One overlay as it stands in the file, not yet read."""

    name: str
    node: Node
    mark: Mark
    item: Records | None
    """The records that `item` stands for."""


@dataclass(frozen=True, slots=True)
class Read:
    """One overlay that was read."""

    filling: Filling
    missable: tuple[str, ...]
    """Attributes it reads that a viewer may lack, and for which it has no default of its own."""


class FillingReader:
    """Reads overlays, each once for a kind of slot."""

    def __init__(
        self, texts: TextReader, reader: LanguageReader, findings: Findings, pictures: Collection[str] | None
    ) -> None:
        """`pictures` are the names in the brand's folder; None leaves them unchecked."""
        self._texts = texts
        self._reader = reader
        self._findings = findings
        self._pictures = pictures
        self._known: dict[tuple[Mark, Shape], Read | None] = {}

    def read(self, written: Written, kind: OverlayKind | None) -> Read | None:
        """What is written, for a slot of `kind`; None for any. None, with a finding, when it is wrong."""
        looks = self._looks(written.node)
        shape: Shape = looks if kind is None else kind if kind in ("qr", "image", "chart") else "text"
        key = (written.mark, shape)
        if key not in self._known:
            # An overlay of many scenes is read once, and wrong once.
            self._known[key] = self._read(written, shape, looks, is_known=kind is not None)
        return self._known[key]

    def read_unread(self, written: Written) -> None:
        """Its mistakes, where no slot was found for it."""
        if not any(mark == written.mark for mark, _ in self._known):
            self.read(written, None)

    def _looks(self, node: Node) -> Shape:
        if isinstance(node, Mapped) and not node.entries.keys() <= {*self._reader.languages.offered}:
            if not node.entries.keys().isdisjoint(("of", "value")):
                return "chart"
            if not node.entries.keys().isdisjoint(("by", "pictures")):
                return "image"
        return "text"

    def _read(self, written: Written, shape: Shape, looks: Shape, *, is_known: bool) -> Read | None:
        what, node = f"overlay {quoted(written.name)}", written.node
        mapping = isinstance(node, Mapped)
        fits = looks == shape or (looks == "text" and (shape in ("qr", "image") or (shape == "chart" and mapping)))
        if not fits:
            told = f"{what} is {_CALLED[looks]} where the scene has {_CALLED[shape]}"
            self._findings.add(node.mark, told, _EXPECTED[shape])
            return None
        if shape == "chart":
            return self._chart(written, what)
        if shape == "image":
            return self._by_word(written, what) if looks == "image" else self._picture(written, what)
        return self._code(written, what) if shape == "qr" else self._text(written, what, is_known=is_known)

    def _text(self, written: Written, what: str, *, is_known: bool) -> Read | None:
        node, default = self._with_default(written.node, what)
        defaults = self._reader.words(default, what=f"the default of {what}", max_chars=MAX_DEFAULT_CHARS)
        texts: Mapping[str, Template] = {}
        if node is not None:

            def one(scalar: Scalar) -> Template | None:
                # A QR code, for all that is known.
                extra = () if is_known or not scalar.text.startswith("https://") else (LINK_REF,)
                return self._texts.template(scalar, written.item, *extra, what=what)

            texts = self._reader.by_language(node, one, what=what)
        reads = dict.fromkeys(name for template in texts.values() for name in template.reads)
        # A default that is wrong has its finding already: it is not missing, too.
        spoiled = default is not None and not defaults
        missable = () if spoiled or defaults else self._texts.missable(reads)
        is_address = any(LINK_REF in template.extras for template in texts.values())
        marks, own = _marks(node, texts), _marks(default, defaults)
        return Read(OverlayText(written.name, texts, defaults, is_address, written.mark, marks, own), missable)

    def _code(self, written: Written, what: str) -> Read | None:
        node, default = self._with_default(written.node, what)
        if default is not None:
            expected = "none: what stands in an address is in require, or has a default in the schema"
            self._findings.add(default.mark, f"{what} has a default", expected)
        if node is None:
            return None
        texts = self._reader.by_language(
            node, lambda scalar: self._texts.address(scalar, written.item, what=what), what=what
        )
        return Read(OverlayText(written.name, texts, {}, True, written.mark, _marks(node, texts)), ())

    def _with_default(self, node: Node, what: str) -> tuple[Node | None, Node | None]:
        if not isinstance(node, Mapped) or node.entries.keys().isdisjoint(("text", "default")):
            return node, None
        keys = section(node, self._findings, what=what, known=("text", "default"), required=("text",))
        assert keys is not None
        return keys.node("text"), keys.node("default")

    def _picture(self, written: Written, what: str) -> Read | None:
        texts = self._reader.by_language(written.node, lambda scalar: self._named(scalar, what), what=what)
        fixed = {tag: Template(name, (name,), (), reads_item=False, personal=False) for tag, name in texts.items()}
        return Read(OverlayText(written.name, fixed, {}, mark=written.mark, text_marks=_marks(written.node, fixed)), ())

    def _by_word(self, written: Written, what: str) -> Read | None:
        keys = section(written.node, self._findings, what=what, known=PICTURE_KEYS, required=("by", "pictures"))
        assert keys is not None
        node = keys.mapping("pictures", "pictures by word: {home: home.png, motor: motor.png}")
        default = keys.node("default")
        defaults: Mapping[str, str] = {}
        if default is not None:
            told = f"the default of {what}"
            defaults = self._reader.by_language(default, lambda scalar: self._named(scalar, told), what=told)
        attribute = self._enum(keys, what)
        if attribute is None or node is None:
            return None
        words = attribute.type.values if isinstance(attribute.type, OneOf) else ()
        pictures: dict[str, str] = {}
        for word, inner in node.entries.items():
            if word not in words:
                told = f"{quoted(word)} is no word of {quoted(attribute.name)}{nearest(word, words)}"
                self._findings.add(node.keys[word], told, f"one of: {listing(words)}")
            elif not isinstance(inner, Scalar):
                self._findings.add(inner.mark, f"the picture of {quoted(word)} is no name", PICTURE_RULE)
            elif (name := self._named(inner, what)) is not None:
                pictures[word] = name
        lacking = [word for word in words if word not in node.entries]
        if lacking and default is None and all(word in words for word in node.entries):
            told = f"{what} has no picture for {', '.join(map(quoted, lacking))}"
            self._findings.add(node.mark, told, "a picture for every word, or a default")
        missable = () if default is not None else self._texts.missable((attribute.name,))
        personal = attribute.personal
        return Read(OverlayPicture(written.name, attribute.name, pictures, defaults, personal, written.mark), missable)

    def _enum(self, keys: Section, what: str) -> Field | None:
        fields = self._texts.schema.fields
        enums = tuple(name for name, field in fields.items() if isinstance(field.type, OneOf))
        expected = f"one of: {listing(enums)}" if enums else "an attribute of type enum"
        node = keys.scalar("by", expected)
        if node is None or node.text in self._texts.broken:
            return None
        if node.text not in enums:
            told = "holds other things than words" if node.text in fields else "is no attribute"
            self._findings.add(node.mark, f"{quoted(node.text)} {told}{nearest(node.text, enums)}", expected)
            return None
        self._texts.hide(node, (node.text,), what)
        return fields[node.text]

    def _named(self, scalar: Scalar, what: str) -> str | None:
        name = scalar.text
        if not PICTURE_NAME.fullmatch(name):
            told = "has a place for values" if "{" in name else "is no picture"
            expected = _EXPECTED["image"] if "{" in name else PICTURE_RULE
            self._findings.add(scalar.mark, f"{what} {quoted(name)} {told}", expected)
            return None
        if self._pictures is not None and name not in self._pictures:
            known = tuple(sorted(self._pictures))
            told = f"{what}: there is no picture {quoted(name)}{nearest(name, known)}"
            self._findings.add(scalar.mark, told, f"one of: {listing(known)}" if known else "a picture in its folder")
            return None
        return name

    def _chart(self, written: Written, what: str) -> Read | None:
        keys = section(written.node, self._findings, what=what, known=CHART_KEYS, required=("of", "value"))
        assert keys is not None
        name = read_list(keys, "of", self._texts.schema, self._texts.broken)
        field = None if name is None else self._texts.schema.fields[name]
        records = LOST if field is None else field.type
        assert isinstance(records, Records)
        labels, texts = (self._marks_words(keys, key, records, what) for key in ("label", "text"))
        if field is None:
            return None
        path, descending = read_order(keys, records)
        most = keys.whole("max", default=0, low=1, high=MAX_MARKS) or None
        if records.max_items > MAX_MARKS and "max" not in keys:
            told = f"{what} would have a mark for each of up to {records.max_items} records"
            self._findings.add(keys.mark_of("of"), told, f"max: {MAX_MARKS}, or less")
        parts = self._value(keys, records)
        words = (*labels.values(), *texts.values())
        personal = field.personal or any(part.personal for part in parts) or any(one.personal for one in words)
        value = tuple(part.name for part in parts)
        selection = Selection(field.name, path, descending, most)
        return Read(OverlayChart(written.name, selection, value, labels, texts, personal, written.mark), ())

    def _marks_words(self, keys: Section, key: str, records: Records, what: str) -> Mapping[str, Template]:
        node = keys.node(key)
        if node is None:
            return {}
        called = f"the {key} of {what}"
        return self._reader.by_language(
            node, lambda scalar: self._texts.template(scalar, records, what=called), what=called
        )

    def _value(self, keys: Section, records: Records) -> tuple[Field, ...]:
        """The fields on the way to the part that marks are as large as."""
        fitting = [name for name, field in records.of.items() if isinstance(field.type, Whole | Number | Money)]
        expected = f"a part that is a number: {listing(fitting)}" if fitting else "a part that is a number or money"
        node = keys.scalar("value", expected)
        if node is None:
            return ()
        path = tuple(node.text.removeprefix("item.").split("."))
        try:
            fields = part_of(Record(records.of), path, "item", 0)
        except Misused as fault:
            self._findings.add(node.mark, fault.what, fault.expected)
            return ()
        if not isinstance(fields[-1].type, Whole | Number | Money):
            self._findings.add(node.mark, f"{quoted(node.text)} is no number", expected)
        return fields


def _marks(node: Node | None, read: Mapping[str, object]) -> Mapping[str, Mark]:
    """Where each of the texts stands that were read from a node, by language."""
    if isinstance(node, Mapped):
        return {tag: node.entries[tag].mark for tag in read}
    return {} if node is None else dict.fromkeys(read, node.mark)
