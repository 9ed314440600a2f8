/*
 * Remembers whether this viewer wants captions, and in which language, across the videos of this site.
 * Until they choose, the playlist's own default stands.
 */

const KEY = "streamsrv.captions";
const OFF = "off";
const CHOICES = ["mediashowsubtitlesrequest", "mediadisablesubtitlesrequest", "mediatogglesubtitlesrequest"];

/** Applies the remembered choice whenever `video` gains caption tracks, and stores each choice made in `controller`. */
export function rememberCaptions(video, controller) {
  const tracks = video.textTracks;
  let pending = 0;
  tracks.addEventListener("addtrack", () => {
    // Tracks come one by one, and hls.js then selects the playlist's default: choose once, after it has.
    clearTimeout(pending);
    pending = setTimeout(() => applyChoice(captionTracks(tracks)), 0);
  });
  // Requests, not the tracks' `change`: that also fires when a player is torn down, which is nobody's choice.
  for (const request of CHOICES) {
    controller.addEventListener(request, () => {
      setTimeout(() => store(captionTracks(tracks).find(isShowing)?.language ?? OFF), 0);
    });
  }
}

function applyChoice(tracks) {
  const choice = stored();
  if (choice === null) return;
  const wanted = choice === OFF ? undefined : (tracks.find((track) => track.language === choice) ?? tracks[0]);
  for (const track of tracks) {
    if (track !== wanted && isShowing(track)) track.mode = "disabled";
  }
  if (wanted) wanted.mode = "showing";
}

function captionTracks(tracks) {
  return [...tracks].filter((track) => track.kind === "subtitles" || track.kind === "captions");
}

function isShowing(track) {
  return track.mode === "showing";
}

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // Storage is barred (private windows, policies): captions follow the playlist.
  }
}

function store(choice) {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // As above: there is nothing to remember it in.
  }
}
