import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compressedWeights } from "../formats/compressed-weights.ts";
import { ExportError, type ExportedFiles, type ExportOptions, type FileContent } from "../formats/export-model.ts";
import { type LoadedModel, MODEL_FILES } from "../formats/loaded-model.ts";
import { encodeSafeTensors } from "../formats/safetensors.ts";
import { installedWebFiles } from "../runtime/web-files-node.ts";
import type { ModelBeside, RecordedRun } from "./in-page.ts";
import { pageReadme } from "./page-readme.ts";

/** What `npm run build` makes for pages, beside the compiled library: the library with the page's own, and the studio. */
const BUILT = fileURLToPath(new URL("../../dist/page/", import.meta.url));
const STUDIO = fileURLToPath(new URL("../../dist/studio-page/", import.meta.url));

export interface PageOptions extends ExportOptions, Pick<ModelBeside, "name" | "task"> {
  /** The run that the model is of, and a film for each of its sentences. */
  readonly recorded?: { readonly run: RecordedRun; readonly films: readonly Uint8Array[] };
}

/**
 * A model as a folder of static files: the studio with the model running in the page, and a module for pages of one's
 * own. Any web server that gives out files is enough.
 *
 * @throws {ExportError} when the scripts have not been built
 */
export async function pageFiles(
  loaded: LoadedModel,
  { compression, name, task, recorded }: PageOptions,
): Promise<ExportedFiles> {
  const { config, tokenizer, weights } = loaded;
  const model: ExportedFiles = new Map<string, FileContent>([
    [`model/${MODEL_FILES.config}`, JSON.stringify(config)],
    [`model/${MODEL_FILES.tokenizer}`, JSON.stringify(tokenizer)],
    [`model/${MODEL_FILES.tokenizerConfig}`, JSON.stringify(tokenizer.config(config.max_position_embeddings))],
    [
      `model/${MODEL_FILES.weights}`,
      encodeSafeTensors(compression ? compressedWeights(weights.views, compression) : weights.views, { format: "pt" }),
    ],
  ]);
  const ort = installedWebFiles();
  const [built, studio] = await Promise.all([BUILT, STUDIO].map(BuiltFiles.read));
  const wasm = await readFile(ort.wasm);
  const library: ExportedFiles = new Map<string, FileContent>([
    ["jumok.js", built.get("jumok.js")],
    ["ort/ort-wasm-simd-threaded.js", [await readFile(ort.script)]],
    ["ort/ort-wasm-simd-threaded.wasm", [wasm]],
    [
      "LICENSES.txt",
      [...built.get("LICENSES.txt"), Buffer.from(`\n${"-".repeat(80)}\n\n`), ...studio.get("LICENSES.txt")],
    ],
  ]);
  const beside: ModelBeside = {
    ...{ name, task },
    bytes: [...sizesOf(model).values()].reduce((sum, bytes) => sum + bytes, wasm.length),
    recorded: recorded !== undefined,
  };
  const page: ExportedFiles = new Map<string, FileContent>([
    ...studio.all,
    ["studio-worker.js", built.get("studio-worker.js")],
    ["index.html", pageOf(textOf(built.get("index.html")), beside)],
  ]);
  for (const other of library.keys()) page.delete(other);
  const training: ExportedFiles = new Map(recorded && trainingFiles(recorded));
  const sizes = { model: sizesOf(model), library: sizesOf(library), page: sizesOf(page), training: sizesOf(training) };
  const readme = pageReadme(loaded, { compression, sizes });
  return new Map([...page, ...library, ...training, ...model, ["README.md", readme]]);
}

/** Files that `npm run build` made in a folder, by their paths. */
class BuiltFiles {
  readonly #folder: string;
  readonly all = new Map<string, readonly Uint8Array[]>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async read(folder: string): Promise<BuiltFiles> {
    const files = new BuiltFiles(folder);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries.filter((entry) => entry.isFile())) {
      const path = join(entry.parentPath, entry.name);
      files.all.set(path.slice(folder.length).replaceAll("\\", "/"), [await readFile(path)]);
    }
    return files;
  }

  /** @throws {ExportError} when it is not there */
  get(name: string): readonly Uint8Array[] {
    const file = this.all.get(name);
    if (file !== undefined) return file;
    throw new ExportError(
      `${this.#folder}${name}: is not there; in a clone of the repository give npm run build first`,
    );
  }
}

/** The page, told of the model beside it. */
function pageOf(html: string, beside: ModelBeside): string {
  // Nothing in it may look like the end of the script.
  const json = JSON.stringify(beside).replaceAll("<", "\\u003c");
  return html.replace("<!-- model beside -->", () => `<script id="in-page" type="application/json">${json}</script>`);
}

function trainingFiles({ run, films }: NonNullable<PageOptions["recorded"]>): [string, FileContent][] {
  return [
    ["training/run.json", JSON.stringify(run)],
    ...films.map((film, i): [string, FileContent] => [`training/film-${i}.jmk1`, [film]]),
  ];
}

function textOf(content: readonly Uint8Array[]): string {
  return Buffer.concat(content).toString("utf8");
}

/** The size of each file in bytes. */
function sizesOf(files: ExportedFiles): ReadonlyMap<string, number> {
  return new Map(
    [...files].map(([name, content]) => [
      name,
      typeof content === "string" ? Buffer.byteLength(content) : content.reduce((sum, part) => sum + part.length, 0),
    ]),
  );
}
