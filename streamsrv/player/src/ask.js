/*
 * The second factor: a form over the picture that asks what only the viewer knows, until it is answered or passed over.
 * Never fetches: it is given what tries an answer.
 */

import { counted, fill } from "./words.js";

/* No spinners and no dropped zeros: a year or the number of a policy is typed, not counted. */
/* Nor is what is typed turned around by the page: groups of digits stay in order, words run as they do. */
const FIELDS = {
  number: { type: "text", inputMode: "numeric", dir: "ltr" },
  date: { type: "date", inputMode: "", dir: "" },
  text: { type: "text", inputMode: "text", dir: "auto" },
};

/** Whether the viewer has something to answer, or to be told that no answer is taken for now. */
export function isAsked({ ask, reason }) {
  return ask !== null || reason === "locked";
}

/**
 * Resolves to the session to play: the one that a right answer opened, with that `answer`, or the last one when the viewer
 * passes. `tryAnswer` resolves to a session, whose `ask` stays while the answer is wrong; rejects with a `Failure`.
 */
export function askViewer(stage, session, { tryAnswer, signal }) {
  const form = bindForm(stage);
  const over = new AbortController();
  let current = session;

  return new Promise((resolve, reject) => {
    async function answer() {
      const given = form.input.value.trim();
      if (given === "") return form.complain(stage.words.ask_required);
      form.setChecking(true);
      try {
        current = await tryAnswer(given);
        if (!isAsked(current)) resolve({ ...current, answer: given });
        else if (current.ask === null) form.lock(current.retryAtMs);
        else form.complain(`${stage.words.ask_wrong} ${triesLeft(stage, current.ask.tries_left)}`.trim());
      } catch (failure) {
        if (!failure.transient) reject(failure);
        else form.complain(stage.words.ask_failed);
      } finally {
        form.setChecking(false);
      }
    }

    form.listen({ answer, skip: () => resolve(current) }, over.signal);
    signal.addEventListener("abort", () => reject(signal.reason), { signal: over.signal });
    if (session.ask === null) form.lock(session.retryAtMs);
    else form.ask(session.ask);
    stage.show("asking");
  }).finally(() => over.abort());
}

/** The form's parts and what can be done with them. */
function bindForm(stage) {
  const form = stage.element.querySelector(".ask");
  const find = (selector) => form.querySelector(selector);
  const [input, error, detail, heading] = ["input", ".field-error", ".ask-detail", ".card-heading"].map(find);
  const [field, submit, skip] = [".field", ".ask-submit", ".ask-skip"].map(find);

  function complain(text) {
    error.textContent = text;
    input.setAttribute("aria-invalid", "true");
    input.focus();
  }

  function setLocked(locked) {
    for (const part of [field, submit]) part.hidden = locked;
    detail.hidden = !locked;
  }

  return {
    input,
    complain,

    ask({ kind, label }) {
      const properties = FIELDS[kind] ?? FIELDS.text;
      setLocked(false);
      heading.textContent = stage.words.ask_heading;
      find("label").textContent = label;
      Object.assign(input, properties, { value: "" });
      input.setAttribute("aria-invalid", "false");
      error.textContent = "";
    },

    lock(retryAtMs) {
      setLocked(true);
      heading.textContent = stage.words.locked_heading;
      detail.textContent = lockedText(stage, retryAtMs);
      skip.focus();
    },

    setChecking(checking) {
      // Not `disabled`: that would throw the focus out of the form.
      form.setAttribute("aria-busy", String(checking));
      for (const button of [submit, skip]) button.setAttribute("aria-disabled", String(checking));
      if (checking) stage.say("ask_checking");
    },

    listen(actions, signal) {
      const unlessBusy = (action) => form.getAttribute("aria-busy") === "true" || action();
      form.addEventListener(
        "submit",
        (event) => {
          event.preventDefault();
          unlessBusy(actions.answer);
        },
        { signal },
      );
      skip.addEventListener("click", () => unlessBusy(actions.skip), { signal });
    },
  };
}

/** When answers are taken again, on the viewer's own clock. */
function lockedText({ words, spoken }, retryAtMs) {
  if (retryAtMs === null) return words.locked_detail;
  const at = new Date(retryAtMs);
  const isToday = at.toDateString() === new Date().toDateString();
  const parts = { ...(isToday ? {} : { day: "numeric", month: "long" }), hour: "numeric", minute: "2-digit" };
  return fill(words.locked_until, { time: at.toLocaleString(spoken, parts) });
}

function triesLeft({ words, spoken }, count) {
  return typeof count === "number" ? counted(words.ask_tries, count, spoken) : "";
}
