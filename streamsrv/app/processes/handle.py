"""A worker as the supervisor sees it: started, heard, told, and gone."""

import asyncio
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable
from contextlib import suppress

from streamsrv.app.processes.channel import Channel
from streamsrv.app.processes.generation import Generation
from streamsrv.app.processes.messages import VERSION, Accept, Ask, Counts, Drain, Hello, Leaving, Ready, Refused
from streamsrv.app.processes.sockets import Slots
from streamsrv.core.errors import Invalid, invalid
from streamsrv.telemetry.merging import Family, families_from

KILLED_WAIT_S = 10.0
"""How long the kernel may take to end a process that was killed."""


class WorkerHandle:
    """One worker process, from its start to its end. Make it with `start`."""

    def __init__(self, slot: int, process: Process, channel: Channel, *, now_s: Callable[[], float]) -> None:
        self.slot = slot
        self.pid = process.pid
        self.families: list[Family] = []
        """What it had counted when it was heard last."""
        self.leaving = False
        """Whether somebody else than the supervisor told it to stop."""
        self.asked = False
        """Whether the supervisor told it to leave."""
        self.silent = False
        """Whether it is ended because it hung."""
        self.heard_s = now_s()
        self.accepts: list[int] | None = None
        self._process = process
        self._channel = channel
        self._now_s = now_s
        self._ready = asyncio.Event()
        self._heard = asyncio.Event()
        self._refused: Invalid | None = None
        self._changed = asyncio.Event()
        self._listening = asyncio.create_task(self._listen())

    @staticmethod
    async def start(slot: int, generation: Generation, sockets: Slots) -> "WorkerHandle":
        """Start the process and tell it what to serve. It is not ready yet."""
        ours, theirs = socket.socketpair()
        with theirs:
            listening = [[one.fileno() for one in each] for each in sockets]
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "streamsrv.app.processes.worker", str(theirs.fileno()),
                stdin=DEVNULL,
                stdout=DEVNULL,
                pass_fds=[theirs.fileno(), *(number for numbers in listening for number in numbers)],
            )  # fmt: skip
        channel = await Channel.over(ours)
        settings, campaigns = generation.document()
        channel.send(Hello(VERSION, slot, settings, campaigns, listening))
        return WorkerHandle(slot, process, channel, now_s=asyncio.get_running_loop().time)

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    @property
    def exit_status(self) -> int | None:
        """Negative for a signal; None while it runs."""
        return self._process.returncode

    async def ready(self, deadline_s: float) -> None:
        """Wait until it is ready; raises `Invalid` when it refuses, ends, or takes too long, and then it is ended."""
        waits = [asyncio.create_task(self._ready.wait()), asyncio.create_task(self._changed.wait())]
        try:
            done, _ = await asyncio.wait(waits, timeout=deadline_s, return_when=asyncio.FIRST_COMPLETED)
            if waits[0] in done and waits[1] not in done:
                return
            if done:
                await asyncio.wait_for(self.ended(), KILLED_WAIT_S)
        finally:
            for wait in waits:
                wait.cancel()
            if not waits[0].done() or self._changed.is_set():
                await self.kill()
        if self._refused is not None:
            raise self._refused
        what = f"ended with status {self.exit_status}" if done else f"was not ready after {deadline_s:g} s"
        raise invalid(f"worker {self.slot}", what, "a worker that serves; the log may say more")

    async def ended(self) -> None:
        """Wait until the process is gone and everything it said was heard."""
        await self._process.wait()
        await asyncio.shield(self._listening)

    async def changed(self) -> None:
        """Wait until it is gone, or leaving of its own."""
        await self._changed.wait()

    def accept(self, slots: list[int]) -> None:
        """Let it take connections from these slots' sockets, and from no others."""
        if slots != self.accepts:
            self.accepts = slots
            self._channel.send(Accept(slots))

    def drain(self, limit_s: float, idle_grace_s: float) -> None:
        self._channel.send(Drain(limit_s, idle_grace_s))

    async def counts(self, deadline_s: float) -> list[Family]:
        """What it has counted by now; what it had counted last where it does not answer in time."""
        self._heard.clear()
        self._channel.send(Ask())
        with suppress(TimeoutError):
            await asyncio.wait_for(self._heard.wait(), deadline_s)
        return self.families

    async def kill(self) -> None:
        """End it at once."""
        with suppress(ProcessLookupError):
            self._process.kill()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.ended(), KILLED_WAIT_S)

    async def _listen(self) -> None:
        while message := await self._channel.receive():
            self.heard_s = self._now_s()
            match message:
                case Counts(families):
                    self.families = families_from(families)
                    self._heard.set()
                case Ready():
                    self._ready.set()
                case Refused():
                    self._refused = message.error()
                case Leaving():
                    self.leaving = True
                    self._changed.set()
        self._heard.set()
        self._changed.set()
        await self._channel.aclose()
