/* Keeps where the viewer is, now and then and when the page goes away. */

import { keepPosition } from "./watch.js";

const PAUSE_MS = 1_000;

/** Keeps the position of `video` for the session whose id `currentId` gives; undefined for none. */
export function rememberPosition(video, currentId) {
  let keptAtMs = -Infinity;
  const keep = () => {
    const id = currentId();
    // Before anything was played the position is the player's own business.
    if (id === undefined || video.played.length === 0) return;
    keptAtMs = performance.now();
    keepPosition(id, video.ended ? 0 : video.currentTime);
  };
  video.addEventListener("timeupdate", () => performance.now() - keptAtMs > PAUSE_MS && keep());
  for (const event of ["pause", "seeked", "ended"]) video.addEventListener(event, keep);
  window.addEventListener("pagehide", keep);
}
