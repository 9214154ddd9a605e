import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compressedWeights } from "../formats/compressed-weights.ts";
import { ExportError, type ExportedFiles, type ExportOptions, type FileContent } from "../formats/export-model.ts";
import { type LoadedModel, MODEL_FILES } from "../formats/loaded-model.ts";
import { encodeSafeTensors } from "../formats/safetensors.ts";
import { installedWebFiles } from "../runtime/web-files-node.ts";
import { PAGE_HTML, PAGE_STYLE } from "./page-document.ts";
import { pageReadme } from "./page-readme.ts";

/** What `npm run build` makes for pages, beside the compiled library. */
const BUILT = new URL("../../dist/page/", import.meta.url);

/**
 * A model as a folder of static files: a page to use it in, and a module for pages of one's own. Any web server that
 * gives out files is enough.
 *
 * @throws {ExportError} when the scripts have not been built
 */
export async function pageFiles(loaded: LoadedModel, { compression }: ExportOptions = {}): Promise<ExportedFiles> {
  const { config, tokenizer, weights } = loaded;
  const model: ExportedFiles = new Map<string, FileContent>([
    [`model/${MODEL_FILES.config}`, json(config)],
    [`model/${MODEL_FILES.tokenizer}`, json(tokenizer)],
    [`model/${MODEL_FILES.tokenizerConfig}`, json(tokenizer.config(config.max_position_embeddings))],
    [
      `model/${MODEL_FILES.weights}`,
      encodeSafeTensors(compression ? compressedWeights(weights.views, compression) : weights.views, { format: "pt" }),
    ],
  ]);
  const ort = installedWebFiles();
  const library: ExportedFiles = new Map<string, FileContent>([
    ["jumok.js", await built("jumok.js")],
    ["ort/ort-wasm-simd-threaded.js", [await readFile(ort.script)]],
    ["ort/ort-wasm-simd-threaded.wasm", [await readFile(ort.wasm)]],
    ["LICENSES.txt", await built("LICENSES.txt")],
  ]);
  const page: ExportedFiles = new Map<string, FileContent>([
    ["index.html", PAGE_HTML],
    ["style.css", PAGE_STYLE],
    ["page.js", await built("page.js")],
  ]);
  const sizes = { model: bytesOf(model), library: bytesOf(library), page: bytesOf(page) };
  return new Map([...page, ...library, ...model, ["README.md", pageReadme(loaded, { compression, sizes })]]);
}

async function built(name: string): Promise<FileContent> {
  const file = fileURLToPath(new URL(name, BUILT));
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new ExportError(`${file}: is not there; in a clone of the repository give npm run build first`);
  });
  return [bytes];
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

/** The size of each file in bytes. */
function bytesOf(files: ExportedFiles): ReadonlyMap<string, number> {
  return new Map(
    [...files].map(([name, content]) => [
      name,
      typeof content === "string" ? Buffer.byteLength(content) : content.reduce((sum, part) => sum + part.length, 0),
    ]),
  );
}
