"""The segment store as the packager writes it: aside, checked, synced, renamed; `scene.json` last (A1).

Layout: `objects/<first 2 hex>/<sha256>`, `scenes/<scene_id>/scene.json`, and `.incoming/` for runs under way, which
nothing else reads. A run that was killed leaves its finished steps there and the same run resumes them; the next
run into the store removes whatever else is dead. Never deletes an object.
"""

import fcntl
import hashlib
import json
import os
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter

from streamsrv.core.errors import Invalid, invalid
from streamsrv.core.manifest import format_scene, parse_scene
from streamsrv.core.model import Scene, SceneId, Segment

RESUMABLE_S = 24 * 3600
"""How long a killed run's finished steps are kept for the same run to go on."""


class Store:
    """One segment store on local disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._incoming = root / ".incoming"

    def scenes(self) -> Iterator[Scene]:
        """Every published scene; raises `Invalid` naming a manifest that cannot be read."""
        for manifest in sorted(self.root.glob("scenes/*/scene.json")):
            with suppress(FileNotFoundError):
                yield _load(manifest)

    def scene(self, scene_id: SceneId) -> Scene | None:
        """The published scene, its objects in place or not; None where there is no manifest that can be read."""
        try:
            return _load(self.root / "scenes" / scene_id / "scene.json")
        except (FileNotFoundError, Invalid):
            return None

    @contextmanager
    def open_run(self, scene_id: SceneId, recipe_sha256: str) -> "Iterator[Run]":
        """A place to write one scene. Left with an error, it keeps what the same run can resume, nothing else."""
        folder = self._incoming / f"{scene_id}.{recipe_sha256[:16]}"
        self._incoming.mkdir(parents=True, exist_ok=True)
        with _locked(self._incoming, wait=True):
            self._remove_dead(scene_id, keep=folder)
            folder.mkdir(exist_ok=True)
            lock = _lock(folder, wait=False)
        if lock is None:
            raise invalid(f"scene {scene_id}", "is being packaged by another run", "one run at a time")
        try:
            run = Run(self.root, folder)
            try:
                yield run
            except BaseException as error:
                if isinstance(error, Invalid) or not run.steps():
                    shutil.rmtree(folder, ignore_errors=True)
                raise
            shutil.rmtree(folder)
        finally:
            os.close(lock)

    def holds(self, scene: Scene) -> bool:
        """Whether every object of a scene is in place."""
        tracks = (*scene.video, *scene.audio.values())
        sizes = _sizes(segment for track in tracks for segment in track.segments)
        others = {track.init_name for track in tracks} | {scene.poster_name}
        return all(_size(object_path(self.root, name)) == size for name, size in sizes.items()) and all(
            _size(object_path(self.root, name)) > 0 for name in others
        )

    def read(self, name: str) -> bytes:
        """An object of a published scene."""
        return object_path(self.root, name).read_bytes()

    def _remove_dead(self, scene_id: SceneId, *, keep: Path) -> None:
        for folder in self._incoming.iterdir():
            if folder == keep or not folder.is_dir():
                continue
            lock = _lock(folder, wait=False)
            if lock is None:
                continue
            # Wall time, as file systems keep it: only ever a matter of tidiness.
            old = time.time() - folder.stat().st_mtime > RESUMABLE_S
            if old or folder.name.rpartition(".")[0] == scene_id or not Run(self.root, folder).steps():
                shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


class Run:
    """One scene on its way in. Safe to use from several threads."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._root = root
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keep an object until `publish`; its name is its SHA-256."""
        name = hashlib.sha256(data).hexdigest()
        _write_synced(self._folder / "objects" / name, data)
        return name

    def read(self, name: str) -> bytes:
        """An object of this run, or one that an earlier scene brought."""
        aside = self._folder / "objects" / name
        return (aside if aside.is_file() else object_path(self._root, name)).read_bytes()

    def finish_step(self, step: str, segments: Sequence[Segment]) -> None:
        """Note that a step is done and what it made, so that a resumed run does not do it again."""
        document = json.dumps([asdict(segment) for segment in segments])
        _write_synced(self._folder / "steps" / f"{step}.json", document.encode())

    def step(self, step: str) -> tuple[Segment, ...] | None:
        """What a finished step made; None where it is still to be done."""
        try:
            document = json.loads((self._folder / "steps" / f"{step}.json").read_bytes())
        except FileNotFoundError:
            return None
        segments = _SEGMENTS.validate_python(document)
        whole = [
            size_bytes in (_size(self._folder / "objects" / name), _size(object_path(self._root, name)))
            for name, size_bytes in _sizes(segments).items()
        ]
        return segments if all(whole) else None

    def steps(self) -> list[str]:
        """The names of the finished steps."""
        return sorted(path.stem for path in self._folder.glob("steps/*.json"))

    def publish(self, scene: Scene) -> None:
        """Move every object to its final name, and then the manifest that makes the scene visible."""
        touched = set()
        for aside in sorted(self._folder.glob("objects/*")):
            if "." in aside.name:
                continue
            final = object_path(self._root, aside.name)
            final.parent.mkdir(parents=True, exist_ok=True)
            aside.replace(final)
            touched.add(final.parent)
        for folder in sorted(touched):
            _sync_folder(folder)
        manifest = self._root / "scenes" / scene.scene_id / "scene.json"
        aside = self._folder / "scene.json"
        _write_synced(aside, json.dumps(format_scene(scene), indent=1, ensure_ascii=False).encode() + b"\n")
        manifest.parent.mkdir(parents=True, exist_ok=True)
        aside.replace(manifest)
        for folder in (manifest.parent, manifest.parent.parent, self._root / "objects", self._root):
            _sync_folder(folder)


def object_path(root: Path, name: str) -> Path:
    """Where an object lives, by its SHA-256 in hex."""
    return root / "objects" / name[:2] / name


_SEGMENTS = TypeAdapter(tuple[Segment, ...])


def _sizes(segments: Iterable[Segment]) -> dict[str, int]:
    """The size of every object of some segments, by name."""
    found: dict[str, int] = {}
    for segment in segments:
        found[segment.name] = segment.size_bytes
        if segment.master is not None:
            found[segment.master.name] = segment.master.size_bytes
            splice = segment.master.splice
            if splice is not None:
                found[splice.name] = splice.size_bytes
                found |= {band.name: band.size_bytes for band in splice.bands}
    return found


def _load(manifest: Path) -> Scene:
    try:
        document = json.loads(manifest.read_bytes())
    except ValueError as error:
        raise invalid(str(manifest), "is not JSON", "a scene's manifest: package the scene again") from error
    return parse_scene(document, where=str(manifest))


def _write_synced(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    part = path.with_name(f"{path.name}.{threading.get_ident()}")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock(folder: Path, *, wait: bool) -> int | None:
    """An open descriptor that holds the folder's lock, which ends with the process; None where another has it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


@contextmanager
def _locked(folder: Path, *, wait: bool) -> Iterator[None]:
    descriptor = _lock(folder, wait=wait)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
