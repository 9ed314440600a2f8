"""The grid: the shortest time that is a whole number of video frames *and* of AAC frames.

Scenes and segments are whole units, so sound and picture end together at every join, for ever, and every
timestamp is an exact integer. Nothing here, or built on it, is a float.
"""

from dataclasses import dataclass

VIDEO_TIMESCALE = 90_000
AUDIO_TIMESCALE = 48_000
AAC_FRAME_SAMPLES = 1024

# frame rate: video frames and AAC frames in one unit (8/15 s, 8/25 s, 8/3 s). No other rate has a usable unit.
_UNITS = {24: (64, 125), 25: (8, 15), 30: (16, 25), 50: (16, 15), 60: (32, 25)}

FRAME_RATES = tuple(_UNITS)


@dataclass(frozen=True, slots=True)
class Grid:
    """The unit of one frame rate, in every clock that the product uses."""

    frame_rate: int
    frames: int
    """Video frames in one unit."""
    aac_frames: int
    """AAC frames (1024 samples at 48 kHz) in one unit."""
    video_ticks: int
    """One unit on the 90 kHz video clock."""
    audio_ticks: int
    """One unit on the 48 kHz audio clock: also its number of samples."""

    def units_for_frames(self, frames: int) -> int:
        """The least number of whole units (at least one) that holds `frames` video frames: pad, never trim."""
        return max(1, -(-frames // self.frames))

    def longest_segment_units(self, limit_ms: int) -> int:
        """The most units whose duration does not pass `limit_ms`."""
        return max(1, limit_ms * VIDEO_TIMESCALE // (1000 * self.video_ticks))

    def duration_ms(self, units: int) -> int:
        """`units` in milliseconds, rounded to the nearest."""
        return (units * self.video_ticks * 1000 + VIDEO_TIMESCALE // 2) // VIDEO_TIMESCALE

    def seconds(self, units: int) -> str:
        """`units` in seconds with six decimals, as playlists write it, by integer arithmetic."""
        micros = (units * self.video_ticks * 1_000_000 + VIDEO_TIMESCALE // 2) // VIDEO_TIMESCALE
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


def grid_for(frame_rate: int) -> Grid:
    """The grid of `frame_rate`; raises `KeyError` for a rate outside `FRAME_RATES`."""
    frames, aac_frames = _UNITS[frame_rate]
    return Grid(
        frame_rate=frame_rate,
        frames=frames,
        aac_frames=aac_frames,
        video_ticks=VIDEO_TIMESCALE * frames // frame_rate,
        audio_ticks=AAC_FRAME_SAMPLES * aac_frames,
    )
