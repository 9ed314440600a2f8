/*
 * The page's script: obtains a session once the page is seen, plays its playlist, and says so when it cannot. Goes on by
 * itself after trouble, and under a new session when the old one is over.
 *
 * Small, so that the session is asked for while the player (playback.js, controls.js) is still on its way.
 */

import { rememberCaptions } from "./captions.js";
import { Failure } from "./failure.js";
import { obtain, resume } from "./obtaining.js";
import { showLost } from "./page.js";
import { pause } from "./pauses.js";
import { bindStage } from "./stage.js";
import { rememberPosition } from "./position.js";
import { forget } from "./watch.js";

const RENEWAL_PAUSE_MS = 30_000;
const LATEST_CONTROLS_MS = 1_500;
const SHORTEST_RETRY_MS = 4_000;
const RETRY_SPREAD_MS = 8_000;
/* Trouble that passes: the page goes on by itself. */
const PASSING = new Set(["busy", "network"]);

/* media-chrome needs constructed style sheets under our policy (shadow.js); without, the browser's own controls stay. */
const canAdoptSheets = "adoptedStyleSheets" in Document.prototype && "replaceSync" in CSSStyleSheet.prototype;

const stage = bindStage();
const video = stage.element.querySelector("video");
const { sessionsUrl, watchUrl, autoplay, playbackScript, controlsScript } = stage.element.dataset;
const stillPreferred = matchMedia("(prefers-reduced-motion: reduce)").matches;

let session = null;
let answer;
let player;
let hasPlayer = true;
let detach = () => {};
let loading = new AbortController();
let startS = 0;
let renewedAtMs = -Infinity;
let wanted = false;

/** Plays the session at hand from `startS`, or one that it obtains first. */
async function load() {
  loading.abort();
  loading = new AbortController();
  const { signal } = loading;
  detach();
  detach = () => {};
  try {
    session ??= await obtained(signal);
    const { attach } = await player;
    if (signal.aborted) return;
    delete stage.element.dataset.failure;
    detach = attach(video, session.multivariantUrl, {
      startS,
      onFailure: (failure) => signal.aborted || onFailure(failure),
    });
    if (stage.state !== "playing") stage.show("ready");
    stage.setWaiting(wanted);
    if (wanted) play();
  } catch (error) {
    if (!signal.aborted) onFailure(error.name === "Failure" ? error : new Failure("network"));
  }
}

async function obtained(signal) {
  const found = await obtain(stage, { answer, signal });
  ({ answer } = found);
  wanted ||= found.pressed === true;
  return found;
}

function onFailure(failure) {
  startS = video.currentTime || startS;
  if (failure.kind === "missing" && failure.transient && renew()) return;
  stop();
  if (PASSING.has(failure.kind) && hasPlayer) retryLater(failure.kind);
  else stage.fail(failure.kind);
}

/** Whether something is done about a playback token that ran out, say in a tab left open over lunch. */
function renew() {
  if (!sessionsUrl) {
    stop();
    forget(session.id);
    showLost();
    return true;
  }
  if (performance.now() - renewedAtMs < RENEWAL_PAUSE_MS) return false;
  renewedAtMs = performance.now();
  // A viewer who had paused stays paused.
  if (stage.state === "playing") wanted = !video.paused;
  session = null;
  load();
  return true;
}

function stop() {
  loading.abort();
  video.pause();
  exitFullscreen();
}

function retryLater(kind) {
  stage.setWaiting(false);
  stage.wait(kind);
  loading = new AbortController();
  // Spread out: viewers who lost the server together do not come back together.
  pause(SHORTEST_RETRY_MS + Math.random() * RETRY_SPREAD_MS, loading.signal).then(retry, () => {});
}

function retry() {
  // A script that failed to load is not asked for again under the same address.
  if (!hasPlayer) return location.reload();
  // Once playback had begun, this means: go on playing.
  const begun = video.currentTime > 0;
  wanted ||= begun;
  stage.show(begun ? "playing" : "loading");
  stage.setWaiting(wanted);
  load();
}

