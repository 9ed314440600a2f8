/*
 * The stage: everything drawn over the video (start button, message, question, end card) and what is said to a screen reader.
 * Knows one state at a time, shown as `data-state`, which the style sheet follows. Never fetches, never plays.
 *
 * loading → ready → playing ⇄ ended; `waiting` and `asking` on the way to ready, `failed` from anywhere.
 */

import { spokenFor, wordsIn } from "./words.js";

/* Kinds of failure that another try does not cure. */
const FINAL = new Set(["expired", "unsupported"]);

/** Binds the stage in the page. */
export function bindStage() {
  const element = document.getElementById("stage");
  const find = (selector) => element.querySelector(selector);
  const parts = {
    start: find(".start"),
    player: find("media-controller"),
    notice: find(".notice"),
    heading: find(".notice-heading"),
    detail: find(".notice-detail"),
    retry: find(".notice-retry"),
    ask: find(".ask"),
    endCard: find(".end-card"),
    replay: find(".replay"),
    unmute: find(".unmute"),
    status: document.getElementById("status"),
  };
  let { language } = element.dataset;
  let words = wordsIn(language);
  let owesFocus = false;

  function show(state) {
    const focused = document.activeElement;
    // A question is the one thing that asks for the focus of someone who is nowhere yet.
    const takesFocus = element.contains(focused) || (state === "asking" && focused === document.body);
    const changes = state !== element.dataset.state;
    element.dataset.state = state;
    parts.start.hidden = !(state === "loading" || state === "ready");
    parts.notice.hidden = !(state === "failed" || state === "waiting");
    parts.ask.hidden = state !== "asking";
    parts.endCard.hidden = state !== "ended";
    // What lies under a button, a card or a message is out of reach, for the keyboard too.
    parts.player.inert = state !== "playing";
    if (changes && takesFocus) moveFocus();
  }

  function moveFocus() {
    const target = focusTarget(element.dataset.state) ?? null;
    target?.focus();
    // Controls may not be there yet.
    owesFocus = target !== null && document.activeElement !== target;
  }

  function focusTarget(state) {
    if (state === "playing") return find("media-control-bar media-play-button");
    if (state === "failed" || state === "waiting") return parts.retry.hidden ? null : parts.retry;
    if (state === "asking") return [find(".ask input"), find(".ask-skip")].find((part) => part.offsetParent !== null);
    if (state === "ended") return find(".end-card .cta:not([hidden])") ?? parts.replay;
    return parts.start;
  }

  function say(key) {
    parts.status.textContent = words[key];
  }

  function tell(kind, retryWord) {
    parts.heading.textContent = words[`${kind}_heading`];
    parts.detail.textContent = words[`${kind}_detail`];
    parts.retry.textContent = words[retryWord];
  }

  return {
    element,
    ...parts,
    show,
    say,

    /** Gives the focus that was to go to a control, now that there are controls. */
    refocus() {
      if (owesFocus && document.activeElement === document.body) moveFocus();
    },

    get state() {
      return element.dataset.state;
    },
    get words() {
      return words;
    },
    get language() {
      return language;
    },
    /** The language that `words` are in: another one where English stands in. */
    get spoken() {
      return spokenFor(language);
    },

    /** From here on in another language, by its BCP 47 tag. `title` is the video's. */
    speak(tag, title) {
      language = tag;
      words = wordsIn(tag);
      element.dataset.language = tag;
      parts.player.lang = spokenFor(tag);
      parts.start.setAttribute("aria-label", `${words.watch}: ${title}`);
    },

    /** Marks that the viewer has pressed start and waits for the first picture. */
    setWaiting(waiting) {
      element.toggleAttribute("data-waiting", waiting);
      if (waiting) say("loading");
    },

    /** Says why the video cannot start yet, with a button to try at once. Said once, however many tries follow. */
    wait(kind) {
      if (element.dataset.state === "waiting" && element.dataset.failure === kind) return;
      tell(kind, "try_now");
      parts.retry.hidden = false;
      element.dataset.failure = kind;
      show("waiting");
    },

    /** Shows the message for `kind`; a retry is offered where it can help. */
    fail(kind) {
      tell(kind, "retry");
      parts.retry.hidden = FINAL.has(kind);
      element.dataset.failure = kind;
      this.setWaiting(false);
      show("failed");
    },
  };
}
