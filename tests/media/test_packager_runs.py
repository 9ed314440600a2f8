"""Runs that are repeated, interrupted, killed or simultaneous: never anything half-made, never work done twice."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from streamsrv.core.errors import Invalid
from streamsrv.core.model import SceneId
from streamsrv.media.packager import package_scene
from streamsrv.media.processor import x264_instructions
from streamsrv.media.request import PackageRequest
from streamsrv.media.store import Run, Store, object_path
from tests.media.files import TINY, Sound, objects, times_at, tracks, write_source

_MANY_CHUNKS = replace(TINY, segment_ms=1000)
"""Segments of one unit, so that a chunk lasts 5.3 s."""

_IN_A_PROCESS = """
import sys
from dataclasses import replace
from pathlib import Path
from streamsrv.media.packager import package_scene
from streamsrv.media.request import PackageRequest
from tests.media.files import TINY
ladder = replace(TINY, segment_ms=int(sys.argv[3]), rungs=TINY.rungs[: int(sys.argv[4])])
package_scene(PackageRequest(Path(sys.argv[1]), "a"), ladder=ladder, store=Path(sys.argv[2]))
print(next(line.split()[1] for line in Path("/proc/self/status").open() if line.startswith("VmHWM:")))
"""
"""Prints its peak in KiB. Not `ru_maxrss`: a child inherits that from the process that starts it, here pytest."""

_AMONG_LEFTOVERS = """
from hashlib import sha256
import numpy as np
from av.video.frame import VideoFrame
from streamsrv.media.encode import PictureEncoder
from tests.media.files import TINY, barcode

rung = TINY.rungs[0]
pictures = [
    VideoFrame.from_ndarray(barcode(number, rung.width, rung.height), format="rgb24").reformat(format="yuv420p")
    for number in range(480, 500)
]
leftovers = np.random.default_rng(1).integers(-160, 0, 6 << 20, dtype=np.int16)
made = set()
for attempt in range(30):
    np.roll(leftovers, attempt)  # a copy, left behind at once
    encoder = PictureEncoder(rung, frame_rate=30)
    samples = [one for at, frame in enumerate(pictures) for one in encoder.encode(frame, number=at, idr=at % 16 == 0)]
    made.add(sha256(b"".join(sample.data for sample in [*samples, *encoder.finish()])).hexdigest())
