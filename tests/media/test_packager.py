"""A packaged scene keeps the contract that the server and every player rely on."""

import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from streamsrv.config import load_ladder
from streamsrv.core.bandwidth import measure
from streamsrv.core.catalog import build_catalog
from streamsrv.core.errors import Invalid
from streamsrv.core.fragment import parse_fragment
from streamsrv.core.grid import grid_for
from streamsrv.core.manifest import format_scene, parse_scene
from streamsrv.core.model import Cue, Ladder, Provenance, Scene
from streamsrv.media.packager import package_scene
from streamsrv.media.probe import Limits
from streamsrv.media.request import PackageRequest
from streamsrv.media.sound import measure_sound
from streamsrv.media.source import read_sound
from streamsrv.media.store import object_path
from tests.media.files import (
    TINY,
    Sound,
    barcode,
    decoded_pictures,
    decoded_sound,
    joined,
    objects,
    packet_count,
    read_barcode,
    times_at,
    tracks,
    write_source,
)

_GRID = grid_for(30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two scenes of one store: `tone`, 8 s with sound and an extra cut; `mute`, 1 s of another picture."""
    folder = tmp_path_factory.mktemp("packaged")
    tone = write_source(folder / "tone.mkv", times_at(30, 240), sound=Sound(8.0))
    package_scene(PackageRequest(tone, "tone", title="A tone", cuts_ms=(2100,)), ladder=TINY, store=folder / "store")
    mute = write_source(folder / "mute.mp4", times_at(25, 25), size=(64, 64))
    package_scene(PackageRequest(mute, "mute"), ladder=TINY, store=folder / "store")
    return folder


def _load(store: Path, scene_id: str) -> Scene:
    manifest = store / "scenes" / scene_id / "scene.json"
    return parse_scene(json.loads(manifest.read_bytes()), where=str(manifest))


def test_the_manifest_says_what_the_objects_are(folder: Path) -> None:
    scene = _load(folder / "store", "tone")

    assert (scene.title, scene.units, scene.frame_rate, list(scene.audio)) == ("A tone", 15, 30, ["en"])
    assert [(segment.start_units, segment.units) for segment in scene.video[0].segments] == [(0, 4), (4, 11)]
    assert [(track.name, track.width, track.height, track.codec) for track in tracks(scene)] == [
        ("90p", 160, 90, "avc1.64001E"),
        ("180p", 320, 180, "avc1.64001E"),
        ("audio-en", 0, 0, "mp4a.40.2"),
    ]
    for track in tracks(scene):
        sizes = [segment.size_bytes for segment in track.segments]
        assert sizes == [object_path(folder / "store", segment.name).stat().st_size for segment in track.segments]
        rates = measure(sizes, [4, 11], grid=_GRID, target_duration_s=6)
        assert (track.peak_bps, track.average_bps) == (rates.peak_bps, rates.average_bps)


def test_every_frame_and_every_packet_is_there(folder: Path) -> None:
    scene = _load(folder / "store", "tone")

    pictures = [decoded_pictures(folder / "store", track) for track in scene.video]

    assert [[read_barcode(frame) for frame in rung] for rung in pictures] == [list(range(240))] * 2
    assert packet_count(folder / "store", scene.audio["en"]) == 15 * 25


def test_every_segment_starts_with_an_idr_and_has_one_every_gop(folder: Path) -> None:
    scene = _load(folder / "store", "tone")

    for track in scene.video:
        with av.open(joined(folder / "store", track), "r") as container:
            keys = [number for number, packet in enumerate(container.demux(video=0)) if packet.is_keyframe]
        assert keys == [0, 32, 64, 108, 152, 196]


def test_an_i_frame_range_alone_decodes_to_the_segment_s_first_picture(folder: Path) -> None:
    scene = _load(folder / "store", "tone")
    track = scene.video[1]
    init = object_path(folder / "store", track.init_name).read_bytes()

    shown = []
    for segment in track.segments:
        data = object_path(folder / "store", segment.name).read_bytes()[: segment.key_frame_bytes]
        context = av.CodecContext.create("h264", "r")
        context.extradata = init[init.index(b"avcC") + 4 : init.index(b"colr") - 4]
        packet = av.Packet(data[data.index(b"mdat") + 4 :])
        shown += [read_barcode(frame) for frame in [*context.decode(packet), *context.decode(None)]]

    assert shown == [0, 64]


def test_segments_are_one_fragment_each_that_starts_where_the_grid_says(folder: Path) -> None:
    scene = _load(folder / "store", "tone")

    for track in tracks(scene):
        ticks = _GRID.video_ticks if track.width else _GRID.audio_ticks
        for segment in track.segments:
            fragment = parse_fragment(object_path(folder / "store", segment.name).read_bytes())
            assert fragment.start_ticks == segment.start_units * ticks


def test_all_scenes_of_a_store_share_their_init_sections(folder: Path) -> None:
    scenes = [_load(folder / "store", name) for name in ("tone", "mute")]

    catalog = build_catalog(scenes, target_duration_s=6)

    assert len(catalog.init_names()) == 3
    parameters = [[track.parameters_sha256 for track in tracks(scene)] for scene in scenes]
    assert parameters[0] == parameters[1]


def test_a_scene_has_the_ladder_s_loudness_and_a_silent_lead_in(folder: Path) -> None:
    scene = _load(folder / "store", "tone")
    path = folder / "tone.m4a.mp4"
    path.write_bytes(joined(folder / "store", scene.audio["en"]).getvalue())

    span = measure_sound(read_sound(path, Limits()))
    samples = decoded_sound(folder / "store", scene.audio["en"])

    assert span is not None
    assert abs(span.loudness_lufs - TINY.loudness_lufs) < 0.5
    assert float(np.abs(samples[:, :1024]).max()) < 0.002
    assert float(np.abs(samples[:, 2048:4096]).max()) > 0.1


def test_another_ladder_does_not_fit_the_store_and_nothing_is_written(folder: Path) -> None:
    other = replace(TINY, rungs=(replace(TINY.rungs[0], level="3.1"), TINY.rungs[1]))
    before = objects(folder / "store")

    with pytest.raises(Invalid) as caught:
        package_scene(PackageRequest(folder / "mute.mp4", "third"), ladder=other, store=folder / "store")

    assert str(caught.value) == (
        "scene third: would not join with scene mute, which was packaged with other encoder settings; "
        "expected the ladder and version that made this store, or an empty store"
    )
    assert objects(folder / "store") == before


def test_captions_and_provenance_can_change_without_encoding_again(tmp_path: Path) -> None:
    source = write_source(tmp_path / "a.mp4", times_at(30, 32))
    first = package_scene(PackageRequest(source, "a"), ladder=TINY, store=tmp_path / "store")
    captions = tmp_path / "a.vtt"
    captions.write_text("WEBVTT\n\n00:00.500 --> 00:09.000\nHello\n")
    provenance = Provenance("Ada", "ai", "a-model")

    request = PackageRequest(source, "a", captions={"en": captions}, provenance=provenance)
    second = package_scene(request, ladder=TINY, store=tmp_path / "store")

    expected = replace(first, captions={"en": (Cue(500, 1067, "Hello"),)}, provenance=provenance)
    assert second == expected == _load(tmp_path / "store", "a")


def test_a_caption_beyond_the_scene_is_refused(tmp_path: Path) -> None:
    source = write_source(tmp_path / "a.mp4", times_at(30, 16))
    captions = tmp_path / "a.vtt"
    captions.write_text("WEBVTT\n\n00:03.000 --> 00:04.000\nHello\n")

    with pytest.raises(Invalid) as caught:
        package_scene(PackageRequest(source, "a", captions={"de": captions}), ladder=TINY, store=tmp_path / "store")

    assert str(caught.value) == f"{captions}: a caption starts at 3 s; expected captions within the scene's 0.533 s"
    assert objects(tmp_path / "store") == {}


@pytest.mark.parametrize("frame_rate", [24, 25, 50, 60])
def test_every_frame_rate_of_the_grid_can_be_packaged(tmp_path: Path, frame_rate: int) -> None:
    ladder: Ladder = replace(TINY, frame_rate=frame_rate)
    source = write_source(tmp_path / "a.mkv", times_at(frame_rate, frame_rate), sound=Sound(1.0))

    scene = package_scene(PackageRequest(source, "a"), ladder=ladder, store=tmp_path / "store")

    grid = grid_for(frame_rate)
    numbers = [read_barcode(frame) for frame in decoded_pictures(tmp_path / "store", scene.video[0])]
    assert numbers == [min(frame, frame_rate - 1) for frame in range(scene.units * grid.frames)]
    assert packet_count(tmp_path / "store", scene.audio["en"]) == scene.units * grid.aac_frames
    assert parse_scene(format_scene(scene), where="scene.json") == scene


def test_the_lowest_variant_of_the_default_ladder_stays_within_192_kbit_s_whatever_it_shows(tmp_path: Path) -> None:
    def noise(number: int, width: int, height: int) -> NDArray[np.uint8]:
        half = np.random.default_rng(number).integers(0, 256, (height, width // 2, 3), np.uint8)
        return np.concatenate([half, barcode(number, width - width // 2, height)], axis=1)

    ladder = load_ladder(Path(__file__).parents[2] / "config" / "ladder.toml")
    source = write_source(tmp_path / "a.mkv", times_at(30, 300), sound=Sound(10.0), draw=noise)

    scene = package_scene(
        PackageRequest(source, "a"), ladder=replace(ladder, rungs=ladder.rungs[:1]), store=tmp_path / "store"
    )

    assert scene.video[0].peak_bps + scene.audio["en"].peak_bps <= 192_000
    assert scene.video[0].peak_bps <= 2 * scene.video[0].average_bps


def test_the_poster_is_a_still_of_the_scene_three_fifths_in(folder: Path) -> None:
    scene = _load(folder / "store", "tone")
    with av.open(object_path(folder / "store", scene.poster_name)) as container:
        (still,) = container.decode(video=0)

    assert (320, 180) == (still.width, still.height)
    assert scene.units * _GRID.frames * 3 // 5 == read_barcode(still)
