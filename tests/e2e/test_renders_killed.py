"""Processes are ended at random moments, and files are damaged: what is served is right, or the shared segment."""

from pathlib import Path

from load.renders import measure


def test_no_broken_segment_is_served_whatever_is_killed_and_whatever_bit_is_flipped(
    greet_store: Path, tmp_path: Path
) -> None:
    """A1, A2 and A6. The short version of `load/renders.py`."""
    found = measure(greet_store, tmp_path / "server", renders=20, seed=7)

    assert [] == found.violations()
    assert (20, 20, 20) == (len(found.eyes.own), found.flipped, found.restored)
