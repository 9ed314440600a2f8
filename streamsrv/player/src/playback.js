/*
 * Plays a multivariant playlist in a `<video>`: hls.js over MSE (or ManagedMediaSource) wherever there is one, the
 * browser's own HLS elsewhere. Reports what it cannot repair as a `Failure`; never touches the page.
 */

import Hls from "hls.js";
import { Failure } from "./failure.js";

/* The playback token is no longer good, for this file and all others. */
const TOKEN_REFUSED = new Set([401, 403, 410]);
const NEVER_LISTED = 404;

const INCOMPATIBLE = Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR;

const retry = (maxNumRetry) => ({ maxNumRetry, retryDelayMs: 1000, maxRetryDelayMs: 8000 });
const loadPolicy = (maxNumRetry) => ({
  default: {
    maxTimeToFirstByteMs: 10_000,
    maxLoadTimeMs: 60_000,
    timeoutRetry: retry(2),
    errorRetry: retry(maxNumRetry),
  },
});

/* Fetched before a viewer presses start: what a first picture needs, for many never press it. */
const FIRST_BUFFER_S = 4;
const BUFFER_S = 20;

const HLS_CONFIG = {
  // CMAF passes through unchanged: a worker would cost a start-up and save nothing.
  enableWorker: false,
  capLevelToPlayerSize: true,
  maxBufferLength: FIRST_BUFFER_S,
  backBufferLength: 60,
  manifestLoadPolicy: loadPolicy(3),
  playlistLoadPolicy: loadPolicy(3),
  fragLoadPolicy: loadPolicy(5),
};

/**
 * Attaches `url` to `video` from `startS` seconds; returns a function that detaches it.
 *
 * `onFailure` is called at most once, with a `Failure`. One that is `transient` means the playback token is no longer good:
 * the same link may be played again with a new session.
 */
export function attach(video, url, { startS, onFailure }) {
  // Not by canPlayType: desktop Chromium says "maybe" to HLS, and its own player is the less capable one.
  if (Hls.isSupported()) return attachHls(video, url, { startS, onFailure });
  if (video.canPlayType("application/vnd.apple.mpegurl")) return attachNative(video, url, { startS, onFailure });
  onFailure(new Failure("unsupported"));
  return () => {};
}

function attachHls(video, url, { startS, onFailure }) {
  const hls = new Hls({ ...HLS_CONFIG, startPosition: startS > 0 ? startS : -1 });
  let recovered = false;
  hls.on(Hls.Events.ERROR, (_event, data) => {
    // hls.js would try the other rungs first, for seconds, all under the same token.
    const refused = TOKEN_REFUSED.has(data.response?.code);
    if (!data.fatal && !refused) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && data.details !== INCOMPATIBLE && !recovered) {
      recovered = true;
      hls.recoverMediaError();
      return;
    }
    hls.stopLoad();
    onFailure(hlsFailure(data));
  });
  const listening = new AbortController();
  const once = { once: true, signal: listening.signal };
  video.addEventListener("playing", () => (hls.config.maxBufferLength = BUFFER_S), once);
  hls.loadSource(url);
  hls.attachMedia(video);
  return () => {
    listening.abort();
    hls.destroy();
  };
}

function hlsFailure(data) {
  if (data.details === INCOMPATIBLE) return new Failure("unsupported");
  if (data.type !== Hls.ErrorTypes.NETWORK_ERROR) return new Failure("media");
  const status = data.response?.code;
  if (TOKEN_REFUSED.has(status) || status === NEVER_LISTED) return new Failure("missing", { transient: true });
  if (!navigator.onLine) return new Failure("offline");
  return new Failure(status >= 500 ? "busy" : "network");
}

function attachNative(video, url, { startS, onFailure }) {
  const listening = new AbortController();
  const { signal } = listening;
  video.addEventListener("error", () => onFailure(nativeFailure(video.error)), { once: true, signal });
  if (startS > 0) {
    video.addEventListener("loadedmetadata", () => (video.currentTime = startS), { once: true, signal });
  }
  video.src = url;
  return () => {
    listening.abort();
    video.removeAttribute("src");
    video.load();
  };
}

function nativeFailure(error) {
  if (!navigator.onLine) return new Failure("offline");
  if (error?.code === MediaError.MEDIA_ERR_NETWORK) return new Failure("network");
  // A playlist answered with an error status arrives as "source not supported".
  if (error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED) return new Failure("missing", { transient: true });
  return new Failure("media");
}
