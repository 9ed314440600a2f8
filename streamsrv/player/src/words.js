/* The page's words that are not the campaign's own, by language; English stands in for the others. */

import texts from "../templates/texts.json";

const byLanguage = new Map(Object.entries(texts));

/** Every word in the language of a BCP 47 tag. */
export function wordsIn(tag) {
  return byLanguage.get(tag.split("-")[0].toLowerCase()) ?? byLanguage.get("en");
}

/** `text` with each `{name}` replaced by its value. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
}
