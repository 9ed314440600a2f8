"""What one viewer's own segment costs, per rung: `python -m load.rendering [FILE]`.

The whole picture encoded again, and only the rows that are drawn on; beside them, in the same rounds, the `ffmpeg`
command burns the same words into the same segment with the same encoder settings, from reading the file to its last
byte. CPU is split into decoding, drawing, encoding and checking. Quality is held against the master with the words
laid over it. Without FILE, one of the demo's scenes is drawn.
"""

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame
from rich.console import Console
from rich.progress import track
from rich.table import Table

from load.packaging import measure
from streamsrv.config import load_ladder
from streamsrv.core.grid import VIDEO_TIMESCALE, grid_for
from streamsrv.core.model import Ladder, Look, Rung, Scene, Segment, Track
from streamsrv.core.overlays import Drawn, DrawPlan
from streamsrv.media.boxes import video_segment
from streamsrv.media.check import check_video
from streamsrv.media.demo import DEMO_SCENES, write_source
from streamsrv.media.draw.painter import Painter, open_painter
from streamsrv.media.encode import encode_again
from streamsrv.media.packager import package_scene
from streamsrv.media.pictures import decode_pictures
from streamsrv.media.plan import gop_starts
from streamsrv.media.quality import luma, psnr_db
from streamsrv.media.render.compose import lay_over
from streamsrv.media.render.job import BandedGround, Ground, Job, ground_of
from streamsrv.media.render.pool import RenderPool
from streamsrv.media.request import PackageRequest
from streamsrv.media.store import object_path

ROOT = Path(__file__).resolve().parent.parent
KIT = ROOT / "config" / "brand.toml"
ROUNDS = 5
SCENE = "explain-home"
RUNGS = ("360p", "720p", "1080p")
TEXT = "Hello Zoe, your premium is 312.40 euro"
BOX = (0.08, 0.83, 0.84, 0.06)
SLOTS = '[words]\nkind = "text"\nfrom_s = 0.6\nto_s = 2.6\nbox = [0.08, 0.83, 0.84, 0.06]\nstyle = "label"\n'
DEADLINE_S = 120.0