function onRetryPressed() {
  // A session that is being waited for is tried for at once, by who waits for it.
  if (stage.state === "waiting" && session === null) wanted = true;
  else retry();
}

function start() {
  wanted = true;
  stage.setWaiting(true);
  play();
}

async function play() {
  try {
    await video.play();
  } catch (error) {
    // Refused without a gesture: the start button is still there. Interrupted by a load: that load plays when it is done.
    if (error.name !== "NotAllowedError") return;
    wanted = false;
    stage.setWaiting(false);
    stage.show("ready");
  }
}

function replay() {
  video.currentTime = 0;
  play();
}

function exitFullscreen() {
  // An iPhone shows the bare video in fullscreen: cards and messages lie outside of it.
  if (video.webkitDisplayingFullscreen) video.webkitExitFullscreen();
}

function bindVideo() {
  video.addEventListener("playing", () => {
    stage.setWaiting(false);
    if (stage.state !== "playing") stage.show("playing");
    stage.say("playing");
  });
  video.addEventListener("ended", () => {
    exitFullscreen();
    stage.show("ended");
    stage.say("ended");
  });
  video.addEventListener("loadedmetadata", () => {
    const { videoWidth, videoHeight } = video;
    if (videoWidth > 0) stage.element.style.setProperty("--ratio", `${videoWidth} / ${videoHeight}`);
  });
  const updateUnmute = () => (stage.unmute.hidden = !(video.muted && video.autoplay && stage.state === "playing"));
  video.addEventListener("volumechange", updateUnmute);
  video.addEventListener("playing", updateUnmute);
}

function bindConnection() {
  // hls.js goes on trying while offline; the viewer is told once the picture stands still.
  const tellOffline = () => {
    if (!navigator.onLine && stage.state === "playing" && video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) {
      onFailure(new Failure("offline"));
    }
  };
  video.addEventListener("waiting", tellOffline);
  window.addEventListener("offline", tellOffline);
  window.addEventListener("online", () => {
    const { failure } = stage.element.dataset;
    if (session !== null && (failure === "offline" || failure === "network")) retry();
  });
}

function describeToSystem() {
  if (!("mediaSession" in navigator)) return;
  const { title, brand, poster } = stage.element.dataset;
  const artwork = poster ? [{ src: new URL(poster, document.baseURI).href }] : [];
  navigator.mediaSession.metadata = new MediaMetadata({ title, artist: brand, artwork });
}

function bindButtons() {
  stage.start.addEventListener("click", start);
  stage.retry.addEventListener("click", onRetryPressed);
  stage.replay.addEventListener("click", replay);
  stage.unmute.addEventListener("click", () => (video.muted = false));
}

function loadScripts() {
  player = import(playbackScript);
  player.catch(() => (hasPlayer = false));
  if (canAdoptSheets) {
    rememberCaptions(video, stage.player);
    // The first picture does not wait for controls that nobody can press yet. A browser that loads nothing before a
    // press gets them all the same.
    const late = new AbortController();
    const now = () => late.abort();
    video.addEventListener("loadeddata", () => wanted || now(), { once: true });
    video.addEventListener("playing", () => requestAnimationFrame(() => setTimeout(now)), { once: true });
    pause(LATEST_CONTROLS_MS, late.signal).finally(loadControls).catch(() => {});
  } else {
    video.controls = true;
    stage.element.dataset.controls = "browser";
  }
}

function loadControls() {
  import(controlsScript).then(
    () => {
      stage.player.fullscreenElement = stage.element;
      stage.refocus();
    },
    () => (video.controls = true),
  );
}

function begin() {
  if (!sessionsUrl) {
    session = resume(stage);
    if (session === null) return;
    startS = session.positionS ?? 0;
  }
  if (watchUrl) rememberPosition(video, () => session?.id);
  bindVideo();
  bindConnection();
  bindButtons();
  video.addEventListener("playing", describeToSystem, { once: true });
  if (autoplay === "on" && !stillPreferred) {
    video.muted = true;
    video.autoplay = true;
    wanted = true;
  }
  loadScripts();
  load();
}

begin();
