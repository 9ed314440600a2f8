"""How things move: shares from 0 to 1 of a stretch of time. Time is counted in beats of 8/15 s, one grid unit each."""

from math import cos, pi, sin, tau


def share(beat: float, start: float, length: float) -> float:
    """How much of the stretch from `start` lasting `length` beats is over, linear."""
    return min(1.0, max(0.0, (beat - start) / length))


def glide(beat: float, start: float, length: float) -> float:
    """Fast at first, then settling: for what comes in."""
    return 1.0 - float((1.0 - share(beat, start, length)) ** 3)


def swing(beat: float, start: float, length: float) -> float:
    """Slow at both ends: for what goes from one place to another."""
    return 0.5 - 0.5 * cos(pi * share(beat, start, length))


def pop(beat: float, start: float, length: float = 1.2, over: float = 1.4) -> float:
    """Passes 1 a little and comes back: for what springs up."""
    left = share(beat, start, length) - 1.0
    return 1.0 + (over + 1.0) * left**3 + over * left**2 if left > -1.0 else 0.0


def leave(beat: float, start: float, length: float = 1.0) -> float:
    """From 1 to 0, slow at first: for what goes out."""
    return 1.0 - share(beat, start, length) ** 3


def wave(beat: float, period: float, phase: float = 0.0) -> float:
    """-1 to 1 and back every `period` beats."""
    return sin(tau * (beat / period + phase))