@dataclass
class Way:
    """One way to make the segment."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    size_bytes: int = 0
    psnr_db: float = 0.0
    ssim: float = 0.0


@dataclass
class Row:
    """One rung."""

    whole: Way = field(default_factory=Way)
    banded: Way | None = None
    ffmpeg: Way = field(default_factory=Way)
    steps: dict[str, list[float]] = field(default_factory=dict)
    """CPU seconds of each step of the whole picture, one number a round."""
    segment: Segment | None = None
    rows: str = ""


class Bench:
    """A packaged scene, and what is drawn on it."""

    def __init__(self, store: Path, scene: Scene, ladder: Ladder) -> None:
        self._store, self._scene, self._ladder = store, scene, ladder
        self.painter: Painter = open_painter(KIT)
        self.painter.warm()

    def of(self, rung: Rung) -> tuple[Track, Segment]:
        """The first segment that is drawn on."""
        rendition = next(one for one in self._scene.video if one.name == rung.name)
        return rendition, next(one for one in rendition.segments if one.master is not None)

    def ground(self, rung: Rung, *, banded: bool) -> Ground | BandedGround:
        rendition, segment = self.of(rung)
        grid, gop_ms = grid_for(self._ladder.frame_rate), self._ladder.gop_ms
        return ground_of(rendition, segment, rung, grid=grid, gop_ms=gop_ms, banded=banded, read=self.read)

    def read(self, name: str) -> bytes:
        return object_path(self._store, name).read_bytes()

    def plan(self, ground: Ground | BandedGround) -> DrawPlan:
        look = Look("label", motion="none")
        last = ground.first_frame + ground.frames
        return DrawPlan("en", (Drawn("words", "text", BOX, ground.first_frame, last, look, TEXT, ()),))

    def drawn(self, ground: Ground) -> list[VideoFrame]:
        """The pictures as they should be."""
        layers = self.painter.layers(self.plan(ground), width=ground.rung.width, height=ground.rung.height)
        pictures = decode_pictures(ground.init, ground.master)
        return [lay_over(picture, layers(frame)) for frame, picture in enumerate(pictures, ground.first_frame)]


def split(bench: Bench, ground: Ground, steps: dict[str, list[float]]) -> None:
    """The steps of a whole picture one after the other, in this process."""
    ticks = VIDEO_TIMESCALE // ground.frame_rate
    layers = bench.painter.layers(bench.plan(ground), width=ground.rung.width, height=ground.rung.height)
    with _cpu(steps.setdefault("decode", [])):
        pictures = list(decode_pictures(ground.init, ground.master))
    with _cpu(steps.setdefault("draw", [])):
        drawn = [lay_over(picture, layers(frame)) for frame, picture in enumerate(pictures, ground.first_frame)]
    with _cpu(steps.setdefault("encode", [])):
        encoded = encode_again(
            drawn, ground.rung, crf=ground.crf, frame_rate=ground.frame_rate,
            idrs=gop_starts(ground.frames, gop_frames=ground.gop_frames),
        )  # fmt: skip
    start = ground.first_frame * ticks
    data = video_segment(encoded.samples, decode_time_ticks=start, sample_ticks=ticks)
    with _cpu(steps.setdefault("check", [])):
        check_video(ground.init, data, [start + number * ticks for number in range(ground.frames)])


def ffmpeg_command(source: Path, ground: Ground, target: Path) -> list[str]:
    """The words in the same place, the same preset, quality, cap and key frames."""
    rung = ground.rung
    font = ROOT / "streamsrv/media/fonts/Manrope-Bold.ttf"
    text = (
        f"drawtext=fontfile={font}:text='{TEXT}':fontsize={round(rung.height * 0.04)}:fontcolor=navy"
        f":x={round(rung.width * BOX[0])}:y={round(rung.height * 0.84)}"
    )
    return [
        "ffmpeg", "-v", "error", "-y", "-i", str(source), "-vf", text, "-c:v", "libx264", "-preset", "superfast",
        "-bf", "0", "-g", "48", "-crf", str(ground.crf), "-maxrate", str(rung.peak_bps), "-bufsize",
        str(rung.peak_bps), "-an", "-movflags", "frag_keyframe+empty_moov", str(target),
    ]  # fmt: skip


async def rounds(bench: Bench, ladder: Ladder, count: int, folder: Path) -> dict[str, Row]:
    rows = {rung.name: Row() for rung in ladder.rungs if rung.name in RUNGS}
    pool = RenderPool(size=1, kit=KIT)
    await pool.start()
    for number in track(range(count + 1), description="Rounds", transient=True):
        for rung in ladder.rungs:
            if rung.name in rows:
                # The first round warms caches and is not counted.
                await one_round(bench, rung, Row() if number == 0 else rows[rung.name], pool, folder)
    await pool.aclose()
    return rows


async def one_round(bench: Bench, rung: Rung, row: Row, pool: RenderPool, folder: Path) -> None:
    _, row.segment = bench.of(rung)
    whole, banded = bench.ground(rung, banded=False), bench.ground(rung, banded=True)
    assert isinstance(whole, Ground)
    wanted = bench.drawn(whole)
    await render(bench, pool, whole, row.whole, wanted)
    if isinstance(banded, BandedGround):
        row.banded = row.banded or Way()
        row.rows = " + ".join(f"{strip.band.size}/{strip.rows.size}" for strip, _ in banded.strips)
        await render(bench, pool, banded, row.banded, wanted)
    source = folder / f"{rung.name}.mp4"
    source.write_bytes(whole.init + whole.master)
    run = measure(ffmpeg_command(source, whole, folder / "out.mp4"))
    row.ffmpeg.wall_s.append(run.wall_s)
    row.ffmpeg.cpu_s.append(run.cpu_s)
    row.ffmpeg.size_bytes = (folder / "out.mp4").stat().st_size
    split(bench, whole, row.steps)


async def render(
    bench: Bench, pool: RenderPool, ground: Ground | BandedGround, way: Way, wanted: list[VideoFrame]
) -> None:
    started_s = time.perf_counter()
    rendered = await pool.render(Job("bench", ground, bench.plan(ground).canonical()), deadline_s=DEADLINE_S)
    way.wall_s.append(time.perf_counter() - started_s)
    way.cpu_s.append(rendered.cpu_s)
    if not way.size_bytes:
        way.size_bytes = len(rendered.data)
        found = [luma(picture) for picture in decode_pictures(ground.init, rendered.data)]
        way.psnr_db = psnr_db(map(luma, wanted), found)
        way.ssim = statistics.fmean(ssim(luma(one), other) for one, other in zip(wanted, found, strict=True))


def ssim(one: np.ndarray, other: np.ndarray) -> float:
    """The structural similarity of two pictures, over blocks of 8x8 (Wang et al. 2004, without their window)."""
    rows, columns = one.shape[0] // 8 * 8, one.shape[1] // 8 * 8
    left, right = (
        plane[:rows, :columns].reshape(rows // 8, 8, columns // 8, 8).astype(np.float32) for plane in (one, other)
    )
    axes = (1, 3)
    mean_l, mean_r = left.mean(axes), right.mean(axes)
    covered = (left * right).mean(axes) - mean_l * mean_r
    bright = (2 * mean_l * mean_r + 6.5025) / (mean_l**2 + mean_r**2 + 6.5025)
    return float(np.mean(bright * (2 * covered + 58.5225) / (left.var(axes) + right.var(axes) + 58.5225)))


@contextmanager
def _cpu(into: list[float]) -> Iterator[None]:
    before = time.process_time()
    yield
    into.append(time.process_time() - before)


def report(rows: dict[str, Row]) -> None:
    table = Table(title=f"One viewer's own segment, {os.cpu_count()} cores; medians, and ratios of the same round")
    columns = ("", "rows", "CPU s", "wall s", "CPU: ffmpeg is", "CPU: whole is", "bytes / shared", "PSNR dB", "SSIM")
    for column in columns:
        table.add_column(column, justify="left" if not column else "right")
    for name, row in rows.items():
        assert row.segment is not None
        assert row.segment.master is not None
        for title, way in (("whole picture", row.whole), ("rows", row.banded), ("ffmpeg", row.ffmpeg)):
            if way is None:
                table.add_row(f"{name} rows", row.segment.master.whole)
                continue
            table.add_row(
                f"{name} {title}",
                row.rows if title == "rows" else "",
                f"{statistics.median(way.cpu_s):.3f}",
                f"{statistics.median(way.wall_s):.3f}",
                f"{_ratio(row.ffmpeg.cpu_s, way.cpu_s):.2f}x",
                f"{_ratio(row.whole.cpu_s, way.cpu_s):.2f}x",
                f"{way.size_bytes / row.segment.size_bytes:.2f}",
                f"{way.psnr_db:.2f}" if way.psnr_db else "",
                f"{way.ssim:.4f}" if way.ssim else "",
            )
    console = Console(width=150)
    console.print(table)
    for name, row in rows.items():
        steps = ", ".join(f"{step} {statistics.median(taken):.3f}" for step, taken in row.steps.items())
        splice = row.segment and row.segment.master and row.segment.master.splice
        drift = f"; beside bands: {splice.drift} levels, {splice.drift_db} dB, factor {splice.crf}" if splice else ""
        console.print(f"{name}, whole picture, CPU s: {steps}{drift}")


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", nargs="?", type=Path, help="a video of 3 s or more; without one, the demo's is drawn")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    if shutil.which("ffmpeg") is None:
        raise SystemExit("this benchmark compares with the ffmpeg command, which is not installed")
    ladder = load_ladder(ROOT / "config" / "ladder.toml")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = _drawn_source(folder) if arguments.source is None else _start_of(arguments.source, folder)
        (folder / "slots.toml").write_text(SLOTS)
        request = PackageRequest(source, "bench", overlays=folder / "slots.toml")
        Console().print("Packaging at every rung, with masters and bands")
        began_s = time.perf_counter()
        scene = package_scene(request, ladder=ladder, store=folder / "store")
        Console().print(f"packaged in {time.perf_counter() - began_s:.0f} s")
        report(asyncio.run(rounds(Bench(folder / "store", scene, ladder), ladder, arguments.rounds, folder)))


def _drawn_source(folder: Path) -> Path:
    Console().print(f"Drawing the demo's scene {SCENE}")
    scene = next(one for one in DEMO_SCENES if one.scene_id == SCENE)
    return write_source(scene, folder, progress=lambda done, of: None).video


def _start_of(source: Path, folder: Path) -> Path:
    start = folder / "source.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(source), "-t", "4", str(start)], check=True)
    return start


if __name__ == "__main__":
    main()
