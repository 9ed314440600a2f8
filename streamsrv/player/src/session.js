/*
 * Asks the server for a session, the one request of the page that changes anything. Knows status codes, never the page.
 */

import { Failure } from "./failure.js";
import { pageSeen, pause } from "./pauses.js";

const TIMEOUT_MS = 10_000;
const LONGEST_RETRY_AFTER_MS = 60_000;
const LONGEST_SPREAD_MS = 16_000;

/**
 * Resolves to a session, however long it takes; rejects with a `Failure` that waiting does not cure, or when `signal` aborts.
 *
 * Trouble that passes (no connection, 429, 5xx) is tried again after what `Retry-After` says and a random while on top, so
 * that viewers who were turned away together do not come back together. `onWait` is told why, and returns a promise: the next
 * try comes at once when it resolves.
 */
export async function openSession(sessionsUrl, said, { signal, onWait }) {
  for (let tries = 1; ; tries += 1) {
    await pageSeen();
    try {
      return await requestSession(sessionsUrl, said, signal);
    } catch (error) {
      if (!(error instanceof Failure) || !error.transient) throw error;
      await Promise.race([pause(pauseMs(error, tries), signal), onWait(error.kind)]);
    }
  }
}

/** One try: resolves to a session, or rejects with a `Failure`. `said` is what the viewer's side says: `device`, `answer`. */
export async function requestSession(sessionsUrl, said, signal) {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), TIMEOUT_MS);
  const stop = () => deadline.abort();
  signal.addEventListener("abort", stop);
  try {
    const response = await fetch(sessionsUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(said),
      cache: "no-store",
      signal: deadline.signal,
    });
    if (!response.ok) throw failureOf(response);
    return sessionOf(await response.json(), response.headers);
  } catch (error) {
    if (error instanceof Failure || signal.aborted) throw error;
    throw new Failure(navigator.onLine ? "network" : "offline", { transient: true });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

function sessionOf(answer, headers) {
  // Counted on the server's clock, kept on this one's: a device whose clock is wrong still knows when it is over.
  const lifeMs = Date.parse(answer.expires_at) - (Date.parse(headers.get("Date") ?? "") || Date.now());
  return {
    id: answer.session_id,
    multivariantUrl: new URL(answer.multivariant_url, document.baseURI).href,
    endsAtMs: Date.now() + lifeMs,
    reason: answer.reason ?? null,
    retryAtMs: answer.retry_after_s ? Date.now() + answer.retry_after_s * 1000 : null,
    cta: answer.cta,
    language: answer.language ?? null,
    ask: answer.ask ?? null,
  };
}

function failureOf(response) {
  if (response.status === 410) return new Failure("expired");
  if (response.status === 429 || response.status >= 500) {
    const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
    const retryAfterMs = Number.isNaN(seconds) ? undefined : Math.min(seconds * 1000, LONGEST_RETRY_AFTER_MS);
    return new Failure("busy", { transient: true, retryAfterMs });
  }
  return new Failure("missing");
}

function pauseMs(failure, tries) {
  const spreadMs = Math.min(1000 * 2 ** (tries - 1), LONGEST_SPREAD_MS);
  return (failure.retryAfterMs ?? spreadMs / 2) + Math.random() * spreadMs;
}
