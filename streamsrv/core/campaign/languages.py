"""The languages a campaign speaks, which one a viewer is told it in, and what stands in where one is missing.

Tags are BCP 47. A viewer's `de-CH` is told in `de` when that is what the campaign offers, with numbers and dates
as they are written in Switzerland.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeVar

from babel import Locale, UnknownLocaleError

from streamsrv.core.campaign.document import Findings, Mapped, Node, Scalar, listing, nearest, quoted
from streamsrv.core.campaign.fields import Field, OneOf, Text
from streamsrv.core.campaign.formats import unseen
from streamsrv.core.campaign.reading import Section, is_bare, section, shape

TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", re.ASCII)
TAG_RULE = "a language tag such as en or pt-BR"
MAX_LANGUAGES = 50
EVERY = ""
"""Stands for every language where texts are given by language."""

Value = TypeVar("Value")


class Tongue(NamedTuple):
    """How one viewer is spoken to."""

    language: str
    """One of those the campaign offers."""
    locale: str
    """The form of numbers and dates: the viewer's own tag where CLDR knows it, else the language."""


@dataclass(frozen=True, slots=True)
class Languages:
    """Those a campaign offers, the default first."""

    offered: tuple[str, ...]
    attribute: str | None = None
    """Whose value is the viewer's tag; the default language is told to everyone when there is none."""
    fallbacks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def default(self) -> str:
        return self.offered[0]

    def chain(self, language: str) -> tuple[str, ...]:
        """`language`, then what its author put in its place where it is missing, in order."""
        return (language, *self.fallbacks.get(language, ()))

    def tongue(self, tag: object) -> Tongue:
        """The language and locale for a viewer whose attribute holds `tag`; the default for whatever is no tag."""
        return _tongue(self.offered, tag) if isinstance(tag, str) else Tongue(self.default, self.default)

    def pick(self, by_language: Mapping[str, Value], language: str) -> Value:
        """What is given for `language`, or for the next in its chain; it was checked at load that there is one."""
        return by_language[self.source(by_language, language)]

    def source(self, by_language: Mapping[str, Value], language: str) -> str:
        """Under which language `pick` finds it, or `EVERY`."""
        for candidate in (*self.chain(language), EVERY, self.default):
            if candidate in by_language:
                return candidate
        return next(iter(by_language))

    def of_text(self, by_language: Mapping[str, Value], tongue: Tongue) -> Tongue:
        """How values are told in the text that `pick` finds: where another language stands in, in that language."""
        source = self.source(by_language, tongue.language)
        # A text in `de` that stands in for `de-CH` is told with Swiss numbers.
        ours = source == EVERY or source.split("-")[0] == tongue.language.split("-")[0]
        return tongue if ours else Tongue(source, source)

    def missing(self, given: Mapping[str, object]) -> tuple[str, ...]:
        """Offered languages for which, chains included, nothing is given."""
        if EVERY in given:
            return ()
        return tuple(language for language in self.offered if not any(tag in given for tag in self.chain(language)))


class LanguageReader:
    """Reads texts that may be given by language, against the languages of one campaign."""

    def __init__(self, languages: Languages, findings: Findings, *, sound: bool = True) -> None:
        """`sound` is false when what is offered was read with findings: tags are then not held against it."""
        self.languages = languages
        self._findings = findings
        self.sound = sound
        self._strangers: set[str] = set()

    def by_language(self, node: Node, read: Callable[[Scalar], Value | None], *, what: str) -> Mapping[str, Value]:
        """One text for every language, or a mapping from language to text; what is wrong is left out, with a finding.

        A text that is missing in a language is a finding, unless one of the language's fallbacks has it.
        """
        if isinstance(node, Scalar):
            value = read(node)
            return {} if value is None else {EVERY: value}
        if not isinstance(node, Mapped) or not node.entries:
            self._findings.add(node.mark, f"{what} is {shape(node)}", "a text, or texts by language: {en: Hello}")
            return {}
        offered = self.languages.offered
        if all(is_bare(inner) and tag not in offered for tag, inner in node.entries.items()):
            braced = "{" + quoted(", ".join(node.entries))[1:-1] + "}"
            self._findings.add(node.mark, f"{what} is {braced} without quotes", f'quotes around it: "{braced}"')
            return {}
        given: dict[str, Value] = {}
        for tag, text in node.entries.items():
            if tag not in offered:
                close = nearest(tag, offered)
                # A language that is not offered is told once, however many texts there are in it.
                if self.sound and (close or tag not in self._strangers):
                    self._strangers.add(tag)
                    wrong = f"{quoted(tag)} is no language of this campaign{close}"
                    self._findings.add(node.keys[tag], wrong, f"one of: {listing(offered)}")
            elif not isinstance(text, Scalar):
                self._findings.add(text.mark, f"{what} in {tag} is {shape(text)}", "a text")
            elif (value := read(text)) is not None:
                given[tag] = value
        lacking = self.languages.missing(node.entries)
        # A tag that is not offered is most likely the missing one, misspelled.
        if self.sound and lacking and all(tag in offered for tag in node.entries):
            self._findings.add(node.mark, f"{what} has no text in {', '.join(lacking)}", _remedy(lacking[0]))
        return given

    def words(self, node: Node | None, *, what: str, max_chars: int) -> Mapping[str, str]:
        """Plain texts by language; empty when `node` is absent."""
        return (
            {} if node is None else self.by_language(node, lambda text: self._plain(text, what, max_chars), what=what)
        )

    def _plain(self, text: Scalar, what: str, max_chars: int) -> str | None:
        if len(text.text) > max_chars:
            shown = f"{what} has {len(text.text)} characters: {quoted(text.text)}"
            self._findings.add(text.mark, shown, f"at most {max_chars}")
        elif unseen(text.text) is not None:
            self._findings.add(text.mark, f"{what} has control characters: {quoted(text.text)}", "printable text")
        elif not text.text:
            self._findings.add(text.mark, f"{what} is empty", "a text")
        else:
            return text.text
        return None


