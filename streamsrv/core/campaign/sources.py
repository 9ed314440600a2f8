"""The `sources` section: data that is asked for at the click, over HTTP, as JSON.

Owns the declaration and its bounds; `streamsrv.sources` does the asking. Hosts are written out and on the server's
list, secrets stand elsewhere and are named, and nothing personal goes into an address (B8, B23).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from streamsrv.core.campaign.document import Findings, Mark, Node, Scalar, listing, nearest, quoted
from streamsrv.core.campaign.fields import Records
from streamsrv.core.campaign.formats import AsCount
from streamsrv.core.campaign.reading import Section, section, shape
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.campaign.template import Placeholder, Scope, Template, read_template
from streamsrv.core.origins import Origin, is_allowed, parse_origin

KEYS = ("url", "headers", "map", "cache_s", "timeout_ms")
MAX_SOURCES = 8
MAX_URL_CHARS = 2_000
MAX_HEADERS = 16
MAX_HEADER_CHARS = 1_000
MAX_POINTER_CHARS = 200
MAX_CACHE_S = 3_600
"""Also how long an answer about somebody who was erased meanwhile may stay in a process: nobody asks for it."""
MIN_TIMEOUT_MS, MAX_TIMEOUT_MS = 10, 2_000
VIEWER, LINK_REF = "viewer", "link_ref"
"""Stand in addresses for the viewer: the id of the import, and the opaque one of calls to action."""
EXAMPLE = '{crm: {url: "https://crm.example.com/customers/{viewer}", map: {premium: /contract/premium}}}'
URL_EXPECTED = "an address such as https://crm.example.com/customers/{viewer}"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}", re.ASCII)
NAME_RULE = "small letters, digits and - (at most 32)"
HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}", re.ASCII)
SECRET_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,63}", re.ASCII)
POINTER = re.compile(r"(/([^~/]|~[01])*)+")
_SECRET = re.compile(r"\{secret:([^{}]*)\}")
# Not an author's to say: they frame the request, or belong to the connection.
_OURS = frozenset((
    "host", "content-length", "content-type", "transfer-encoding", "connection", "keep-alive", "upgrade", "te",
    "trailer", "expect", "accept-encoding", "cookie", "cookie2", "range", "via", "forwarded",
))  # fmt: skip
_KEEPS_SECRETS = re.compile(r"authorization|api-?key|token|secret|password|credential|signature", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Secret:
    """A place for a value that stands in the server's environment, or in a file of its own."""

    name: str


@dataclass(frozen=True, slots=True)
class Header:
    name: str
    parts: tuple[str | Secret, ...]


@dataclass(frozen=True, slots=True)
class Pick:
    """One attribute, and where in the answer its value stands (JSON Pointer, RFC 6901, unescaped)."""

    attribute: str
    pointer: tuple[str, ...]


# Compared by identity, as parts of a campaign are.
@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One address that is asked for some of a viewer's attributes."""

    name: str
    url: Template
    origin: Origin
    picks: tuple[Pick, ...]
    headers: tuple[Header, ...] = ()
    cache_s: int = 0
    """How long an answer is good for; 0: for this one session."""
    timeout_ms: int | None = None
    """Below the server's budget for all sources together; None is all of it."""

    @property
    def names_link_ref(self) -> bool:
        """Whether its address holds the viewer's reference."""
        return any(isinstance(part, Placeholder) and part.path == (LINK_REF,) for part in self.url.parts)

    def secrets(self) -> frozenset[str]:
        """Names of the secrets in its headers."""
        return frozenset(part.name for header in self.headers for part in header.parts if isinstance(part, Secret))


