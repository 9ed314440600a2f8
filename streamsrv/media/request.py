"""What to package, as a person asks for it, checked before any media is touched."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from pathlib import Path

from streamsrv.core.captions import parse_captions
from streamsrv.core.cues import names_in
from streamsrv.core.errors import Invalid, Problem, invalid
from streamsrv.core.grid import FRAME_RATES
from streamsrv.core.manifest import LANGUAGE, LANGUAGE_RULE
from streamsrv.core.model import Cue, Ladder, Provenance
from streamsrv.media.encode import SETTINGS_VERSION
from streamsrv.media.master import MASTERS_VERSION
from streamsrv.media.overlays import load_overlays
from streamsrv.media.plan import Window
from streamsrv.media.probe import Limits, check_file

_SCENE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_MAX_CAPTION_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PackageRequest:
    """One source and what goes with it. `lang` is the language of the source's own sound."""

    source: Path
    scene_id: str
    lang: str = "en"
    title: str = ""
    audio: Mapping[str, Path] = field(default_factory=dict)
    captions: Mapping[str, Path] = field(default_factory=dict)
    overlays: Path | None = None
    """A TOML file of overlay slots."""
    cuts_ms: tuple[int, ...] = ()
    provenance: Provenance = field(default_factory=Provenance)

    def check(self, ladder: Ladder, limits: Limits) -> None:
        """Raises `Invalid` with every mistake that shows without opening a media file."""
        problems = list(self._mistakes(ladder))
        for path in (self.source, *self.audio.values(), *self.captions.values()):
            try:
                check_file(path, limits)
            except Invalid as error:
                problems += error.problems
        try:
            load_overlays(self.overlays)
        except Invalid as error:
            problems += error.problems
        if problems:
            raise Invalid(problems)

    def sounds(self) -> dict[str, Path]:
        """The file of each language's sound, the source's own first."""
        return {self.lang: self.source, **self.audio}

    def _mistakes(self, ladder: Ladder) -> Iterable[Problem]:
        if not _SCENE_ID.fullmatch(self.scene_id):
            yield Problem("scene", f"{self.scene_id!r} is not a scene id", "a-z, 0-9 and -, at most 63 characters")
        for language in (self.lang, *self.audio, *self.captions):
            if not LANGUAGE.fullmatch(language):
                yield Problem("language", f"{language!r} is not a language", LANGUAGE_RULE)
        if self.lang in self.audio:
            yield Problem("audio", f"{self.lang} is the language of the source's own sound", "another language")
        if self.provenance.made_by == "ai" and not self.provenance.ai_model:
            yield Problem("provenance", "an AI-made scene names no model", "the model that made it")
        if ladder.frame_rate not in FRAME_RATES:
            yield Problem("ladder", f"frame_rate is {ladder.frame_rate}", f"one of {', '.join(map(str, FRAME_RATES))}")


@dataclass(frozen=True, slots=True)
class Digests:
    """SHA-256 of the source, and of everything that decides the scene's media."""

    source: str
    recipe: str


def digest(request: PackageRequest, ladder: Ladder, *, windows: Sequence[Window]) -> Digests:
    """Read every source once. `windows` in order."""
    sources = {language: _hash_file(path) for language, path in request.sounds().items()}
    recipe: dict[str, object] = {
        "settings": SETTINGS_VERSION,
        "sources": list(sources.items()),
        "cuts_ms": sorted(set(request.cuts_ms)),
        "ladder": asdict(ladder),
    }
    # A scene without overlays is cut as ever: what stores hold of those stays valid.
    if windows:
        recipe["windows"] = windows
        recipe["masters"] = MASTERS_VERSION
    written = json.dumps(recipe, sort_keys=True).encode()
    return Digests(source=sources[request.lang], recipe=hashlib.sha256(written).hexdigest())


def load_captions(
    request: PackageRequest, *, duration_ms: int, overlays: Collection[str]
) -> dict[str, tuple[Cue, ...]]:
    """The cues of every language, none lasting beyond the scene; raises `Invalid` with every broken file.

    Where the scene has `overlays`, a name in braces is one of theirs.
    """
    found: dict[str, tuple[Cue, ...]] = {}
    problems: list[Problem] = []
    for language, path in request.captions.items():
        try:
            found[language] = _load_cues(path, duration_ms)
        except Invalid as error:
            problems += error.problems
            continue
        problems += _strangers(found[language], path, tuple(overlays))
    if problems:
        raise Invalid(problems)
    return found


def _load_cues(path: Path, duration_ms: int) -> tuple[Cue, ...]:
    if path.stat().st_size > _MAX_CAPTION_BYTES:
        raise invalid(str(path), f"has {path.stat().st_size} bytes", f"captions of at most {_MAX_CAPTION_BYTES}")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise invalid(str(path), "is not UTF-8 text", "a WebVTT or SubRip file in UTF-8") from error
    cues = parse_captions(text, where=str(path))
    late = next((cue for cue in cues if cue.start_ms >= duration_ms), None)
    if late is not None:
        # It would appear over whichever scene comes next.
        at = f"a caption starts at {late.start_ms / 1000:g} s"
        raise invalid(str(path), at, f"captions within the scene's {duration_ms / 1000:g} s")
    return tuple(Cue(cue.start_ms, min(cue.end_ms, duration_ms), cue.text, cue.settings) for cue in cues)


def _strangers(cues: Iterable[Cue], path: Path, overlays: tuple[str, ...]) -> Iterable[Problem]:
    for cue in cues if overlays else ():
        for name in names_in(cue.text):
            if name not in overlays:
                near = get_close_matches(name, overlays, 1)
                what = f"the caption at {cue.start_ms / 1000:g} s names {{{name}}}"
                hint = f" (did you mean {{{near[0]}}}?)" if near else ""
                yield Problem(str(path), what + hint, f"an overlay of the scene: {', '.join(overlays)}")


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
