"""Texts and addresses with places for values, read against one schema: of overlays, calls to action and QR codes.

Owns what a text may show of viewers, and where an address may lead; `template` owns their grammar.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from urllib.parse import urlsplit

from streamsrv.core.campaign.document import Findings, Scalar, quoted
from streamsrv.core.campaign.fields import Records
from streamsrv.core.campaign.formats import AsCount
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.campaign.template import Placeholder, Scope, Template, read_template

URL_EXPECTED = "an address such as https://example.com/renew"
MAX_URL_CHARS = 2_000
LOST = Records({})
"""The records of a list whose declaration is wrong: what `item` has is not known."""
LINK_REF = "link_ref"
"""Stands in addresses for the viewer: it tells the landing site who came, and tells nobody else anything."""


class TextReader:
    """Reads templates against one schema."""

    def __init__(
        self,
        schema: Schema,
        *,
        broken: Collection[str],
        require: Collection[str],
        secret: Collection[str],
        offered: tuple[str, ...],
        cta_hosts: Sequence[str],
        findings: Findings,
    ) -> None:
        self.schema = schema
        self.broken = broken
        self._secret = secret
        self._optional = {
            name for name, field in schema.fields.items()
            if field.default is None and name not in require and not isinstance(field.type, Records)
        }  # fmt: skip
        self._offered = offered
        self._cta_hosts = tuple(cta_hosts)
        self._findings = findings

    def missable(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those attributes that a viewer may lack."""
        return tuple(name for name in names if name in self._optional)

    def template(self, scalar: Scalar, item: Records | None, *extra: str, what: str) -> Template | None:
        """A text for viewers' eyes; None, with a finding, when it is wrong."""
        template = read_template(scalar, self._scope(item, *extra), self._findings, what=what)
        if template is not None:
            self.hide(scalar, template.reads, f"{what} {quoted(scalar.text)}")
        return template

    def hide(self, scalar: Scalar, reads: Iterable[str], what: str) -> None:
        """A finding for each attribute among `reads` that viewers prove who they are with."""
        for name in self._secret:
            if name in reads:
                told = f"{what}: {quoted(name)} is what viewers prove who they are with"
                self._findings.add(scalar.mark, told, "another attribute: whoever sees it could answer for them")

    def address(self, url: Scalar, item: Records | None, *, what: str) -> Template | None:
        """Where a call to action or a QR code leads; None, with a finding, when it has no form at all."""
        template = read_template(url, self._scope(item, LINK_REF), self._findings, what=what, max_chars=MAX_URL_CHARS)
        if template is None:
            return None
        fault = url_fault(template, self._cta_hosts)
        missable = self.missable(template.reads)
        # A list has no plain form but its length.
        formatted = any(
            isinstance(part, Placeholder) and part.named and not isinstance(part.format, AsCount)
            for part in template.parts
        )
        told = f"{what} is {quoted(url.text)}"
        if fault:
            self._findings.add(url.mark, f"{told}: {fault[0]}", fault[1])
        elif formatted:
            expected = "no format: {premium} gives 812.40, {renewal_on} gives 2027-03-31"
            self._findings.add(url.mark, f"{told}: values stand in addresses as they are", expected)
        elif template.personal:
            expected = "{link_ref}, which stands for the viewer"
            self._findings.add(url.mark, f"{told}: personal attributes may not stand in addresses", expected)
        elif missable:
            listed = ", ".join(map(quoted, missable))
            self._findings.add(url.mark, f"{told}: {listed} may be missing", "it in require, or a default")
        return template

    def _scope(self, item: Records | None, *extra: str) -> Scope:
        if item is LOST:
            return Scope(self.schema, None, (*self.broken, "item"), self._offered, extra)
        return Scope(self.schema, item, self.broken, self._offered, extra)


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
