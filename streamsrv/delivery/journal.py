"""What is written down of sessions; of viewers who did not agree to it nothing, only how much that was (B35)."""

from streamsrv.core.model import Event
from streamsrv.ports import EventSink


class Journal:
    """An `EventSink` behind the viewers' consent."""

    def __init__(self, sink: EventSink) -> None:
        self._sink = sink
        self.withheld = 0
        """Events that were counted and not kept."""

    def put(self, event: Event, *, withheld: bool) -> None:
        """Keep `event`, or count it."""
        if withheld:
            self.withheld += 1
        else:
            self._sink.put(event)
