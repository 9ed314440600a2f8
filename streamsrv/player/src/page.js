/*
 * The page around the stage: the campaign's words and the call to action. They come with the page of a link; at the
 * address where nothing is known (templates/watch.html) they come from what the tab has kept.
 */

import { putInto } from "./direction.js";

const find = (selector) => document.querySelector(selector);

/* Where the campaign's words stand: each may be in a language of its own, whatever the page around it is in. */
const PLACES = { title: "h1, .cover-plain span", description: ".description", brand: ".brand" };

/** The campaign's words, as the page of a link shows them, and what it is told in. */
export function campaignWords(language) {
  return {
    title: find("h1").textContent,
    description: find(".description")?.textContent ?? "",
    brand: find(".brand")?.textContent ?? "",
    windowTitle: document.title,
    language,
    languages: Object.fromEntries(Object.entries(PLACES).map(([name, place]) => [name, find(place)?.lang || language])),
  };
}

/** Writes kept words and a still into the empty page, and shows it. */
export function showKept({ title, description, brand, windowTitle, language, languages = {} }, posterUrl) {
  document.title = windowTitle;
  find("h1").textContent = title;
  find(".description").textContent = description;
  find(".description").hidden = !description;
  find(".brand").textContent = brand;
  find(".monogram").textContent = [...brand][0]?.toUpperCase() ?? "";
  find(".masthead").hidden = !brand;
  find(".cover-plain span").textContent = title;
  for (const [name, place] of Object.entries(PLACES)) {
    for (const element of document.querySelectorAll(place)) putInto(element, languages[name] ?? language);
  }
  find(".cover").replaceWith(stillOf(posterUrl, find(".cover")));
  for (const element of document.querySelectorAll(".player, .player video")) element.setAttribute("aria-label", title);
  for (const element of [find("#resumed"), find(".footer")]) element.hidden = false;
  find("#lost").hidden = true;
}

function stillOf(url, cover) {
  const still = document.createElement("img");
  Object.assign(still, { className: "cover", slot: "poster", alt: "", src: url });
  // A session that is over has none: the plain cover stays.
  still.addEventListener("error", () => still.replaceWith(cover), { once: true });
  return still;
}

/** Says that there is nothing to go on with here. */
export function showLost() {
  for (const element of document.querySelectorAll("#resumed, .footer, .masthead")) element.hidden = true;
  const lost = find("#lost");
  lost.hidden = false;
  lost.dataset.sure = "";
}

/** The call to action, under the video and at its end: `{ label, url }`, or null for none. */
export function showCta(cta) {
  const shown = cta !== null && /^https?:$/.test(new URL(cta.url, document.baseURI).protocol);
  for (const link of document.querySelectorAll("a.cta")) {
    link.hidden = !shown;
    if (!shown) continue;
    link.href = cta.url;
    link.textContent = cta.label;
  }
  find(".end-heading").hidden = !shown;
}

/** A line under the video, or none for null. */
export function showNote(text) {
  const note = find("#note");
  if (note === null) return; // An author's own page has no room for it.
  note.hidden = text === null;
  note.textContent = text ?? "";
}

/** Puts the page into `language`, and every word of ours. The campaign's own words stay what they are. */
export function speak(stage, language) {
  stage.speak(language, find("h1").textContent);
  putInto(find("[data-spoken]"), language);
  for (const element of document.querySelectorAll("[data-ours]")) putInto(element, stage.spoken);
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = stage.words[element.dataset.word];
}
