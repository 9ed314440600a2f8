"""Which of the processor's instructions x264 may use, so that the same pictures give the same bytes."""

from functools import cache
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")


def x264_instructions(cpuinfo: str) -> str:
    """A value for x264's `asm`, from the text of Linux's `/proc/cpuinfo`: all that the processor has, but no AVX-512.

    In pictures whose width is no multiple of 128, x264's AVX-512 code for `mbtree` (as of build 165) adds up to seven
    macroblocks from beyond the end of a row, out of memory that was never written: measured, one run in thousands
    differs. Narrower instructions stop at the row's end and give the bytes that AVX-512 gives else, in 8% more time.
    """
    flags = next((line.split() for line in cpuinfo.splitlines() if line.startswith("flags")), [])
    # x264 takes the named set without a look at the processor. Whatever has AVX-512 has AVX2.
    return "avx2" if "avx512f" in flags else "auto"


@cache
def instructions_here() -> str:
    """`x264_instructions` of this machine."""
    try:
        return x264_instructions(_CPUINFO.read_text(errors="replace"))
    except OSError:
        return "auto"
