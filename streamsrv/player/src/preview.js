/*
 * The preview's own script, beside the player's: marks the decision whose scene is playing, seeks to others, and says
 * where words could not be drawn.
 * The server reads what a page asks for from its path: what stands in the query (forms put it there) moves over.
 */

/* A seek may end a little before the moment it was given, by less than half a frame. */
const SLACK_S = 0.01;

const stage = document.getElementById("stage");
const video = stage.querySelector("video");
const list = document.getElementById("rows");
const rows = [...document.querySelectorAll("#rows .row")].map((element) => ({
  element,
  startS: Number(element.dataset.startS),
  button: element.querySelector(".seek"),
  drawings: element.dataset.drawings.split(" "),
  fallback: element.querySelector(".fallback"),
}));
let marked;

function askByPath() {
  const asked = location.search.slice(1);
  if (asked) location.replace(`${location.pathname};${asked.replace(/&/g, ";")}`);
}

function mark() {
  if (stage.dataset.state !== "playing" && stage.dataset.state !== "ended") return;
  const playing = rows.filter(({ startS }) => startS <= video.currentTime + SLACK_S).pop();
  if (playing === marked) return;
  marked?.element.removeAttribute("aria-current");
  playing?.element.setAttribute("aria-current", "true");
  marked = playing;
  if (playing) reveal(playing.element);
  tellFallbacks();
}

/** Asks what could not be drawn of all that was fetched so far, and says it beside its words. */
async function tellFallbacks() {
  const answer = await fetch(list.dataset.fallbacksUrl).catch(() => undefined);
  if (!answer?.ok) return;
  const reasons = await answer.json();
  for (const { drawings, fallback } of rows) {
    if (!fallback) continue;
    const failed = drawings.filter((key) => key in reasons);
    fallback.hidden = failed.length === 0;
    fallback.querySelector("span").textContent = [...new Set(failed.map((key) => reasons[key]))].join("; ");
  }
}

/** Brings a row into view where the list scrolls by itself, unless someone is reading in it. */
function reveal(row) {
  const shown = row.closest(".decisions");
  if (shown.scrollHeight <= shown.clientHeight || shown.matches(":hover, :focus-within")) return;
  const { top, bottom } = row.getBoundingClientRect();
  const box = shown.getBoundingClientRect();
  if (top < box.top || bottom > box.bottom) shown.scrollTop += top - box.top - 16;
}

function seek(startS) {
  if (video.readyState === HTMLMediaElement.HAVE_NOTHING) {
    video.addEventListener("loadedmetadata", () => (video.currentTime = startS), { once: true });
  } else {
    video.currentTime = startS;
  }
  const { state } = stage.dataset;
  if (state === "loading" || state === "ready") stage.querySelector(".start").click();
  // What was paused stays paused; what had ended goes on, for its end card would hide the picture.
  if (state === "ended") video.play();
}

askByPath();
for (const { startS, button } of rows) button.addEventListener("click", () => seek(startS));
for (const event of ["timeupdate", "seeking", "seeked", "playing", "ended"]) video.addEventListener(event, mark);
