"""How fast scenes are packaged, as multiples of real time, with peak memory: `python -m load.packaging [FILE]`.

Beside it, in the same rounds, the `ffmpeg` command encodes the same rungs of the same file with the same preset: the
ratio says what conforming, loudness, checking and publishing cost on top of encoding. Without FILE, 20 s of moving test
footage with sound is made.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from streamsrv.config import load_ladder
from streamsrv.core.model import Ladder

ROUNDS = 3
LADDER = Path(__file__).parent.parent / "config" / "ladder.toml"


@dataclass(frozen=True, slots=True)
class Run:
    wall_s: float
    cpu_s: float
    peak_bytes: int


def measure(command: Sequence[str]) -> Run:
    """One process from start to end; raises when it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return Run(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def make_footage(path: Path, seconds: int) -> None:
    """Moving pictures with sound: 1280x720, 30 fps."""
    subprocess.run(
        [
            "ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size=1280x720:rate=30:duration={seconds}",
            "-f", "lavfi", "-i", f"sine=frequency=330:sample_rate=48000:duration={seconds}", "-c:v", "libx264",
            "-preset", "veryfast", "-crf", "16", "-c:a", "aac", str(path),
        ],
        check=True,
    )  # fmt: skip


def ffmpeg_command(source: Path, ladder: Ladder, folder: Path) -> list[str]:
    """The same rungs, bit rates, preset and key frames, and the sound, in one pass."""
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(source)]
    for rung in ladder.rungs:
        command += [
            "-map", "0:v:0", "-vf", f"scale={rung.width}:{rung.height},fps={ladder.frame_rate}", "-c:v", "libx264",
            "-preset", "veryfast", "-bf", "0", "-g", "48", "-threads", "1", "-b:v", str(rung.average_bps),
            "-maxrate", str(rung.peak_bps), "-bufsize", str(rung.peak_bps), "-an", str(folder / f"{rung.name}.mp4"),
        ]  # fmt: skip
    sound = ["-map", "0:a:0", "-c:a", "aac", "-b:a", str(ladder.audio_bps), "-ar", "48000"]
    return [*command, *sound, str(folder / "sound.mp4")]


def duration_s(source: Path) -> float:
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(source)],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", nargs="?", type=Path, help="a video; without one, test footage is made")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    if shutil.which("ffmpeg") is None:
        raise SystemExit("this benchmark compares with the ffmpeg command, which is not installed")
    ladder = load_ladder(LADDER)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = arguments.source
        if source is None:
            source = folder / "footage.mp4"
            make_footage(source, seconds=20)
        length_s = duration_s(source)
        ours: list[Run] = []
        theirs: list[Run] = []
        for number in track(range(arguments.rounds), description="Rounds", transient=True):
            ours.append(
                measure(
                    [
                        sys.executable, "-m", "streamsrv", "package", str(source), "--scene", "bench",
                        "--ladder", str(LADDER), "--store", str(folder / f"store-{number}"),
                    ]
                )
            )  # fmt: skip
            theirs.append(measure(ffmpeg_command(source, ladder, folder)))
    report(ladder, length_s, {"streamsrv package": ours, "ffmpeg, encoding only": theirs})


def report(ladder: Ladder, length_s: float, runs: dict[str, list[Run]]) -> None:
    rungs = ", ".join(rung.name for rung in ladder.rungs)
    table = Table(title=f"{length_s:.1f} s of video, {len(ladder.rungs)} rungs ({rungs}), {os.cpu_count()} cores")
    for column in ("", "wall s", "x real time", "CPU s", "peak MB"):
        table.add_column(column, justify="left" if not column else "right")
    for name, measured in runs.items():
        wall_s = statistics.median(run.wall_s for run in measured)
        table.add_row(
            name,
            f"{wall_s:.1f}",
            f"{length_s / wall_s:.2f}",
            f"{statistics.median(run.cpu_s for run in measured):.1f}",
            f"{max(run.peak_bytes for run in measured) / 1e6:.0f}",
        )
    ours, theirs = runs.values()
    ratio = statistics.median(a.cpu_s / b.cpu_s for a, b in zip(ours, theirs, strict=True))
    Console().print(table)
    Console().print(f"CPU, package / ffmpeg in the same round: {ratio:.2f}")


if __name__ == "__main__":
    main()
