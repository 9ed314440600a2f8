/*
 * Builds dist/ from src/: the player's script and style sheet, the preview's, the licences of what they contain, and
 * manifest.json.
 * The same sources give the same bytes. dist/ is committed, so that serving needs no Node.
 */

import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, "dist");
const shadow = JSON.stringify(path.join(here, "src/shadow.js"));

const TYPES = { ".js": "text/javascript", ".css": "text/css", ".txt": "text/plain" };

/* Every way media-chrome writes a shadow root or a rule, and what stands in for it (src/shadow.js). */
const RENDER = [
  "this.shadowRoot.setHTMLUnsafe ? this.shadowRoot.setHTMLUnsafe(html) : this.shadowRoot.innerHTML = html;",
  "this.shadowRoot.innerHTML = this.constructor.getTemplateHTML(attrs);",
];
const RULES = /^ {2}(getOrInsertCSSRule|insertCSSRule),$/gm;
const ROW_LAYOUT = {
  find: 'const layoutRowStyle = this.shadowRoot.querySelector("#layout-row");',
  set: 'layoutRowStyle.setAttribute("media", menuLayout === "row" ? "" : "width:0");',
};

/** Rewrites media-chrome so that it writes no inline style; stops the build where a new release does it another way. */
const adoptStyles = {
  name: "adopt-styles",
  setup(builder) {
    builder.onLoad({ filter: /media-chrome[\\/]dist[\\/].*\.js$/ }, async ({ path: file }) => {
      let text = await readFile(file, "utf8");
      const before = text;
      if (file.endsWith("element-utils.js")) {
        text = text.replace(RULES, "  adopted_$1 as $1,");
        if (text.split("adopted_").length !== 3) throw new Error(`${file}: expected two exported rule functions`);
        text += `import { getOrInsertCSSRule as adopted_getOrInsertCSSRule, insertCSSRule as adopted_insertCSSRule } from ${shadow};\n`;
      }
      text = text.replace(RENDER[0], "renderShadow(this.shadowRoot, html);");
      text = text.replace(RENDER[1], "renderShadow(this.shadowRoot, this.constructor.getTemplateHTML(attrs));");
      text = text.replace(ROW_LAYOUT.find, "");
      text = text.replace(ROW_LAYOUT.set, 'setStyleMedia(this.shadowRoot, "layout-row", menuLayout === "row" ? "" : "width:0");');
      if (/shadowRoot\.(innerHTML|setHTMLUnsafe)|layoutRowStyle/.test(text)) {
        throw new Error(`${file}: writes a shadow root in a way that build.mjs does not know`);
      }
      if (text !== before) text += `import { renderShadow, setStyleMedia } from ${shadow};\n`;
      return { contents: text, loader: "js" };
    });
  },
};

/* hls.js gives each caption track an empty `data:` file; `media-src` has room for `blob:` only. */
const EMPTY_TRACK = "el.src = 'data:,WEBVTT';";

const blobTracks = {
  name: "blob-tracks",
  setup(builder) {
    builder.onLoad({ filter: /hls\.js[\\/]dist[\\/]hls\.mjs$/ }, async ({ path: file }) => {
      const text = await readFile(file, "utf8");
      if (text.split(EMPTY_TRACK).length !== 2) throw new Error(`${file}: expected one empty track`);
      const blobTrack = `el.src = URL.createObjectURL(new Blob(["WEBVTT\\n"], { type: "text/vtt" }));`;
      return { contents: text.replace(EMPTY_TRACK, blobTrack), loader: "js" };
    });
  },
};

async function buildAssets() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: here,
    entryPoints: {
      player: "src/main.js",
      playback: "src/playback.js",
      controls: "src/controls.js",
      "player.style": "src/player.css",
      preview: "src/preview.js",
      "preview.style": "src/preview.css",
    },
    outdir: dist,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2020", "chrome87", "firefox78", "safari14"],
    // Safari 14 mishandles one corner of destructuring that no module here comes near; esbuild cannot lower it.
    supported: { destructuring: true },
    legalComments: "none",
    banner: { js: "/*! Contains open source; see LICENSES.txt. */" },
    plugins: [adoptStyles, blobTracks],
    metafile: true,
    write: false,
  });
  const files = new Map(
    outputFiles.map((file) => [path.basename(file.path).replace(".style.css", ".css"), file.text]),
  );
  files.set("LICENSES.txt", await licences(Object.keys(metafile.inputs)));
  return files;
}

async function licences(inputs) {
  const names = new Set(inputs.map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]).filter(Boolean));
  const parts = [...names].sort().map(async (name) => {
    const root = path.join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));
    const text = await readFile(path.join(root, "LICENSE"), "utf8");
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  return (await Promise.all(parts)).join(`\n${"-".repeat(80)}\n\n`);
}

function manifestOf(files) {
  const entries = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, text]) => {
    const sha256 = createHash("sha256").update(text).digest("hex");
    return [name, { sha256, bytes: Buffer.byteLength(text), type: TYPES[path.extname(name)] }];
  });
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

const files = await buildAssets();
await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
for (const [name, text] of files) await writeFile(path.join(dist, name), text);
await writeFile(path.join(dist, "manifest.json"), manifestOf(files));
