/* The page's words that are not the campaign's own, by language; English stands in for the others. */

import texts from "../templates/texts.json";

const byLanguage = new Map(Object.entries(texts));

/** The tag of the words for a BCP 47 tag: it, or English's. */
export function spokenFor(tag) {
  return byLanguage.has(primary(tag)) ? tag : "en";
}

/** Every word in the language of a BCP 47 tag. */
export function wordsIn(tag) {
  return byLanguage.get(primary(spokenFor(tag)));
}

/** `text` with each `{name}` replaced by its value. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
}

/** The one of a text's `forms` that goes with `count`, and that number in it, as they are in the language of `tag`. */
export function counted(forms, count, tag) {
  const form = forms[new Intl.PluralRules(tag).select(count)] ?? forms.other;
  return fill(form, { count: new Intl.NumberFormat(tag).format(count) });
}

function primary(tag) {
  return tag.split("-")[0].toLowerCase();
}
