"""One viewer's whole video as a player sees it: every playlist, and on demand every byte."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.hls.parse import Playlist, Tag, parse

Fetch = Callable[[str], bytes]
"""Gives the bytes at a URI relative to the playback token's folder."""


@dataclass(frozen=True)
class Asset:
    """Playlists are keyed by their URI relative to the multivariant playlist."""

    multivariant: Playlist
    playlists: Mapping[str, Playlist]
    fetch: Fetch | None = field(default=None, repr=False)

    def variants(self) -> list[tuple[Tag, Playlist]]:
        found = []
        for entry in self.multivariant.entries:
            tag = entry.tag("STREAM-INF")
            assert tag is not None
            found.append((tag, self.playlists[entry.uri]))
        return found

    def renditions(self, kind: str) -> list[tuple[Tag, Playlist]]:
        return [
            (tag, self.playlists[tag.text("URI")])
            for tag in self.multivariant.all("MEDIA")
            if tag.attributes["TYPE"] == kind
        ]

    def iframes(self) -> list[tuple[Tag, Playlist]]:
        return [(tag, self.playlists[tag.text("URI")]) for tag in self.multivariant.all("I-FRAME-STREAM-INF")]

    def timed(self) -> list[Playlist]:
        """Every audio and video playlist."""
        return [playlist for _, playlist in (*self.variants(), *self.renditions("AUDIO"))]


def load_asset(multivariant: str, read: Callable[[str], str], fetch: Fetch | None = None) -> Asset:
    """Read every playlist that the multivariant playlist lists."""
    top = parse(multivariant)
    uris = [entry.uri for entry in top.entries]
    uris += [tag.text("URI") for tag in (*top.all("MEDIA"), *top.all("I-FRAME-STREAM-INF"))]
    assert len(set(uris)) == len(uris), "a playlist is listed twice"
    return Asset(multivariant=top, playlists={uri: parse(read(uri)) for uri in uris}, fetch=fetch)
