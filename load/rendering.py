"""What one viewer's own segment costs, per rung: `python -m load.rendering [FILE]`.

Beside it, in the same rounds, the `ffmpeg` command burns the same words into the same segment with the same encoder
settings, from reading the file to its last byte. CPU is split into decoding, drawing, encoding and checking. Without
FILE, test footage is made.
"""

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from load.packaging import make_footage, measure
from streamsrv.config import load_ladder
from streamsrv.core.grid import VIDEO_TIMESCALE, grid_for
from streamsrv.core.model import Ladder, Look, Rung, Scene
from streamsrv.core.overlays import Drawn, DrawPlan, parse_plan
from streamsrv.media.boxes import video_segment
from streamsrv.media.check import check_video
from streamsrv.media.draw.layer import Layer
from streamsrv.media.draw.painter import open_painter
from streamsrv.media.master import encode_again
from streamsrv.media.packager import package_scene
from streamsrv.media.pictures import decode_pictures
from streamsrv.media.plan import gop_starts
from streamsrv.media.render.compose import lay_over
from streamsrv.media.render.job import Ground, Job
from streamsrv.media.render.pool import RenderPool
from streamsrv.media.request import PackageRequest
from streamsrv.media.store import object_path

ROOT = Path(__file__).resolve().parent.parent
KIT = ROOT / "config" / "brand.toml"
ROUNDS = 5
RUNGS = ("360p", "720p", "1080p")
TEXT = "Hello Zoe, your premium is 312.40 euro"
BOX = (0.08, 0.78, 0.84, 0.12)
SLOTS = '[words]\nkind = "text"\nfrom_s = 0.6\nto_s = 2.6\nbox = [0.08, 0.78, 0.84, 0.12]\nstyle = "plate"\n'
DEADLINE_S = 120.0


@dataclass
class Split:
    """CPU seconds of each step, one number a round."""

    decode: list[float] = field(default_factory=list)
    draw: list[float] = field(default_factory=list)
    encode: list[float] = field(default_factory=list)
    check: list[float] = field(default_factory=list)


@dataclass
class Row:
    split: Split = field(default_factory=Split)
    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    ffmpeg_wall_s: list[float] = field(default_factory=list)
    ffmpeg_cpu_s: list[float] = field(default_factory=list)
    own_bytes: int = 0
    shared_bytes: int = 0
    frames: int = 0


def plan_of(ground: Ground) -> DrawPlan:
    look = Look("plate", motion="none")
    last = ground.first_frame + ground.frames
    return DrawPlan("en", (Drawn("words", "text", BOX, ground.first_frame, last, look, TEXT, ()),))


def ground_of(store: Path, scene: Scene, ladder: Ladder, rung: Rung) -> tuple[Ground, int]:
    """The first segment that is drawn on, and the size of the shared one."""
    rendition = next(one for one in scene.video if one.name == rung.name)
    segment = next(one for one in rendition.segments if one.master is not None)
    assert segment.master is not None
    grid = grid_for(ladder.frame_rate)
    ground = Ground(
        rung=rung, frame_rate=ladder.frame_rate, gop_frames=ladder.gop_ms * ladder.frame_rate // 1000,
        first_frame=segment.start_units * grid.frames, frames=segment.units * grid.frames, crf=segment.master.crf,
        max_bytes=segment.master.max_bytes,
        init=object_path(store, rendition.init_name).read_bytes(),
        master=object_path(store, segment.master.name).read_bytes(),
    )  # fmt: skip
    return ground, segment.size_bytes


def split_of(ground: Ground, layers: Callable[[int], list[Layer]], split: Split) -> None:
    """The steps one after the other, in this process."""
    ticks = VIDEO_TIMESCALE // ground.frame_rate
    with _cpu(split.decode):
        pictures = list(decode_pictures(ground.init, ground.master))
    with _cpu(split.draw):
        drawn = [lay_over(picture, layers(frame)) for frame, picture in enumerate(pictures, ground.first_frame)]
    with _cpu(split.encode):
        encoded = encode_again(
            drawn, ground.rung, crf=ground.crf, frame_rate=ground.frame_rate,
            idrs=gop_starts(ground.frames, gop_frames=ground.gop_frames),
        )  # fmt: skip
    start = ground.first_frame * ticks
    data = video_segment(encoded.samples, decode_time_ticks=start, sample_ticks=ticks)
    with _cpu(split.check):
        check_video(ground.init, data, [start + number * ticks for number in range(ground.frames)])


