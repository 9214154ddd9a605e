// Bundles studio/ into dist/studio-page, and the index.html of a page with the model inside into dist/page, which has the
// same files; tells how large it is, and fails when what every visitor loads is over 300 KB.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { licensesOf } from "./licenses.mjs";
import { studioFonts } from "./studio-fonts.mjs";

const LIMIT = 300 * 1024;
const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, "dist/studio-page");

const options = {
  absWorkingDir: root,
  outdir: out,
  bundle: true,
  write: false,
  metafile: true,
  platform: "browser",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  minify: true,
  entryNames: "assets/[name]-[hash]",
  define: { "process.env.NODE_ENV": '"production"' },
};

const fonts = await studioFonts();
const page = await build({
  ...options,
  format: "esm",
  splitting: true,
  chunkNames: "assets/[name]-[hash]",
  entryPoints: ["studio/main.tsx", "studio/style/studio.css"],
});
const first = await build({ ...options, format: "iife", entryPoints: ["studio/app/first-paint.ts"] });

const files = new Map(fonts.files);
for (const { path, contents } of [...page.outputFiles, ...first.outputFiles]) {
  files.set(path.slice(out.length + 1).replaceAll("\\", "/"), contents);
}
const named = (pattern) => [...files.keys()].find((path) => pattern.test(path));
// What the page needs before it can draw; a view is fetched when it is opened.
const [main, style, early] = [/main-/, /studio-.*css/, /first-paint-/].map(named);
files.set("fonts.css", fonts.css);
files.set("mark.svg", readFileSync(join(root, "studio/mark.svg")));
const inputs = Object.keys({ ...page.metafile.inputs, ...first.metafile.inputs });
files.set("LICENSES.txt", licensesOf([...inputs, "node_modules/@fontsource-variable/noto-sans-kr/package.json"]));
const html = readFileSync(join(root, "studio/index.html"), "utf8");
const loads = [
  `<script src="${early}"></script>`,
  `<link rel="stylesheet" href="${style}">`,
  '<link rel="stylesheet" href="fonts.css">',
  `<script type="module" src="${main}"></script>`,
];
const lines = (...some) => some.join("\n    ");
files.set("index.html", html.replace("<!-- built files -->", lines(...loads)));

/** The page with the model inside: a server of files says nothing of what it may do, so the page itself does. */
const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; img-src 'self' data: blob:; " +
  "base-uri 'none'; form-action 'none'";
const withModel = html
  .replace("<title>", lines(`<meta http-equiv="Content-Security-Policy" content="${POLICY}">`, "<title>"))
  .replace(
    "<!-- built files -->",
    lines(...loads, `<link rel="modulepreload" href="${named(/page-backend-/)}">`, "<!-- model beside -->"),
  )
  .replace(
    '<div id="studio"></div>',
    `<div id="studio">${readFileSync(join(root, "studio/from-file.html"), "utf8")}</div>`,
  );

rmSync(out, { recursive: true, force: true });
for (const [name, content] of [...files, ["../page/index.html", withModel]]) {
  const path = join(out, name);
  mkdirSync(dirname(path), { recursive: true });
  // Renamed into place, so that nobody reads half a file.
  writeFileSync(`${path}.tmp`, content);
  renameSync(`${path}.tmp`, path);
}

// WOFF2 is compressed already.
const sizeOf = (paths) =>
  paths.reduce((sum, path) => sum + (path.endsWith(".woff2") ? files.get(path) : gzipSync(files.get(path))).length, 0);
const ending = (pattern) => [...files.keys()].filter((path) => pattern.test(path));
const local = (path) => path.slice(path.indexOf("assets/"));
/** The scripts that come with one, itself included; a view's own come when it is opened. */
function withImports(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  const [, { imports }] = Object.entries(page.metafile.outputs).find(([name]) => local(name) === path);
  for (const { path: other, kind } of imports) if (kind === "import-statement") withImports(local(other), seen);
  return seen;
}
const opened = [early, ...withImports(main), ...withImports(named(/talk-view-.*js$/))];
const rows = [
  ["JavaScript of the first view", sizeOf([...new Set(opened)])],
  ["CSS", sizeOf(ending(/\.css$/))],
  [`font of the page (${fonts.ui.length} files)`, sizeOf(fonts.ui)],
];
const total = rows.reduce((sum, [, size]) => sum + size, 0);
const others = sizeOf(ending(/\.js$/)) - rows[0][1];
for (const [name, size] of [...rows, ["page as it opens", total], ["JavaScript of the other views", others]]) {
  console.log(`${name.padEnd(32)}${(size / 1024).toFixed(1).padStart(8)} KB gzip`);
}
if (total > LIMIT) {
  console.error(`The page is larger than ${LIMIT / 1024} KB: see what it imports, or load it later.`);
  process.exit(1);
}
