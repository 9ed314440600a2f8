"""From a click to a viewer's own first segment when nobody saw these words before: `python -m load.cold [--runs 40]`.

A real server with its renderers over one scene at 720p. Each run is a viewer with a name of their own: from POST of the
session to the last byte of their first own segment. In turn with them the `ffmpeg` command burns words into that one
segment, from its nearly lossless pictures, with the same encoder settings: nothing else is done meanwhile.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from load import launch, world
from load.measure import percentile, streamsrv
from load.packaging import measure as timed
from load.rendering import ffmpeg_command
from streamsrv.config import load_ladder
from streamsrv.core.grid import grid_for
from streamsrv.core.model import CampaignId, SceneId, Viewer, ViewerId
from streamsrv.media.render.job import Ground, ground_of
from streamsrv.media.store import Store

PAUSE_S = 0.2
"""Between runs, so that neither pays for what the other left behind."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=40)
    arguments = parser.parse_args()
    people = [
        Viewer(ViewerId(f"v-{number}"), CampaignId("launch"), {"name": f"Viewer {number}"})
        for number in range(arguments.runs + 1)
    ]
    with tempfile.TemporaryDirectory(prefix="streamsrv-load-") as name:
        folder = Path(name)
        config = launch.prepare(folder, people)
        ground = whole_ground(folder)
        source = folder / "segment.mp4"
        source.write_bytes(ground.init + ground.master)
        command = ffmpeg_command(source, ground, folder / "burnt.mp4")
        with streamsrv(config, world.ENVIRON) as (_, url):
            began_s = time.monotonic()
            # The first warms what a server warms once: it is not counted.
            launch.open_one(url, people[0], began_s)
            ours, theirs = [], []
            for person in people[1:]:
                time.sleep(PAUSE_S)
                theirs.append(timed(command).wall_s)
                time.sleep(PAUSE_S)
                ours.append(launch.open_one(url, person, began_s))
    report([one.wait_s for one in ours if one.is_personal], theirs, runs=len(ours))


def whole_ground(folder: Path) -> Ground:
    """The segment that is drawn on first, as a whole picture."""
    ladder = load_ladder(folder / "ladder.toml")
    store = Store(folder / "segments")
    scene = store.scene(SceneId("hello"))
    assert scene is not None
    track = scene.video[0]
    segment = next(one for one in track.segments if one.master is not None)
    grid = grid_for(ladder.frame_rate)
    ground = ground_of(track, segment, ladder.rungs[0], grid=grid, gop_ms=ladder.gop_ms, banded=False, read=store.read)
    assert isinstance(ground, Ground)
    return ground


def report(ours: list[float], theirs: list[float], *, runs: int) -> None:
    print(f"{runs} viewers, {len(ours)} of them got their own words; seconds")
    print(f"{'':<44}{'p50':>8}{'p95':>8}")
    for title, taken in (("session, playlist and own segment, cold", ours), ("ffmpeg, that segment alone", theirs)):
        print(f"{title:<44}{statistics.median(taken):>8.3f}{percentile(taken, 95):>8.3f}")
    print(f"p95 of ours is {percentile(ours, 95) / percentile(theirs, 95):.2f} of ffmpeg's (wanted: at most 1)")


if __name__ == "__main__":
    main()