def ffmpeg_command(source: Path, ground: Ground, target: Path) -> list[str]:
    """The words on a plate in the same place, the same preset, quality, cap and key frames."""
    rung = ground.rung
    font = ROOT / "streamsrv/media/fonts/Manrope-Bold.ttf"
    text = (
        f"drawtext=fontfile={font}:text='{TEXT}':fontsize={round(rung.height * 0.055)}:fontcolor=white"
        f":x={round(rung.width * BOX[0])}:y={round(rung.height * 0.81)}:box=1:boxcolor=black@0.8:boxborderw=8"
    )
    return [
        "ffmpeg", "-v", "error", "-y", "-i", str(source), "-vf", text, "-c:v", "libx264", "-preset", "superfast",
        "-bf", "0", "-g", "48", "-crf", str(ground.crf), "-maxrate", str(rung.peak_bps), "-bufsize",
        str(rung.peak_bps), "-an", "-movflags", "frag_keyframe+empty_moov", str(target),
    ]  # fmt: skip


async def rounds(store: Path, scene: Scene, ladder: Ladder, count: int, folder: Path) -> dict[str, Row]:
    rows = {rung.name: Row() for rung in ladder.rungs if rung.name in RUNGS}
    painter = open_painter(KIT)
    painter.warm()
    pool = RenderPool(size=1, kit=KIT)
    await pool.start()
    for number in track(range(count + 1), description="Rounds", transient=True):
        for rung in ladder.rungs:
            if rung.name not in rows:
                continue
            row = Row() if number == 0 else rows[rung.name]  # The first round warms caches and is not counted.
            ground, row.shared_bytes = ground_of(store, scene, ladder, rung)
            row.frames = ground.frames
            plan = plan_of(ground)
            started_s = time.perf_counter()
            rendered = await pool.render(Job(f"{rung.name}-{number}", ground, plan.canonical()), deadline_s=DEADLINE_S)
            row.wall_s.append(time.perf_counter() - started_s)
            row.cpu_s.append(rendered.cpu_s)
            row.own_bytes = len(rendered.data)
            source = folder / f"{rung.name}.mp4"
            source.write_bytes(ground.init + ground.master)
            run = measure(ffmpeg_command(source, ground, folder / "out.mp4"))
            row.ffmpeg_wall_s.append(run.wall_s)
            row.ffmpeg_cpu_s.append(run.cpu_s)
            layers = painter.layers(parse_plan(plan.canonical()), width=rung.width, height=rung.height)
            split_of(ground, layers, row.split)
    await pool.aclose()
    return rows


@contextmanager
def _cpu(into: list[float]) -> Iterator[None]:
    before = time.process_time()
    yield
    into.append(time.process_time() - before)


def report(rows: dict[str, Row]) -> None:
    table = Table(title=f"One viewer's own segment, {os.cpu_count()} cores; medians")
    columns = ("", "frames", "decode", "draw", "encode", "check", "CPU s", "wall s", "ffmpeg CPU s", "wall s")
    for column in (*columns, "CPU ratio", "wall ratio", "bytes / shared"):
        table.add_column(column, justify="left" if not column else "right")
    for name, row in rows.items():
        split = row.split
        steps = [f"{statistics.median(step):.2f}" for step in (split.decode, split.draw, split.encode, split.check)]
        table.add_row(
            name,
            f"{row.frames}",
            *steps,
            f"{statistics.median(row.cpu_s):.2f}",
            f"{statistics.median(row.wall_s):.2f}",
            f"{statistics.median(row.ffmpeg_cpu_s):.2f}",
            f"{statistics.median(row.ffmpeg_wall_s):.2f}",
            f"{_ratio(row.cpu_s, row.ffmpeg_cpu_s):.2f}",
            f"{_ratio(row.wall_s, row.ffmpeg_wall_s):.2f}",
            f"{row.own_bytes / row.shared_bytes:.2f}",
        )
    Console(width=150).print(table)


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", nargs="?", type=Path, help="a video of 3 s or more; without one, footage is made")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    if shutil.which("ffmpeg") is None:
        raise SystemExit("this benchmark compares with the ffmpeg command, which is not installed")
    ladder = load_ladder(ROOT / "config" / "ladder.toml")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source.mp4"
        if arguments.source is None:
            make_footage(source, seconds=4)
        else:
            cut = ["ffmpeg", "-v", "error", "-y", "-i", str(arguments.source), "-t", "4", str(source)]
            subprocess.run(cut, check=True)
        (folder / "slots.toml").write_text(SLOTS)
        request = PackageRequest(source, "bench", overlays=folder / "slots.toml")
        Console().print("Packaging 4 s at every rung, with masters")
        scene = package_scene(request, ladder=ladder, store=folder / "store")
        report(asyncio.run(rounds(folder / "store", scene, ladder, arguments.rounds, folder)))


if __name__ == "__main__":
    main()
