"""Which numbers of the services stand under which metric's name."""

from streamsrv.app.rendering import RenderService
from streamsrv.delivery import Delivery
from streamsrv.delivery.own import OwnSegments
from streamsrv.sources import HttpDataSources
from streamsrv.sources.asking import label_of
from streamsrv.stores.gate import RedisGate
from streamsrv.stores.render_queue import RenderQueue
from streamsrv.stores.rendered import RenderedStore
from streamsrv.stores.renderer import QueueRenderer
from streamsrv.stores.revocations import PolledRevocations
from streamsrv.stores.segments import CachedSegmentStore
from streamsrv.stores.state import State
from streamsrv.telemetry.events import EventLog
from streamsrv.telemetry.metrics import Metrics


def watch_services(metrics: Metrics, delivery: Delivery, segments: CachedSegmentStore, events: EventLog) -> None:
    """Let `metrics` read the counts that these keep themselves."""
    metrics.watch_gauge(
        "streamsrv_playing_sessions", "Sessions whose tokens are kept read.", lambda: delivery.sessions_held
    )
    metrics.watch_counter(
        "streamsrv_assignments_unrecorded",
        "Decisions made by hash alone, because the assignment ledger was away.",
        lambda: delivery.unrecorded,
    )
    metrics.watch_counter(
        "streamsrv_events_withheld",
        "Events that were counted and not kept, because their viewers did not agree to it.",
        lambda: delivery.withheld,
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


def watch_state(metrics: Metrics, state: State) -> None:
    """Let `metrics` read how calls to the store for state end."""
    metrics.watch_counter("streamsrv_state_calls", "Calls to the store for state.", lambda: state.calls)
    metrics.watch_gauge("streamsrv_state_calls_in_flight", "Calls that are under way.", lambda: state.in_flight)
    metrics.watch_counters(
        "streamsrv_state_trouble",
        "What went wrong with calls to the store for state, and what was done about it.",
        "kind",
        lambda: {
            "failures": state.failures,
            "timeouts": state.timeouts,
            "pool_timeouts": state.pool_timeouts,
            "refused": state.refused,
            "retries": state.retries,
            "breaker_opened": state.breaker_opened,
        },
    )
    metrics.watch_gauge(
        "streamsrv_state_breaker", "0 closed, 1 half open, 2 open.", lambda: int(state.breaker_state), merge="max"
    )


def watch_gate(metrics: Metrics, gate: RedisGate) -> None:
    """Let `metrics` read what knocks came to."""
    text = "Sessions of campaigns with a forwarding policy, by what came of them."
    metrics.watch_counters("streamsrv_gate_outcomes", text, "outcome", lambda: gate.outcomes)


def watch_sources(metrics: Metrics, sources: HttpDataSources) -> None:
    """Let `metrics` read how sources answered."""
    metrics.watch_outcomes(
        "streamsrv_source_outcomes",
        "Questions to data sources, by what came of them.",
        ("source", "outcome"),
        lambda: {label_of(key): asked.outcomes for key, asked in sources.asked.items()},
    )
    metrics.watch_durations(
        "streamsrv_source_duration_seconds",
        "From a question to a data source to its answer, or to giving it up.",
        "source",
        lambda: {label_of(key): asked.durations for key, asked in sources.asked.items()},
    )
    metrics.watch_gauge(
        "streamsrv_source_circuits_open",
        "Data sources that are left alone for now.",
        lambda: sum(state != 0 for state in sources.breaker_states().values()),
        merge="max",
    )


def watch_revocations(metrics: Metrics, revocations: PolledRevocations) -> None:
    """Let `metrics` read how much is known of revocations."""
    metrics.watch_gauge(
        "streamsrv_revocations_age_seconds",
        "How old what is known of revocations is.",
        lambda: revocations.age_s,
        merge="max",
    )
    metrics.watch_gauge(
        "streamsrv_revoked_links",
        "Revoked links that sessions are held against.",
        lambda: revocations.links_held,
        merge="max",
    )


def watch_own(
    metrics: Metrics, own: OwnSegments, rendered: RenderedStore, renderer: QueueRenderer, queue: RenderQueue,
    service: RenderService | None,
) -> None:  # fmt: skip
    """Let `metrics` read what became of viewers' own segments, and of the orders for them."""
    metrics.watch_counters(
        "streamsrv_own_segments",
        "Viewers' own segments, by what was sent: personal, plain where nothing is drawn, or why the shared one was.",
        "outcome",
        lambda: own.outcomes,
    )
    metrics.watch_counter("streamsrv_rendered_hits", "Rendered segments that were found.", lambda: rendered.hits)
    metrics.watch_counter("streamsrv_rendered_misses", "Rendered segments that were not.", lambda: rendered.misses)
    metrics.watch_counters(
        "streamsrv_rendered_trouble",
        "Rendered segments that were damaged and thrown away, or that could not be kept.",
        "kind",
        lambda: {"damaged": rendered.damaged, "refused": rendered.refused},
    )
    metrics.watch_counters(
        "streamsrv_render_orders", "Orders to renderers, as this process made or took them.", "kind",
        lambda: {**queue.counts, **renderer.counts},
    )  # fmt: skip
    metrics.watch_gauge("streamsrv_render_waiting", "Segments that are waited for.", lambda: renderer.waiting)
    # Without renderers these stand at nothing, so that one dashboard and its alerts fit every server.
    studio = None if service is None else service.studio
    metrics.watch_counters(
        "streamsrv_render_jobs", "Orders that renderers took, by what became of them.", "outcome",
        lambda: {} if service is None else service.outcomes,
    )  # fmt: skip
    metrics.watch_counters(
        "streamsrv_render_processes", "Jobs of renderer processes, and their starts.", "kind",
        lambda: {} if studio is None else studio.pool.counts,
    )  # fmt: skip
    metrics.watch_counters(
        "streamsrv_renders", "Segments and pictures rendered: in bands of rows, or whole.", "way",
        lambda: {} if studio is None else studio.ways,
    )  # fmt: skip
    metrics.watch_counter(
        "streamsrv_render_cpu_seconds",
        "CPU time of renderer processes.",
        lambda: 0.0 if studio is None else studio.cpu_s,
    )
    metrics.watch_gauge(
        "streamsrv_render_idle",
        "Renderer processes without a job.",
        lambda: 0 if studio is None else studio.pool.idle,
    )
