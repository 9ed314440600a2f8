"""Makes the segments of one rendition: encodes, wraps, checks and keeps them, step by step. Knows no source file."""

from collections import deque
from collections.abc import Iterable, Sequence

from av.video.frame import VideoFrame

from streamsrv.core.grid import AAC_FRAME_SAMPLES, VIDEO_TIMESCALE
from streamsrv.core.model import Rung, Segment
from streamsrv.media.boxes import Sample, audio_segment, video_segment
from streamsrv.media.check import check_audio, check_video
from streamsrv.media.conform import Hold, Scaler
from streamsrv.media.encode import Header, PictureEncoder, encode_sound
from streamsrv.media.master import MasterMaker
from streamsrv.media.plan import Cut, Plan, gop_starts
from streamsrv.media.source import Samples
from streamsrv.media.store import Run


class RungMaker:
    """One rung of one scene. Takes pictures in order; chunks that an earlier run finished are passed over."""

    def __init__(self, rung: Rung, header: Header, plan: Plan, run: Run) -> None:
        self._rung, self._header, self._plan, self._run = rung, header, plan, run
        self._scaler = Scaler(rung.width, rung.height)
        self._chunks = plan.chunks()
        self._todo = deque(number for number in range(len(self._chunks)) if run.step(self._step(number)) is None)
        self._chunk: _Chunk | None = None

    def take(self, hold: Hold) -> None:
        """Encode a picture for all the frames in which it is shown."""
        scaled = None
        for frame in hold.shown:
            if not self._todo:
                return
            cuts = self._chunks[self._todo[0]]
            frames = self._plan.frame_range(cuts)
            if frame not in frames:
                continue
            if self._chunk is None:
                self._chunk = _Chunk(self._rung, self._header, self._plan, cuts, self._run)
            scaled = self._scaler.picture(hold.picture) if scaled is None else scaled
            self._chunk.add(scaled)
            if frame == frames[-1]:
                self._run.finish_step(self._step(self._todo.popleft()), self._chunk.finish())
                self._chunk = None

    def segments(self) -> tuple[Segment, ...]:
        """All segments, once every picture was taken."""
        made = [self._run.step(self._step(number)) for number in range(len(self._chunks))]
        assert not self._todo
        return tuple(segment for segments in made for segment in segments or ())

    def _step(self, number: int) -> str:
        return f"video-{self._rung.name}-{number:05d}"


class _Chunk:
    """A run of segments that share one encoder."""

    def __init__(self, rung: Rung, header: Header, plan: Plan, cuts: Sequence[Cut], run: Run) -> None:
        self._rung, self._header, self._plan, self._run = rung, header, plan, run
        self._cuts = deque(cuts)
        self._masters: deque[MasterMaker] = deque()
        """Of the segments that overlays are shown in, from the next that is not finished."""
        self._encoder = PictureEncoder(rung, frame_rate=plan.grid.frame_rate)
        self._count = 0
        self._samples: list[Sample] = []
        self._segments: list[Segment] = []
        first = plan.frame_range(cuts).start
        self._starts = {plan.frame_range([cut]).start - first: cut for cut in cuts}
        self._idrs = {start + idr for start, cut in self._starts.items() for idr in self._gops(cut)}
        self._drawn_on = False

    def add(self, frame: VideoFrame) -> None:
        cut = self._starts.get(self._count)
        if cut is not None:
            self._drawn_on = self._plan.is_drawn_on(cut)
            if self._drawn_on:
                rate = self._plan.grid.frame_rate
                self._masters.append(MasterMaker(self._rung, self._header, frame_rate=rate, idrs=self._gops(cut)))
        if self._drawn_on:
            # Before the segment's own encoder, which gives a frame its time anew.
            self._masters[-1].add(frame)
        self._collect(self._encoder.encode(frame, number=self._count, idr=self._count in self._idrs))
        self._count += 1

    def finish(self) -> tuple[Segment, ...]:
        self._collect(self._encoder.finish())
        assert not self._cuts
        assert not self._samples
        return tuple(self._segments)

    def _collect(self, samples: Iterable[Sample]) -> None:
        for sample in samples:
            self._samples.append(sample)
            if len(self._samples) == self._cuts[0].units * self._plan.grid.frames:
                self._segments.append(self._close(self._cuts.popleft()))
                self._samples = []

    def _close(self, cut: Cut) -> Segment:
        grid = self._plan.grid
        start_ticks, frame_ticks = cut.start_units * grid.video_ticks, VIDEO_TIMESCALE // grid.frame_rate
        data = video_segment(self._samples, decode_time_ticks=start_ticks, sample_ticks=frame_ticks)
        first = start_ticks - min(sample.offset_ticks for sample in self._samples)
        check_video(self._header.init, data, [first + number * frame_ticks for number in range(len(self._samples))])
        media_bytes = sum(len(sample.data) for sample in self._samples)
        master = None
        if self._plan.is_drawn_on(cut):
            master = self._masters.popleft().finish(data, decode_time_ticks=start_ticks, run=self._run)
        return Segment(
            name=self._run.put(data),
            size_bytes=len(data),
            start_units=cut.start_units,
            units=cut.units,
            key_frame_bytes=len(data) - media_bytes + len(self._samples[0].data),
            master=master,
        )

    def _gops(self, cut: Cut) -> frozenset[int]:
        return gop_starts(cut.units * self._plan.grid.frames, gop_frames=self._plan.gop_frames)


def make_sound(
    frames: Iterable[Samples], header: Header, plan: Plan, run: Run, *, step: str, audio_bps: int
) -> tuple[Segment, ...]:
    """The segments of one language from its frames of 1024 samples, or what an earlier run made of them."""
    done = run.step(step)
    if done is not None:
        return done
    packets = encode_sound(frames, audio_bps=audio_bps)
    segments = []
    for cut in plan.cuts:
        count = cut.units * plan.grid.aac_frames
        start = cut.start_units * plan.grid.audio_ticks
        data = audio_segment(
            [next(packets) for _ in range(count)], decode_time_ticks=start, sample_ticks=AAC_FRAME_SAMPLES
        )
        check_audio(header.init, data, start_samples=start, packets=count)
        segments.append(
            Segment(
                name=run.put(data),
                size_bytes=len(data),
                start_units=cut.start_units,
                units=cut.units,
                key_frame_bytes=0,
            )
        )
    assert next(packets, None) is None
    run.finish_step(step, segments)
    return tuple(segments)
