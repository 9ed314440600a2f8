/*
 * What this tab was playing, so that a reload or the way back goes on with it: in the tab's own storage, never the link.
 * The address bar says nothing; which of the tab's sessions a history entry stands for is in the entry's state.
 */

const KEY = "streamsrv.watch";
const MOST = 8;

/** Takes the link out of the address bar and keeps `session`, a plain object with `id` and `endsAtMs`. */
export function leaveLink(watchUrl, session) {
  history.replaceState({ session: session.id }, "", watchUrl);
  write([...read().filter(({ id }) => id !== session.id), session].slice(-MOST));
}

/** The session of this history entry, else the tab's latest; null when there is none, or when it is over. */
export function kept(nowMs) {
  const live = read().filter(({ endsAtMs }) => endsAtMs > nowMs);
  const wanted = history.state?.session;
  const found = wanted ? live.find(({ id }) => id === wanted) : live[live.length - 1];
  if (found) history.replaceState({ session: found.id }, "");
  return found ?? null;
}

/** Keeps where the viewer is. */
export function keepPosition(id, positionS) {
  write(read().map((session) => (session.id === id ? { ...session, positionS } : session)));
}

/** Forgets a session whose playback URL is no longer good. */
export function forget(id) {
  write(read().filter((session) => session.id !== id));
}

function read() {
  try {
    const sessions = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(sessions) ? sessions : [];
  } catch {
    return []; // Storage is barred, or something else wrote there: there is nothing to go on with.
  }
}

function write(sessions) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(sessions));
  } catch {
    // As above.
  }
}
