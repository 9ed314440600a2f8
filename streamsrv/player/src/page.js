/*
 * The page around the stage: the campaign's words and the call to action. They come with the page of a link; at the
 * address where nothing is known (templates/watch.html) they come from what the tab has kept.
 */

const find = (selector) => document.querySelector(selector);

/** The campaign's words, as the page of a link shows them. */
export function campaignWords() {
  return {
    title: find("h1").textContent,
    description: find(".description")?.textContent ?? "",
    brand: find(".brand")?.textContent ?? "",
    windowTitle: document.title,
    language: find(".player").lang,
  };
}

/** Writes kept words and a still into the empty page, and shows it. */
export function showKept({ title, description, brand, windowTitle }, posterUrl) {
  document.title = windowTitle;
  find("h1").textContent = title;
  find(".description").textContent = description;
  find(".description").hidden = !description;
  find(".brand").textContent = brand;
  find(".monogram").textContent = [...brand][0]?.toUpperCase() ?? "";
  find(".masthead").hidden = !brand;
  find(".cover-plain span").textContent = title;
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

/** Puts every word of ours into `language`. */
export function speak(stage, language) {
  stage.speak(language, find("h1").textContent);
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = stage.words[element.dataset.word];
}
