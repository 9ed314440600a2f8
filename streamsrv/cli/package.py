"""`streamsrv package`: one scene from one file into the segment store. Reads arguments and shows progress, only."""

import re
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from streamsrv.config import load_ladder
from streamsrv.core.errors import invalid
from streamsrv.core.grid import grid_for
from streamsrv.core.model import OverlaySlot, Provenance, Scene
from streamsrv.media.packager import package_scene
from streamsrv.media.request import PackageRequest

_TERMINATED = 128 + signal.SIGTERM
_PLAIN_STEP = 0.1


class MadeBy(StrEnum):
    """Who made the scene."""

    HAND = "hand"
    AI = "ai"


def package(
    source: Annotated[Path, typer.Argument(help="A video file, in any format FFmpeg reads.")],
    scene: Annotated[str, typer.Option(help="The scene's id in campaigns: a-z, 0-9 and -.")],
    lang: Annotated[str, typer.Option(help="The language of SOURCE's sound (BCP 47).")] = "en",
    title: Annotated[str, typer.Option(help="Shown to viewers as the chapter's name.")] = "",
    audio: Annotated[list[str] | None, typer.Option(help="LANG=FILE: the sound in another language.")] = None,
    captions: Annotated[list[str] | None, typer.Option(help="LANG=FILE: WebVTT or SubRip captions.")] = None,
    overlays: Annotated[
        Path | None, typer.Option(help="A TOML file of the places where a viewer's own words will be drawn.")
    ] = None,
    cut: Annotated[
        list[float] | None, typer.Option(help="Start a segment here, in seconds; moved to the grid (8/15 s at 30 fps).")
    ] = None,
    author: Annotated[str, typer.Option(help="Who made the scene, for the audit.")] = "",
    made_by: Annotated[MadeBy, typer.Option(help="By hand or by AI, for the audit.")] = MadeBy.HAND,
    ai_model: Annotated[str, typer.Option(help="The model that made it; required with --made-by ai.")] = "",
    store: Annotated[Path, typer.Option(help="The segment store.")] = Path("segments"),
    ladder: Annotated[Path, typer.Option(help="Sizes and bit rates.")] = Path("config/ladder.toml"),
) -> None:
    """Cut and encode one scene into the segment store. A scene that is there already is left as it is."""
    signal.signal(signal.SIGTERM, _terminate)
    replaced: list[Scene] = []
    try:
        request = PackageRequest(
            source=source,
            scene_id=scene,
            lang=lang,
            title=title,
            audio=_by_language(audio or (), option="--audio"),
            captions=_by_language(captions or (), option="--captions"),
            overlays=overlays,
            cuts_ms=tuple(round(at_s * 1000) for at_s in cut or ()),
            provenance=Provenance(author=author, made_by=made_by.value, ai_model=ai_model),
        )
        with show_progress(f"Packaging {scene}") as progress:
            packaged = package_scene(
                request, ladder=load_ladder(ladder), store=store, progress=progress, replacing=replaced.append
            )
    except OSError as error:
        raise invalid(
            str(error.filename or store), error.strerror or str(error), "files that can be read, and room"
        ) from error
    except KeyboardInterrupt:
        typer.echo("interrupted; the same command goes on where it stopped", err=True)
        raise SystemExit(128 + signal.SIGINT) from None
    for stored in replaced:
        if lost := _lost(stored, packaged):
            typer.echo(lost, err=True)
    typer.echo(_summary(packaged))


