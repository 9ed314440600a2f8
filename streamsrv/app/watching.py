"""Which numbers of the services stand under which metric's name."""

from streamsrv.delivery import Delivery
from streamsrv.stores.segments import CachedSegmentStore
from streamsrv.telemetry.events import EventLog
from streamsrv.telemetry.metrics import Metrics


def watch_services(metrics: Metrics, delivery: Delivery, segments: CachedSegmentStore, events: EventLog) -> None:
    """Let `metrics` read the counts that these keep themselves."""
    metrics.watch_gauge(
        "streamsrv_playing_sessions", "Sessions whose decisions are kept ready.", lambda: delivery.sessions_held
    )
    metrics.watch_counter(
        "streamsrv_assignments_unrecorded",
        "Decisions made by hash alone, because the assignment ledger was away.",
        lambda: delivery.unrecorded,
    )
    metrics.watch_counter("streamsrv_segment_cache_hits", "Media found in memory.", lambda: segments.hits)
    metrics.watch_counter("streamsrv_segment_cache_misses", "Media read from the store.", lambda: segments.misses)
    metrics.watch_gauge("streamsrv_segment_cache_bytes", "Media held in memory.", lambda: segments.cached_bytes)
    metrics.watch_counter("streamsrv_events_written", "Events written to files.", lambda: events.written)
    metrics.watch_counter(
        "streamsrv_event_write_failures", "Batches the disk refused; tried again.", lambda: events.failed_writes
    )
    metrics.watch_counters(
        "streamsrv_events_dropped", "Events that were lost, by reason.", "reason", lambda: events.dropped
    )
    metrics.watch_gauge("streamsrv_events_queued", "Events waiting to be written.", lambda: events.queued)
