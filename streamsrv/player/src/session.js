/*
 * Asks the server for a session, the one request of the page that changes anything. Knows status codes, never the page.
 */

import { Failure } from "./failure.js";

const ATTEMPTS = 4;
const TIMEOUT_MS = 10_000;
const LONGEST_WAIT_MS = 8_000;

/**
 * Resolves to `{ sessionId, multivariantUrl }`, or rejects with a `Failure`.
 *
 * Transient trouble (no connection, 429, 5xx) is tried again, at most three times; `Retry-After` is honoured up to 8 s.
 */
export async function createSession(sessionsUrl, { signal }) {
  let failure;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await wait(failure.retryAfterMs ?? backoffMs(attempt), signal);
    try {
      return await requestSession(sessionsUrl, signal);
    } catch (error) {
      if (!(error instanceof Failure) || !error.transient) throw error;
      failure = error;
      if (failure.kind === "offline") break;
    }
  }
  throw failure;
}

async function requestSession(sessionsUrl, signal) {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), TIMEOUT_MS);
  const stop = () => deadline.abort();
  signal.addEventListener("abort", stop);
  try {
    const response = await fetch(sessionsUrl, { method: "POST", cache: "no-store", signal: deadline.signal });
    if (!response.ok) throw failureOf(response);
    const { session_id: sessionId, multivariant_url: multivariantUrl } = await response.json();
    return { sessionId, multivariantUrl: new URL(multivariantUrl, document.baseURI).href };
  } catch (error) {
    if (error instanceof Failure || signal.aborted) throw error;
    throw new Failure(navigator.onLine ? "network" : "offline", { transient: true });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

function failureOf(response) {
  if (response.status === 410) return new Failure("expired");
  if (response.status === 429 || response.status >= 500) {
    const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
    const retryAfterMs = Number.isNaN(seconds) ? undefined : Math.min(seconds * 1000, LONGEST_WAIT_MS);
    return new Failure("busy", { transient: true, retryAfterMs });
  }
  return new Failure("missing");
}

function backoffMs(attempt) {
  // Half fixed, half random: viewers who failed together do not come back together.
  const ceiling = Math.min(1000 * 2 ** (attempt - 1), LONGEST_WAIT_MS);
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}

function wait(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
