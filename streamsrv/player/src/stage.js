/*
 * The stage: everything drawn over the video (start button, message, end card) and what is said to a screen reader.
 * Knows one state at a time, shown as `data-state`, which the style sheet follows. Never fetches, never plays.
 *
 * loading → ready → playing ⇄ ended, and `failed` from anywhere.
 */

/** Binds the stage in the page; `texts` are the page's words, by key. */
export function bindStage(texts) {
  const element = document.getElementById("stage");
  const find = (selector) => element.querySelector(selector);
  const parts = {
    start: find(".start"),
    player: find("media-controller"),
    notice: find(".notice"),
    heading: find(".notice-heading"),
    detail: find(".notice-detail"),
    retry: find(".notice-retry"),
    endCard: find(".end-card"),
    replay: find(".replay"),
    unmute: find(".unmute"),
    status: document.getElementById("status"),
  };

  function show(state) {
    const hadFocus = element.contains(document.activeElement);
    element.dataset.state = state;
    parts.start.hidden = !(state === "loading" || state === "ready");
    parts.notice.hidden = state !== "failed";
    parts.endCard.hidden = state !== "ended";
    // What lies under a button, a card or a message is out of reach, for the keyboard too.
    parts.player.inert = state !== "playing";
    if (hadFocus) focusTarget(state)?.focus();
  }

  function focusTarget(state) {
    if (state === "playing") return find("media-control-bar media-play-button");
    if (state === "failed") return parts.retry.hidden ? null : parts.retry;
    if (state === "ended") return find(".end-card .cta") ?? parts.replay;
    return parts.start;
  }

  function say(key) {
    parts.status.textContent = texts[key];
  }

  return {
    element,
    ...parts,
    show,
    say,
    get state() {
      return element.dataset.state;
    },

    /** Marks that the viewer has pressed start and waits for the first picture. */
    setWaiting(waiting) {
      element.toggleAttribute("data-waiting", waiting);
      if (waiting) say("loading");
    },

    /** Shows the message for `kind`; a retry is offered where it can help. */
    fail(kind) {
      parts.heading.textContent = texts[`${kind}_heading`];
      parts.detail.textContent = texts[`${kind}_detail`];
      parts.retry.hidden = kind === "expired" || kind === "unsupported";
      this.setWaiting(false);
      show("failed");
    },
  };
}
