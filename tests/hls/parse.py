"""A strict reader of playlist text, independent of the writer: what it does not know, it refuses."""

import re
from dataclasses import dataclass, field

_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"\n\r]*"|[^",\s]+)(?:,|$)')
_DURATION = re.compile(r"\d+\.\d{6}")


@dataclass(frozen=True)
class Tag:
    name: str
    value: str

    @property
    def attributes(self) -> dict[str, str]:
        """The attribute list, quotes kept; raises on anything left over or listed twice (rule 3)."""
        found: dict[str, str] = {}
        at = 0
        while at < len(self.value):
            match = _ATTRIBUTE.match(self.value, at)
            assert match, f"not an attribute list: {self.value!r} at {at}"
            assert match[1] not in found, f"{match[1]} twice in {self.name}"
            found[match[1]] = match[2]
            at = match.end()
        return found

    def text(self, attribute: str) -> str:
        """A quoted-string attribute without its quotes."""
        value = self.attributes[attribute]
        assert value.startswith('"'), f"{attribute} is not quoted: {value}"
        assert value.endswith('"'), f"{attribute} is not quoted: {value}"
        return value[1:-1]


@dataclass(frozen=True)
class Entry:
    """One URI line with the tags that stand right before it."""

    uri: str
    tags: tuple[Tag, ...]

    def tag(self, name: str) -> Tag | None:
        return next((tag for tag in self.tags if tag.name == name), None)

    @property
    def duration_micros(self) -> int:
        tag = self.tag("EXTINF")
        assert tag is not None
        seconds = tag.value.removesuffix(",")
        assert _DURATION.fullmatch(seconds), f"EXTINF {tag.value!r}"
        return int(seconds.replace(".", ""))


@dataclass(frozen=True)
class Playlist:
    text: str
    tags: tuple[Tag, ...] = field(repr=False)
    entries: tuple[Entry, ...] = field(repr=False)

    def all(self, name: str) -> list[Tag]:
        return [tag for tag in self.tags if tag.name == name]

    def one(self, name: str) -> Tag:
        found = self.all(name)
        assert len(found) == 1, f"{name} stands {len(found)} times"
        return found[0]

    @property
    def duration_micros(self) -> int:
        return sum(entry.duration_micros for entry in self.entries)


def parse(text: str) -> Playlist:
    """Tags and URIs of a playlist; raises AssertionError on blank lines, comments and unknown line shapes."""
    lines = text.split("\n")
    assert lines[0] == "#EXTM3U"
    assert lines[-1] == "", "the last line ends with a line feed"
    tags: list[Tag] = []
    entries: list[Entry] = []
    pending: list[Tag] = []
    for line in lines[1:-1]:
        assert line, "a blank line"
        assert line == line.strip(), f"stray white space: {line!r}"
        if line.startswith("#"):
            assert line.startswith("#EXT"), f"a comment: {line!r}"
            name, _, value = line[1:].partition(":")
            tag = Tag(name.removeprefix("EXT-X-"), value)
            tags.append(tag)
            pending.append(tag)
        else:
            entries.append(Entry(line, tuple(pending)))
            pending = []
    return Playlist(text=text, tags=tuple(tags), entries=tuple(entries))
