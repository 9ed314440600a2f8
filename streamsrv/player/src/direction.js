/* Which languages run from right to left; the server's table is in core/languages.py. */

const RIGHT_TO_LEFT = new Set(["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"]);
const SCRIPTS = new Set(["adlm", "arab", "hebr", "nkoo", "syrc", "thaa"]);

/** The value of `dir` for a BCP 47 tag. */
export function directionOf(tag) {
  const [primary, ...more] = tag.toLowerCase().split("-");
  const script = more.find((part) => /^[a-z]{4}$/.test(part));
  return (script === undefined ? RIGHT_TO_LEFT.has(primary) : SCRIPTS.has(script)) ? "rtl" : "ltr";
}

/** Says that what is in `element` is in the language of `tag`. */
export function putInto(element, tag) {
  element.lang = tag;
  element.dir = directionOf(tag);
}
