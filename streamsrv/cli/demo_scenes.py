"""Drawing and packaging the demo's scenes, one per core at a time, once: a second run finds them in the store."""

import hashlib
import multiprocessing
import os
import shutil
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty

import streamsrv.media
from streamsrv.core.model import Ladder, Provenance
from streamsrv.media.demo import DEMO_SCENES, DemoScene, write_source
from streamsrv.media.encode import SETTINGS_VERSION
from streamsrv.media.master import MASTERS_VERSION
from streamsrv.media.packager import package_scene
from streamsrv.media.poster import POSTER_VERSION
from streamsrv.media.request import PackageRequest

DRAWING_SHARE = 0.4
"""Of the time one scene takes, about how much is drawing; the rest is packaging."""

_progress_queue: "Queue[float] | None" = None


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where the demo's scenes are made and kept."""

    sources: Path
    store: Path
    stamps: Path


def missing_scenes(workshop: Workshop, recipe: str) -> list[DemoScene]:
    """The demo scenes that the store lacks, or holds as another recipe made them."""
    return [
        scene
        for scene in DEMO_SCENES
        if not (workshop.store / "scenes" / scene.scene_id / "scene.json").is_file()
        or _read(workshop.stamps / scene.scene_id) != recipe
    ]


def recipe_of(ladder_file: Path) -> str:
    """A hash over everything that decides how the demo's scenes look and sound."""
    media = Path(streamsrv.media.__file__).parent
    versions = f"{SETTINGS_VERSION} {MASTERS_VERSION} {POSTER_VERSION}"
    digest = hashlib.sha256(ladder_file.read_bytes() + versions.encode())
    for path in sorted(
        [*(media / "demo").rglob("*.py"), *(media / "demo").rglob("*.toml"), *(media / "fonts").glob("*.ttf")]
    ):
        digest.update(path.relative_to(media).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def make_scenes(
    scenes: Sequence[DemoScene], workshop: Workshop, ladder: Ladder, recipe: str, *, progress: Callable[[float], None]
) -> None:
    """Make `scenes`; `progress` gets the share done, from 0 to 1. Interrupted, it loses only what was being made."""
    # A changed recipe can change the init sections, and scenes of two recipes must not meet in one store.
    for scene in scenes:
        (workshop.store / "scenes" / scene.scene_id / "scene.json").unlink(missing_ok=True)
    workshop.sources.mkdir(parents=True, exist_ok=True)
    workshop.stamps.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("spawn")
    steps: Queue[float] = context.Queue()
    total_frames = sum(scene.duration_frames for scene in scenes)
    longest_first = sorted(scenes, key=lambda scene: -scene.duration_frames)
    done_frames = 0.0
    pool = ProcessPoolExecutor(
        max_workers=os.cpu_count(), mp_context=context, initializer=_start_worker, initargs=(steps,)
    )
    try:
        running = {pool.submit(_make, scene, workshop, ladder): scene for scene in longest_first}
        while running:
            finished, _ = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
            for future in finished:
                future.result()
                (workshop.stamps / running.pop(future).scene_id).write_text(recipe, encoding="utf-8")
            done_frames += _drain(steps)
            progress(min(1.0, done_frames / total_frames))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            child.terminate()
        raise
    pool.shutdown()
    shutil.rmtree(workshop.sources, ignore_errors=True)


def _start_worker(steps: "Queue[float]") -> None:
    # A spawned worker has no other way to be handed a queue.
    global _progress_queue
    # Ctrl-C goes to the whole process group; the parent ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _progress_queue = steps


def _end_with_parent() -> None:
    """However that ends: what is being made is nobody's any more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _make(scene: DemoScene, workshop: Workshop, ladder: Ladder) -> None:
    report = _Reporter(scene.duration_frames)
    source = write_source(
        scene,
        workshop.sources,
        progress=lambda done, total: report(DRAWING_SHARE * done / max(1, total)),
        height_px=max(rung.height for rung in ladder.rungs),
    )
    package_scene(
        PackageRequest(
            source=source.video,
            scene_id=scene.scene_id,
            title=scene.title,
            captions=source.captions,
            overlays=scene.overlays,
            cuts_ms=scene.cuts_ms,
            provenance=Provenance(author="streamsrv", made_by="hand"),
        ),
        ladder=ladder,
        store=workshop.store,
        progress=lambda share: report(DRAWING_SHARE + (1 - DRAWING_SHARE) * share),
    )
    report(1.0)
    source.video.unlink(missing_ok=True)


class _Reporter:
    """Turns shares of one scene into frames done, for the bar that covers all scenes."""

    def __init__(self, frames: int) -> None:
        self._frames = frames
        self._share = 0.0

    def __call__(self, share: float) -> None:
        if _progress_queue is not None and share > self._share:
            _progress_queue.put((share - self._share) * self._frames)
            self._share = share


def _drain(steps: "Queue[float]") -> float:
    frames = 0.0
    while True:
        try:
            frames += steps.get_nowait()
        except Empty:
            return frames


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
