/*
 * The preview's own script, beside the player's: marks the decision whose scene is playing, and seeks to others.
 * The server reads what a page asks for from its path: what stands in the query (forms put it there) moves over.
 */

/* A seek may end a little before the moment it was given, by less than half a frame. */
const SLACK_S = 0.01;

const stage = document.getElementById("stage");
const video = stage.querySelector("video");
const rows = [...document.querySelectorAll("#rows .row")].map((element) => ({
  element,
  startS: Number(element.dataset.startS),
  button: element.querySelector(".seek"),
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
}

/** Brings a row into view where the list scrolls by itself, unless someone is reading in it. */
function reveal(row) {
  const list = row.closest(".decisions");
  if (list.scrollHeight <= list.clientHeight || list.matches(":hover, :focus-within")) return;
  const { top, bottom } = row.getBoundingClientRect();
  const box = list.getBoundingClientRect();
  if (top < box.top || bottom > box.bottom) list.scrollTop += top - box.top - 16;
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