print(len(made))
"""
"""Encodes the same pictures 30 times, in memory that holds what looks like motion; prints how many results differ."""

_REUSED_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(1 << 30)}
"""Makes glibc hand out again what was freed, as it does in a process that has run for long."""


def _start(source: Path, store: Path, *, segment_ms: int = 1000, rungs: int = 2) -> "subprocess.Popen[str]":
    arguments = [sys.executable, "-c", _IN_A_PROCESS, str(source), str(store), str(segment_ms), str(rungs)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def _steps(store: Path) -> list[Path]:
    return sorted(store.glob(".incoming/*/steps/*.json"))


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    source = write_source(tmp_path / "a.mkv", times_at(30, 400), sound=Sound(13.0))

    for name in ("one", "two"):
        package_scene(PackageRequest(source, "a"), ladder=_MANY_CHUNKS, store=tmp_path / name)

    assert objects(tmp_path / "one") == objects(tmp_path / "two")


def test_what_memory_held_before_does_not_change_the_bytes() -> None:
    count = subprocess.check_output(
        [sys.executable, "-c", _AMONG_LEFTOVERS],
        env={**os.environ, **_REUSED_MEMORY},
        text=True,
        cwd=Path(__file__).parents[2],
    )

    assert int(count) == 1


@pytest.mark.parametrize(
    ("cpuinfo", "expected"),
    [
        ("processor\t: 0\nflags\t\t: fpu sse2 avx avx2 avx512f avx512bw\n", "avx2"),
        ("processor\t: 0\nflags\t\t: fpu sse2 avx avx2\n", "auto"),
        ("processor\t: 0\nFeatures\t: fp asimd\n", "auto"),
        ("", "auto"),
    ],
)
def test_x264_uses_all_instructions_but_avx512(cpuinfo: str, expected: str) -> None:
    assert x264_instructions(cpuinfo) == expected


def test_a_scene_that_is_there_is_found_at_once(tmp_path: Path) -> None:
    source = write_source(tmp_path / "a.mp4", times_at(30, 32))
    first = package_scene(PackageRequest(source, "a"), ladder=TINY, store=tmp_path / "store")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "store").rglob("*")}

    second = package_scene(PackageRequest(source, "a"), ladder=TINY, store=tmp_path / "store")

    assert second == first
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "store").rglob("*")} == before


def test_a_scene_that_lost_a_segment_is_made_whole_again(tmp_path: Path) -> None:
    source = write_source(tmp_path / "a.mp4", times_at(30, 32))
    scene = package_scene(PackageRequest(source, "a"), ladder=TINY, store=tmp_path / "store")
    before = objects(tmp_path / "store")
    object_path(tmp_path / "store", scene.video[0].segments[0].name).unlink()
    object_path(tmp_path / "store", scene.video[1].segments[0].name).write_bytes(b"short")

    package_scene(PackageRequest(source, "a"), ladder=TINY, store=tmp_path / "store")

    assert objects(tmp_path / "store") == before


def test_a_killed_run_is_invisible_and_the_next_one_goes_on_where_it_stopped(tmp_path: Path) -> None:
    source = write_source(tmp_path / "a.mkv", times_at(30, 900), sound=Sound(30.0))
    store = tmp_path / "store"
    with _start(source, store) as process:
        deadline = time.monotonic() + 60
        while not list(store.glob(".incoming/*/steps/video-*.json")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL

    visible = [name for name in objects(store) if not name.startswith(".incoming")]
    made = [segment["name"] for step in _steps(store) for segment in json.loads(step.read_bytes())]
    inodes = {name: next(store.glob(f".incoming/*/objects/{name}")).stat().st_ino for name in made}
    scene = package_scene(PackageRequest(source, "a"), ladder=_MANY_CHUNKS, store=store)
    whole = package_scene(PackageRequest(source, "a"), ladder=_MANY_CHUNKS, store=tmp_path / "whole")

    assert visible == []
    assert made
    assert {name: object_path(store, name).stat().st_ino for name in made} == inodes
    assert scene == whole
    assert objects(store) == objects(tmp_path / "whole")


@pytest.mark.parametrize("moment", [0.05, 0.3, 0.6, 0.9, 0.98])
def test_an_interrupted_run_leaves_nothing_to_see(tmp_path: Path, moment: float) -> None:
    source = write_source(tmp_path / "a.mkv", times_at(30, 100), sound=Sound(3.0))
    store = tmp_path / "store"

    def interrupt(done: float) -> None:
        if moment <= done < 1.0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        package_scene(PackageRequest(source, "a"), ladder=TINY, store=store, progress=interrupt)

    assert [name for name in objects(store) if not name.startswith(".incoming")] == []
    package_scene(PackageRequest(source, "a"), ladder=TINY, store=store)
    assert list((store / ".incoming").iterdir()) == []


def test_a_dead_run_is_cleared_away_unless_it_can_go_on(tmp_path: Path) -> None:
    incoming = tmp_path / ".incoming"
    for name in ("other.aaaa", "a.bbbb", "resumable.cccc", "old.dddd"):
        (incoming / name).mkdir(parents=True)
    for name in ("a.bbbb", "resumable.cccc", "old.dddd"):
        Run(tmp_path, incoming / name).finish_step("audio-en", [])
    os.utime(incoming / "old.dddd", (0, 0))

    with Store(tmp_path).open_run(SceneId("a"), "e" * 64):
        left = sorted(path.name for path in incoming.iterdir())

    assert left == ["a." + "e" * 16, "resumable.cccc"]


def test_one_scene_is_packaged_by_one_run_at_a_time(tmp_path: Path) -> None:
    with (
        Store(tmp_path).open_run(SceneId("a"), "e" * 64),
        pytest.raises(Invalid, match=r"^scene a: is being packaged by another run; expected one run at a time$"),
        Store(tmp_path).open_run(SceneId("a"), "e" * 64),
    ):
        pass


def test_a_source_that_breaks_off_late_leaves_nothing_behind(tmp_path: Path) -> None:
    data = bytearray(write_source(tmp_path / "a.mkv", times_at(30, 600), codec="ffv1", size=(64, 36)).read_bytes())
    data[len(data) * 9 // 10 : len(data) * 9 // 10 + 2000] = os.urandom(2000)
    (tmp_path / "a.mkv").write_bytes(data)

    with pytest.raises(Invalid, match="cannot be decoded"):
        package_scene(PackageRequest(tmp_path / "a.mkv", "a"), ladder=_MANY_CHUNKS, store=tmp_path / "store")

    assert objects(tmp_path / "store") == {}
    assert list((tmp_path / "store" / ".incoming").iterdir()) == []


def test_memory_does_not_grow_with_the_source(tmp_path: Path) -> None:
    peaks_kib = []
    for minutes in (1, 10):
        times = times_at(Fraction(1), minutes * 60)
        sound = Sound(minutes * 60.0, rate=8_000, layout="mono")
        source = write_source(tmp_path / f"{minutes}.mkv", times, size=(64, 36), sound=sound)
        with _start(source, tmp_path / f"store-{minutes}", segment_ms=6400, rungs=1) as process:
            output, _ = process.communicate(timeout=120)
        peaks_kib.append(int(output))

    assert peaks_kib[1] < peaks_kib[0] * 1.15
    manifest = json.loads((tmp_path / "store-10" / "scenes" / "a" / "scene.json").read_bytes())
    assert manifest["scene"]["units"] == 1125


def test_objects_are_named_by_their_bytes(tmp_path: Path) -> None:
    source = write_source(tmp_path / "a.mp4", times_at(30, 32))

    scene = package_scene(PackageRequest(source, "a"), ladder=TINY, store=tmp_path / "store")

    named = {scene.poster_name, *(track.init_name for track in tracks(scene))}
    named |= {segment.name for track in tracks(scene) for segment in track.segments}
    stored = {path.name for path in (tmp_path / "store" / "objects").rglob("*") if path.is_file()}
    assert stored == named
