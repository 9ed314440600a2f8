/*
 * The landing page's script: asks for a session once the page is seen, plays its playlist, and says so when it cannot.
 * The page itself carries every address and every word (templates/landing.html).
 */

import { rememberCaptions } from "./captions.js";
import { Failure } from "./failure.js";
import { attach } from "./playback.js";
import { createSession } from "./session.js";
import { canAdoptSheets } from "./shadow.js";
import { bindStage } from "./stage.js";

const RENEWAL_PAUSE_MS = 30_000;

const texts = JSON.parse(document.getElementById("texts").textContent);
const stage = bindStage(texts);
const video = stage.element.querySelector("video");
const { sessionsUrl, autoplay } = stage.element.dataset;
const stillPreferred = matchMedia("(prefers-reduced-motion: reduce)").matches;

let detach = () => {};
let loading = new AbortController();
let renewedAtMs = -Infinity;
let wanted = false;

async function load({ startS }) {
  loading.abort();
  loading = new AbortController();
  const { signal } = loading;
  detach();
  detach = () => {};
  try {
    await pageSeen();
    const { multivariantUrl } = await createSession(sessionsUrl, { signal });
    if (signal.aborted) return;
    detach = attach(video, multivariantUrl, { startS, onFailure: (failure) => signal.aborted || onFailure(failure) });
    if (stage.state === "loading") stage.show("ready");
    if (wanted) play();
  } catch (error) {
    if (signal.aborted) return;
    onFailure(error instanceof Failure ? error : new Failure("network"));
  }
}

function onFailure(failure) {
  const nowMs = performance.now();
  if (failure.kind === "missing" && failure.transient && nowMs - renewedAtMs > RENEWAL_PAUSE_MS) {
    // A playback token that ran out, say in a tab left open over lunch: carry on under a new one.
    renewedAtMs = nowMs;
    // A viewer who had paused stays paused.
    if (stage.state === "playing") wanted = !video.paused;
    load({ startS: video.currentTime });
    return;
  }
  loading.abort();
  video.pause();
  exitFullscreen();
  stage.fail(failure.kind);
  stage.element.dataset.failure = failure.kind;
}

function retry() {
  delete stage.element.dataset.failure;
  // Pressing retry once playback had begun means: go on playing.
  const begun = video.currentTime > 0;
  wanted ||= begun;
  stage.show(begun ? "playing" : "loading");
  stage.setWaiting(wanted);
  load({ startS: video.currentTime });
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

function pageSeen() {
  return new Promise((resolve) => {
    const check = () => {
      if (document.visibilityState !== "visible") return;
      document.removeEventListener("visibilitychange", check);
      resolve();
    };
    document.addEventListener("visibilitychange", check);
    check();
  });
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
    if (failure === "offline" || failure === "network") retry();
  });
}

function describeToSystem() {
  if (!("mediaSession" in navigator)) return;
  const { title, brand, poster } = stage.element.dataset;
  const artwork = poster ? [{ src: new URL(poster, document.baseURI).href }] : [];
  navigator.mediaSession.metadata = new MediaMetadata({ title, artist: brand, artwork });
}

async function begin() {
  bindVideo();
  bindConnection();
  describeToSystem();
  stage.start.addEventListener("click", start);
  stage.retry.addEventListener("click", retry);
  stage.replay.addEventListener("click", replay);
  stage.unmute.addEventListener("click", () => (video.muted = false));
  if (canAdoptSheets) {
    rememberCaptions(video, stage.player);
    await import("./controls.js");
    stage.player.fullscreenElement = stage.element;
  } else {
    video.controls = true;
    stage.element.dataset.controls = "browser";
  }
  if (autoplay === "on" && !stillPreferred) {
    video.muted = true;
    video.autoplay = true;
    wanted = true;
  }
  await load({ startS: 0 });
}

begin();
