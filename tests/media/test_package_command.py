"""`streamsrv package` as a person or a script meets it."""

import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from streamsrv.cli.package import ways_of
from streamsrv.core.model import Master, OverlaySlot, Segment, Splice, Track
from tests.core.authored import scene as bare
from tests.media.files import Sound, times_at, write_source

_LADDER = """
frame_rate = 30
audio_bps = 96_000
segment_ms = 1000

[[rung]]
name = "180p"
width = 320
height = 180
average_bps = 300_000
peak_bps = 450_000
level = "3.0"
"""


def _start(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    (folder / "ladder.toml").write_text(_LADDER)
    command = [sys.executable, "-c", "from streamsrv.cli import main; main()", "package", *arguments]
    command += ["--store", str(folder / "store"), "--ladder", str(folder / "ladder.toml")]
    return subprocess.Popen(
        command, cwd=Path(__file__).parents[2], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def _run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    with _start(folder, *arguments) as process:
        out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def _visible(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file() and ".incoming" not in path.parts]


def test_a_packaged_scene_is_summed_up_in_one_line(tmp_path: Path) -> None:
    source = str(write_source(tmp_path / "a.mkv", times_at(30, 40), sound=Sound(1.0)))

    code, out, err = _run(tmp_path, source, "--scene", "hello", "--lang", "de")

    assert (code, out) == (0, "hello: 1.60 s in 3 segments, 1 rung, sound de\n")
    assert all(re.fullmatch(r"Packaging hello: \d+%", line) for line in err.splitlines())


def test_a_scene_that_is_there_takes_no_time(tmp_path: Path) -> None:
    source = str(write_source(tmp_path / "a.mkv", times_at(30, 40)))
    _run(tmp_path, source, "--scene", "hello")

    assert _run(tmp_path, source, "--scene", "hello") == (0, "hello: 1.60 s in 3 segments, 1 rung, sound en\n", "")


def test_the_summary_names_captions_and_overlays_and_what_is_left_out_later_is_told(tmp_path: Path) -> None:
    source = str(write_source(tmp_path / "a.mkv", times_at(30, 40), sound=Sound(1.0)))
    captions, overlays = tmp_path / "a.vtt", tmp_path / "a.toml"
    captions.write_text("WEBVTT\n\n00:00.500 --> 00:01.000\nHello\n")
    overlays.write_text("[greeting]\nfrom_s = 0.5\nto_s = 1.0\nbox = [0, 0, 1, 1]\n")
    both = ["--captions", f"en={captions}", "--captions", f"de={captions}", "--overlays", str(overlays)]
    more = [*both, "--title", "Hi", "--audio", f"fr={source}"]

    told = "hello: 1.60 s in 3 segments, 1 rung, sound en"
    assert _run(tmp_path, source, "--scene", "hello", *more)[:2] == (
        0,
        f"{told}, fr; captions en, de; overlays greeting\n"
        "viewers' own words:\n"
        "  greeting, 0.00 to 1.07 s: whole pictures at 180p: what is drawn takes most of the picture\n",
    )
    code, out, err = _run(tmp_path, source, "--scene", "hello", *both[:2])

    assert (code, out) == (0, f"{told}; captions en\n")
    assert err.splitlines()[-1] == (
        'captions de; sound languages fr; overlays greeting; title "Hi" of the stored scene are gone: '
        "give --captions, --audio, --overlays, --title again to keep them"
    )
    code, out, err = _run(tmp_path, source, "--scene", "hello")
    assert (code, out) == (0, f"{told}\n")
    assert err == "captions en of the stored scene are gone: give --captions again to keep them\n"


def test_each_overlay_slot_has_a_line_on_where_its_rows_are_spliced_and_where_pictures_are_drawn_whole() -> None:
    splice = Splice("s", 1, (), 0, 20, 1.25, 47.5)
    rows = Master("m", 1, 20, 1, splice=splice)
    coarse = Master("m", 1, 20, 1, whole="it is encoded so coarsely that a band's edge would show")
    most = Master("m", 1, 20, 1, whole="what is drawn takes most of the picture")
    shared = Segment("e", 1, 4, 2, 1)

    def track(name: str, *masters: Master) -> Track:
        segments = (*(Segment("s", 1, 2 * at, 2, 1, master) for at, master in enumerate(masters)), shared)
        return Track(name, "", "", "", 1, 1, segments, 320, 180)

    scene = replace(
        bare("hello"),
        video=(track("180p", coarse, coarse), track("360p", rows, most), track("720p", rows, rows)),
        overlays={
            "greeting": OverlaySlot("text", 0, 2, (0, 0, 1, 0.1)),
            "chart": OverlaySlot("chart", 1, 4, (0, 0, 1, 0.5)),
        },
    )

    assert [
        "",
        "viewers' own words:",
        "  greeting, 0.00 to 1.07 s: only its rows are encoded at 360p, 720p; whole pictures at 180p: it is encoded so"
        " coarsely that a band's edge would show",
        "  chart, 0.53 to 2.13 s: only its rows are encoded at 360p, 720p; whole pictures at 180p: it is encoded so"
        " coarsely that a band's edge would show; whole pictures at 360p in 1 of 2 segments: what is drawn takes most"
        " of the picture",
        "  beside the rows, pictures stay within 1.2 of 255 levels, at 47.5 dB or more",
    ] == ways_of(scene).split("\n")


def test_a_title_that_is_left_out_later_is_told(tmp_path: Path) -> None:
    source = str(write_source(tmp_path / "a.mkv", times_at(30, 40)))
    _run(tmp_path, source, "--scene", "hello", "--title", "Hi")

    code, _, err = _run(tmp_path, source, "--scene", "hello")

    assert (code, err) == (0, 'title "Hi" of the stored scene is gone: give --title again to keep it\n')


def test_a_bad_source_is_one_line_and_exit_1(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("not a video\n")

    code, out, err = _run(tmp_path, str(tmp_path / "a.mp4"), "--scene", "hello")

    assert (code, out) == (1, "")
    assert err == (
        f"streamsrv: {tmp_path}/a.mp4: cannot be decoded (Invalid data found when processing input); "
        "expected a whole, undamaged media file\n"
    )
    assert not (tmp_path / "store").exists()


def test_a_language_option_names_a_language_and_a_file(tmp_path: Path) -> None:
    code, _, err = _run(tmp_path, "a.mp4", "--scene", "hello", "--captions", "hello.vtt")

    assert code == 1
    assert (
        err
        == "streamsrv: --captions: 'hello.vtt' names no language and file; expected LANG=FILE, such as de=a.de.vtt\n"
    )


def test_a_store_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    source = str(write_source(tmp_path / "a.mkv", times_at(30, 16)))
    (tmp_path / "store").write_text("a file, not a folder")

    code, _, err = _run(tmp_path, source, "--scene", "hello")

    assert code == 1
    assert err.splitlines()[-1].startswith(f"streamsrv: {tmp_path}/store")


def test_sigterm_leaves_nothing_to_see(tmp_path: Path) -> None:
    source = str(write_source(tmp_path / "a.mkv", times_at(30, 1800)))
    with _start(tmp_path, source, "--scene", "hello") as process:
        deadline = time.monotonic() + 60
        while not list((tmp_path / "store").glob(".incoming/*/objects/*")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)

    assert process.returncode == 128 + signal.SIGTERM
    assert "Traceback" not in err
    assert _visible(tmp_path / "store") == []