@contextmanager
def show_progress(label: str) -> Iterator[Callable[[float], None]]:
    """A bar with the time left on a terminal, else a line for each tenth; all on standard error."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain(label)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=1.0)
        yield lambda done: bar.update(task, completed=done)


def _plain(label: str) -> Callable[[float], None]:
    shown = 0.0

    def tell(done: float) -> None:
        nonlocal shown
        if done - shown >= _PLAIN_STEP and done < 1.0:
            shown = done
            sys.stderr.write(f"{label}: {done:.0%}\n")
            sys.stderr.flush()

    return tell


def _by_language(pairs: Sequence[str], *, option: str) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for pair in pairs:
        language, equals, path = pair.partition("=")
        if not equals or not language or not path:
            raise invalid(option, f"{pair!r} names no language and file", "LANG=FILE, such as de=a.de.vtt")
        if language in found:
            raise invalid(option, f"{language} is given twice", "each language once")
        found[language] = Path(path)
    return found


def _summary(scene: Scene) -> str:
    seconds = grid_for(scene.frame_rate).duration_ms(scene.units) / 1000
    parts = f"{_counted(len(scene.video[0].segments), 'segment')}, {_counted(len(scene.video), 'rung')}"
    media = f"{scene.scene_id}: {seconds:.2f} s in {parts}, sound {', '.join(scene.audio)}"
    captions = f"; captions {', '.join(scene.captions)}" if scene.captions else ""
    overlays = f"; overlays {', '.join(scene.overlays)}" if scene.overlays else ""
    return f"{media}{captions}{overlays}{ways_of(scene)}"


def ways_of(scene: Scene) -> str:
    """For each overlay slot a line on how what viewers see in it will be encoded; nothing where there is none."""
    masters = [segment.master for track in scene.video for segment in track.segments if segment.master]
    if not masters:
        return ""
    lines = ["viewers' own words:", *(_way(scene, name, slot) for name, slot in scene.overlays.items())]
    if splices := [master.splice for master in masters if master.splice]:
        drift, drift_db = max(one.drift for one in splices), min(one.drift_db for one in splices)
        lines.append(f"  beside the rows, pictures stay within {drift:.1f} of 255 levels, at {drift_db:.1f} dB or more")
    return "".join(f"\n{line}" for line in lines)


def _way(scene: Scene, name: str, slot: OverlaySlot) -> str:
    """In which rungs the rows of a slot are put into the picture, and in which whole pictures are encoded, and why."""
    by_rows: list[str] = []
    whole: dict[str, list[str]] = {}
    for track in scene.video:
        inside = [
            one.master
            for one in track.segments
            if one.start_units < slot.end_units and slot.start_units < one.start_units + one.units and one.master
        ]
        reasons = Counter(re.sub(r":.*", "", master.whole) for master in inside if master.splice is None)
        if reasons.total() < len(inside):
            by_rows.append(track.name)
        for reason, count in reasons.items():
            part = "" if count == len(inside) else f" in {count} of {_counted(len(inside), 'segment')}"
            whole.setdefault(reason, []).append(f"{track.name}{part}")
    ways = [f"only its rows are encoded at {', '.join(by_rows)}"] if by_rows else []
    ways += [f"whole pictures at {', '.join(rungs)}: {reason}" for reason, rungs in whole.items()]
    grid = grid_for(scene.frame_rate)
    first_s, last_s = (grid.duration_ms(units) / 1000 for units in (slot.start_units, slot.end_units))
    return f"  {name}, {first_s:.2f} to {last_s:.2f} s: {'; '.join(ways)}"


def _lost(stored: Scene, packaged: Scene) -> str:
    """One line on what `stored` had and `packaged` has no more, or nothing."""
    things, options = [], []
    for word, option, before, after in (
        ("captions", "--captions", stored.captions, packaged.captions),
        ("sound languages", "--audio", stored.audio, packaged.audio),
        ("overlays", "--overlays", stored.overlays, packaged.overlays),
    ):
        if gone := [name for name in before if name not in after]:
            things.append(f"{word} {', '.join(gone)}")
            options.append(option)
    plural = bool(things)
    if stored.title and not packaged.title:
        things.append(f'title "{stored.title}"')
        options.append("--title")
    if not things:
        return ""
    verb, pronoun = ("are", "them") if plural else ("is", "it")
    again = f"give {', '.join(options)} again to keep {pronoun}"
    return f"{'; '.join(things)} of the stored scene {verb} gone: {again}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(_TERMINATED)
