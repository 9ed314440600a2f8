/*
 * Obtains something to play: a session under the page's link, with whatever has to be asked or waited for on the way, or
 * at the address without a link what this tab has kept. Leaves the page in the session's words.
 */

import { askViewer, isAsked } from "./ask.js";
import { deviceId } from "./device.js";
import { campaignWords, showCta, showKept, showLost, showNote, speak } from "./page.js";
import { openSession, requestSession } from "./session.js";
import { kept, leaveLink } from "./watch.js";

const NOTES = new Map([
  ["devices", "general_devices"],
  ["sessions", "general_sessions"],
  ["unanswered", "general_unanswered"],
  ["wrong", "general_unanswered"],
  ["locked", "general_unanswered"],
]);

/**
 * Resolves to a new session under the link; rejects with a `Failure`, or when `signal` aborts.
 *
 * `answer` is what the viewer answered before, if they were asked. What they answer now is the session's `answer`; its
 * `pressed` says that they have pressed a button on the way, so that playing needs no other.
 */
export async function obtain(stage, { answer, signal }) {
  const { sessionsUrl, watchUrl } = stage.element.dataset;
  const said = { device: deviceId(), answer };
  let session = await openSession(sessionsUrl, said, { signal, onWait: (kind) => untilPressed(stage, kind, signal) });
  if (session.language !== null && session.language !== stage.language) speak(stage, session.language);
  if (isAsked(session)) {
    const tryAnswer = (given) => requestSession(sessionsUrl, { ...said, answer: given }, signal);
    session = { ...(await askViewer(stage, session, { tryAnswer, signal })), pressed: true };
    stage.show("loading");
  }
  const { id, endsAtMs, multivariantUrl, cta } = session;
  const note = noteOf(session);
  describe(stage, { cta, note });
  // Not before: while a question stands open, loading the page again must bring it back.
  if (watchUrl) leaveLink(watchUrl, { id, endsAtMs, multivariantUrl, cta, note, words: campaignWords(stage.language) });
  return { answer, ...session };
}

/** What this tab was playing at this place in its history; null when there is nothing, which the page then says. */
export function resume(stage) {
  const session = kept(Date.now());
  if (session === null) {
    showLost();
    return null;
  }
  showKept(session.words, new URL("poster.jpg", session.multivariantUrl).href);
  speak(stage, session.words.language);
  describe(stage, session);
  return session;
}

/** The line under a video that was kept impersonal: which word of ours says why; null for none. */
function noteOf({ reason }) {
  // Without a reason the story is the viewer's own, or what the campaign tells people like them: nothing to explain.
  return reason === null ? null : (NOTES.get(reason) ?? "general");
}

function describe(stage, { cta, note }) {
  // Undefined: the server says nothing about it, and what the page shows stands.
  if (cta !== undefined) showCta(cta);
  showNote(note === null ? null : stage.words[note]);
}

/** Says why nothing can be played yet; resolves when the viewer presses the button, or is connected again. */
function untilPressed(stage, kind, signal) {
  stage.wait(kind);
  return new Promise((resolve) => {
    stage.retry.addEventListener("click", resolve, { once: true, signal });
    window.addEventListener("online", resolve, { once: true, signal });
  });
}
