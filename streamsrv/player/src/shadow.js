/*
 * Puts media-chrome's styles where a strict `style-src 'self'` allows them.
 *
 * media-chrome writes `<style>` elements into shadow roots, which is inline style to a browser. The build (build.mjs)
 * routes every such write through here: the text of each `<style>` becomes a constructed sheet, adopted by the root.
 * Sheets are shared by all roots with the same text; rules that a component changes at run time go into one private
 * sheet per root, adopted last so that it wins.
 */

const sheetsByText = new Map();
const privateSheets = new WeakMap();
const namedSheets = new WeakMap();

/** Fills `root` with `html`, as `innerHTML` would, its styles adopted instead of inlined. */
export function renderShadow(root, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  // Declarative shadow roots of nested components: each renders its own when it is upgraded.
  for (const nested of template.content.querySelectorAll("template")) nested.remove();

  const sheets = [];
  const named = new Map();
  for (const style of template.content.querySelectorAll("style")) {
    style.remove();
    const sheet = style.id ? newSheet(style.textContent, style.media) : sharedSheet(style.textContent);
    if (style.id) named.set(style.id, sheet);
    sheets.push(sheet);
  }
  const own = new CSSStyleSheet();
  privateSheets.set(root, own);
  namedSheets.set(root, named);
  root.replaceChildren(document.importNode(template.content, true));
  root.adoptedStyleSheets = [...sheets, own];
}

/** Stands in for media-chrome's function of the same name: the rule of this root for `selector`, made when missing. */
export function getOrInsertCSSRule(root, selector) {
  const rules = [...privateSheets.get(root).cssRules];
  return rules.find((rule) => rule.selectorText === selector) ?? insertCSSRule(root, selector);
}

/** Stands in for media-chrome's function of the same name: a new, empty rule of this root for `selector`. */
export function insertCSSRule(root, selector) {
  const { cssRules } = privateSheets.get(root);
  return cssRules[privateSheets.get(root).insertRule(`${selector}{}`, cssRules.length)];
}

/** Sets the media query of the style that the component's template calls `id`. */
export function setStyleMedia(root, id, media) {
  namedSheets.get(root).get(id).media.mediaText = media;
}

function sharedSheet(text) {
  let sheet = sheetsByText.get(text);
  if (!sheet) {
    sheet = newSheet(text, "");
    sheetsByText.set(text, sheet);
  }
  return sheet;
}

function newSheet(text, media) {
  const sheet = new CSSStyleSheet({ media });
  sheet.replaceSync(text);
  return sheet;
}