class SourceReader:
    """Reads sources against one schema and the hosts that the server may ask."""

    def __init__(
        self,
        schema: Schema,
        *,
        broken: Collection[str],
        require: Collection[str],
        fixed: Mapping[str, str],
        languages: tuple[str, ...],
        hosts: Sequence[str] | None,
        findings: Findings,
    ) -> None:
        """`fixed` are attributes that no source may give, each with the reason; `hosts` None leaves hosts unchecked."""
        self._schema = schema
        self._broken = broken
        self._optional = {
            name for name, field in schema.fields.items()
            if field.default is None and name not in require and not isinstance(field.type, Records)
        }  # fmt: skip
        self._fixed = fixed
        self._languages = languages
        self._hosts = hosts
        self._findings = findings
        self._given: dict[str, Mark] = {}

    def sources(self, keys: Section) -> tuple[Source, ...]:
        """The section's sources, in the file's order; one that is wrong is left out, with a finding."""
        node = keys.mapping("sources", EXAMPLE)
        if node is None:
            return ()
        if len(node.entries) > MAX_SOURCES:
            self._findings.add(node.mark, f"{len(node.entries)} sources", f"at most {MAX_SOURCES}")
        found = [self._source(name, node.keys[name], declared) for name, declared in node.entries.items()]
        return tuple(source for source in found if source is not None)

    def _source(self, name: str, mark: Mark, node: Node) -> Source | None:
        if not NAME.fullmatch(name):
            self._findings.add(mark, f"{quoted(name)} is not a name for a source", NAME_RULE)
        keys = section(node, self._findings, what=f"source {quoted(name)}", known=KEYS, required=("url", "map"))
        if keys is None:
            return None
        url = keys.scalar("url", URL_EXPECTED)
        address = None if url is None else self._address(url)
        headers = self._headers(keys)
        picks = self._picks(keys)
        cache_s = keys.whole("cache_s", default=0, low=0, high=MAX_CACHE_S)
        timeout_ms = keys.whole("timeout_ms", default=0, low=MIN_TIMEOUT_MS, high=MAX_TIMEOUT_MS) or None
        if address is None or not picks:
            return None
        template, origin = address
        return Source(name, template, origin, picks, headers, cache_s, timeout_ms)

    def _address(self, url: Scalar) -> tuple[Template, Origin] | None:
        scope = Scope(self._schema, None, self._broken, self._languages, (VIEWER, LINK_REF))
        template = read_template(url, scope, self._findings, what='"url"', max_chars=MAX_URL_CHARS)
        if template is None:
            return None
        origin = _origin(template)
        fault = self._fault(template, origin)
        if fault is not None:
            self._findings.add(url.mark, f'"url" is {quoted(url.text)}: {fault[0]}', fault[1])
            return None
        assert origin is not None
        return template, origin

    def _fault(self, template: Template, origin: Origin | None) -> tuple[str, str] | None:
        """What is wrong with an address, and what was expected."""
        if origin is None:
            return "it is no plain address with its host written out", URL_EXPECTED
        if self._hosts is not None and not is_allowed(origin, self._hosts):
            listed = ", ".join(self._hosts) or "there is none yet"
            return f"{origin} is not allowed", f"one of allow_hosts in the server's settings: {listed}"
        # A list has no plain form but its length.
        if any(
            isinstance(part, Placeholder) and part.named and not isinstance(part.format, AsCount)
            for part in template.parts
        ):
            return "values stand in addresses as they are", "no format: {premium} gives 812.40"
        if template.personal:
            return (
                "personal attributes may not stand in addresses",
                "{viewer}, the id of the import",
            )
        missable = [name for name in template.reads if name in self._optional]
        if missable:
            return f"{', '.join(map(quoted, missable))} may be missing", "it in require, or a default"
        return None

    def _picks(self, keys: Section) -> tuple[Pick, ...]:
        node = keys.mapping("map", "where each attribute stands in the answer: {premium: /contract/premium}")
        if node is not None and not node.entries:
            self._findings.add(node.mark, '"map" is empty', "at least one attribute: {premium: /contract/premium}")
        found = []
        for attribute, pointer in node.entries.items() if node else ():
            assert node is not None
            usable = self._is_ours(attribute, node.keys[attribute])
            steps = self._steps(attribute, pointer)
            if usable and steps:
                found.append(Pick(attribute, steps))
        return tuple(found)

    def _is_ours(self, attribute: str, mark: Mark) -> bool:
        """Whether a source may give the attribute, and no other one does."""
        if attribute in self._broken:
            return False
        known = tuple(name for name in self._schema.fields if name not in self._fixed)
        if attribute not in self._schema.fields:
            what = f"{quoted(attribute)} is no attribute{nearest(attribute, known)}"
            self._findings.add(mark, what, f"one of: {listing(known)}" if known else "an attribute of the schema")
        elif attribute in self._fixed:
            what = f"{quoted(attribute)} may not come from a source: {self._fixed[attribute]}"
            self._findings.add(mark, what, "another attribute")
        elif attribute in self._given:
            what = f"{quoted(attribute)} comes from two sources (first in line {self._given[attribute].line})"
            self._findings.add(mark, what, "each attribute once")
        else:
            self._given[attribute] = mark
            return True
        return False

    def _steps(self, attribute: str, node: Node) -> tuple[str, ...]:
        expected = "where its value stands in the answer (JSON Pointer), such as /contract/premium"
        if not isinstance(node, Scalar) or not POINTER.fullmatch(node.text) or len(node.text) > MAX_POINTER_CHARS:
            self._findings.add(node.mark, f"{quoted(attribute)} is {shape(node)}", expected)
            return ()
        # RFC 6901 section 4: first ~1, then ~0.
        return tuple(step.replace("~1", "/").replace("~0", "~") for step in node.text[1:].split("/"))

    def _headers(self, keys: Section) -> tuple[Header, ...]:
        node = keys.mapping("headers", '{Authorization: "Bearer {secret:CRM_TOKEN}"}')
        if node is None:
            return ()
        if len(node.entries) > MAX_HEADERS:
            self._findings.add(node.mark, f"{len(node.entries)} headers", f"at most {MAX_HEADERS}")
        names = [name.lower() for name in node.entries]
        found = []
        for name, value in node.entries.items():
            if not HEADER_NAME.fullmatch(name):
                self._findings.add(node.keys[name], f"{quoted(name)} is no name of a header", "letters, digits and -")
            elif name.lower() in _OURS or name.lower().startswith("proxy-"):
                self._findings.add(node.keys[name], f"the header {quoted(name)} is the server's own", "another header")
            elif names.count(name.lower()) > 1:
                self._findings.add(node.keys[name], f"the header {quoted(name)} is given twice", "each header once")
            elif parts := self._value(name, value):
                found.append(Header(name, parts))
        return tuple(found)

    def _value(self, name: str, node: Node) -> tuple[str | Secret, ...]:
        what = f"the header {quoted(name)}"
        if not isinstance(node, Scalar) or not node.text or len(node.text) > MAX_HEADER_CHARS:
            found = "too long" if isinstance(node, Scalar) and node.text else shape(node)
            self._findings.add(node.mark, f"{what} is {found}", f"one line of at most {MAX_HEADER_CHARS} characters")
            return ()
        if not node.text.isascii() or not node.text.isprintable():
            self._findings.add(node.mark, f"{what} has characters that headers cannot hold", "printable ASCII")
            return ()
        pieces = _SECRET.split(node.text)
        texts, secrets = pieces[::2], pieces[1::2]
        if any(letter in text for text in texts for letter in "{}"):
            self._findings.add(node.mark, f"{what} has a brace that is no secret's", "{secret:NAME} alone in braces")
            return ()
        for secret in secrets:
            if not SECRET_NAME.fullmatch(secret):
                self._findings.add(node.mark, f"{quoted(secret)} is no name of a secret", "capitals, digits and _")
                return ()
        if not secrets and _KEEPS_SECRETS.search(name):
            # The value is not shown: it may well be the secret.
            self._findings.add(node.mark, f"{what} has its secret in the file", "{secret:NAME} in its place")
            return ()
        return tuple(Secret(piece) if at % 2 else piece for at, piece in enumerate(pieces) if piece)


def _origin(template: Template) -> Origin | None:
    """Whom the address leads to; None where it is no address with its host written out."""
    pieces = [part if isinstance(part, str) else "x" for part in template.parts]
    url = "".join(pieces)
    fixed = pieces[0] if isinstance(template.parts[0], str) else ""
    if not url.isascii() or not url.isprintable() or any(letter in url for letter in ' "<>\\^`{|}#'):
        return None
    if not re.match(r"https?://[^/?#]+[/?]", fixed if len(pieces) > 1 else f"{fixed}/"):
        return None
    return parse_origin(url)
