"""What a worker process gives up before it sees its first job (B19): network, other programs, memory without bound.

Linux only, without privileges: resource limits, and a seccomp filter that refuses the calls by which a process reaches
beyond itself. What a decoder or a font is tricked into then stays in the worker.
"""

import ctypes
import os
import platform
import resource
import struct
from collections.abc import Sequence

MEMORY_BYTES = 3 * 1024**3
"""Address space: decoder, encoder and fonts of a 1080p job take under 1 GiB of it."""
OPEN_FILES = 256

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, _PR_SET_PDEATHSIG = 38, 22, 2, 1
_EPERM = 1
_SIGKILL = 9
_ALLOW, _ERRNO, _KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
# Offsets in struct seccomp_data, and the BPF instructions used: load word, jump if equal, return.
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
_LOAD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06

# AUDIT_ARCH_*, then the numbers of: socket, socketpair, connect, bind, execve, execveat, ptrace, process_vm_readv,
# mount, bpf, unshare.
_SYSTEMS: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, (41, 53, 42, 49, 59, 322, 101, 310, 165, 321, 272)),
    "aarch64": (0xC00000B7, (198, 199, 203, 200, 221, 281, 117, 270, 40, 280, 97)),
}


def confine(*, memory_bytes: int = MEMORY_BYTES, parent: int) -> None:
    """Give up everything that rendering does not need; `parent` is the process whose end is this one's, too.

    Raises `OSError` where the kernel refuses: better no worker than one that is not confined.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    _prctl(libc, _PR_SET_PDEATHSIG, _SIGKILL)
    if os.getppid() != parent:
        raise ProcessLookupError("the parent process is gone")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    system = _SYSTEMS.get(platform.machine())
    if system is not None and platform.system() == "Linux":
        _prctl(libc, _PR_SET_NO_NEW_PRIVS, 1)
        _install(libc, _program(*system))


def _program(architecture: int, refused: Sequence[int]) -> bytes:
    """A filter that answers EPERM to `refused`, ends a process of another architecture, and allows the rest."""
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER_AT),
    ]
    for at, number in enumerate(refused):
        steps.append((_JUMP_EQUAL, len(refused) - at, 0, number))
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ERRNO | _EPERM)]
    return b"".join(struct.pack("<HBBI", *step) for step in steps)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def _install(libc: ctypes.CDLL, program: bytes) -> None:
    holder = _Program(len(program) // 8, program)
    _prctl(libc, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(holder))


def _prctl(libc: ctypes.CDLL, option: int, *arguments: object) -> None:
    padded = [*arguments, *([0] * (4 - len(arguments)))]
    words = [ctypes.c_ulong(word) if isinstance(word, int) else word for word in padded]
    if libc.prctl(ctypes.c_int(option), *words) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"prctl {option}: {os.strerror(error)}")