def read_languages(campaign: Section) -> Languages:
    """The `languages` section, or the one language of `lang`."""
    findings = campaign.findings
    node = campaign.mapping("languages", "{attribute: language, offered: [en, de]}")
    if node is None:
        lang = campaign.scalar("lang", TAG_RULE)
        return Languages((_tag(lang, findings) or "en",) if lang else ("en",))
    if "lang" in campaign:
        expected = '"languages" alone: the first that is offered is the default'
        findings.add(campaign.mark_of("lang"), '"lang" and "languages" are both given', expected)
    known = ("attribute", "offered", "fallback")
    keys = section(node, findings, what="languages", known=known, required=("offered",))
    assert keys is not None
    offered = _tags(keys.items("offered", "a list of languages, the default first: [en, de]"), findings)
    if len(offered) > MAX_LANGUAGES:
        findings.add(keys.mark_of("offered"), f"{len(offered)} languages", f"at most {MAX_LANGUAGES}")
    attribute = keys.scalar("attribute", "the attribute that holds a viewer's language")
    return Languages(offered or ("en",), attribute.text if attribute else None, _fallbacks(keys, offered))


def check_attribute(
    campaign: Section, languages: Languages, fields: Mapping[str, Field], broken: tuple[str, ...]
) -> None:
    """That the attribute with the viewer's language is one that can hold it."""
    name = languages.attribute
    node = campaign.node("languages")
    if not isinstance(node, Mapped) or name in broken:
        return
    if name is None:
        # An unknown key is most likely this one, misspelled.
        if len(languages.offered) > 1 and node.entries.keys() <= {"offered", "fallback"}:
            what = "nothing says which language a viewer speaks"
            campaign.findings.add(node.mark, what, "attribute: the name of an attribute")
        return
    # By its value, as its key may be misspelled.
    mark = next(value.mark for value in node.entries.values() if isinstance(value, Scalar) and value.text == name)
    fitting = tuple(known for known, declared in fields.items() if isinstance(declared.type, Text | OneOf))
    if name not in fields:
        what = f"{quoted(name)} is no attribute{nearest(name, fitting)}"
        campaign.findings.add(mark, what, f"one of: {listing(fitting)}" if fitting else "an attribute of type string")
    elif name not in fitting:
        campaign.findings.add(mark, f"{quoted(name)} holds no text", "an attribute of type enum or string")


def _fallbacks(keys: Section, offered: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    node = keys.mapping("fallback", "{de-CH: [de, en]}")
    found: dict[str, tuple[str, ...]] = {}
    for tag in node.entries if node else ():
        assert node is not None
        if tag not in offered:
            what = f"{quoted(tag)} is no language of this campaign{nearest(tag, offered)}"
            keys.findings.add(node.keys[tag], what, f"one of: {listing(offered)}")
            continue
        inner = Section(node, keys.findings, "a fallback")
        found[tag] = _tags(inner.items(tag, "a list of languages, the best first: [de, en]"), keys.findings)
    return found


def _tags(nodes: tuple[Node, ...], findings: Findings) -> tuple[str, ...]:
    tags: list[str] = []
    for node in nodes:
        tag = _tag(node, findings)
        if tag in tags:
            findings.add(node.mark, f"{quoted(tag)} is given twice", "each language once")
        elif tag:
            tags.append(tag)
    return tuple(tags)


def _tag(node: Node, findings: Findings) -> str:
    if isinstance(node, Scalar) and TAG.fullmatch(node.text) and _known(node.text):
        # CLDR also knows what some countries are called by mistake: UK for GB.
        canonical = str(Locale.parse(node.text, sep="-")).replace("_", "-")
        if canonical.split("-")[-1] == node.text.split("-")[-1] or "-" not in node.text:
            return node.text
        findings.add(node.mark, f"{shape(node)} is no language{_did_you_mean(canonical)}", TAG_RULE)
        return canonical
    meant = _language_named(node.text) if isinstance(node, Scalar) else ""
    findings.add(node.mark, f"{shape(node)} is no language{_did_you_mean(meant)}", TAG_RULE)
    return ""


def _did_you_mean(tag: str) -> str:
    return f" (did you mean {quoted(tag)}?)" if tag else ""


def _language_named(name: str) -> str:
    """The tag of a language by its English name; nothing when there is none."""
    names: Mapping[str, str] = Locale("en").languages
    return next((tag for tag, known in names.items() if known.casefold() == name.casefold()), "").replace("_", "-")


def _remedy(language: str) -> str:
    return f"one in that language, or a fallback for it: languages: {{fallback: {{{language}: […]}}}}"


@lru_cache(maxsize=512)
def _known(tag: str) -> bool:
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


@lru_cache(maxsize=4096)
def _tongue(offered: tuple[str, ...], tag: str) -> Tongue:
    parts = tag[:20].replace("_", "-").split("-")
    wanted = "-".join([parts[0].lower(), *(part.title() if len(part) == 4 else part.upper() for part in parts[1:])])
    words = wanted.split("-")
    for length in range(len(words), 0, -1):
        language = "-".join(words[:length])
        if language in offered:
            return Tongue(language, wanted if TAG.fullmatch(wanted) and _known(wanted) else language)
    # A campaign in pt-BR is for whoever asks for pt.
    for language in offered:
        if language.split("-")[0] == words[0]:
            return Tongue(language, language)
    return Tongue(offered[0], offered[0])
