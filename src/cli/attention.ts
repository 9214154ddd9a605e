import { extname } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import type { ExplainedText } from "../explain/attention-map.ts";
import { type AttentionChoice, type HeadChoice, SUMMARIES } from "../explain/attention-view.ts";
import { LANGUAGES, type Language } from "../explain/wording.ts";
import type { EngineOptions } from "../runtime/engine.ts";
import { deviceFlag, threadsFlag } from "./engine-flags.ts";
import { UsageError } from "./failure.ts";
import { positiveInteger } from "./numbers.ts";
import { tell } from "./output.ts";

const EXAMPLES = `
Examples:
  jumok attention model "어떤 영화 볼까"                      a shaded grid: what each written piece looked at
  jumok attention model "어떤 영화 볼까" -o map.html          a page with every layer and head to choose from
  jumok attention model "어떤 영화 볼까" -o map.svg           a figure: the last layer, the mean of its heads
  jumok attention model "어떤 영화 볼까" -o map.png --layer all --head all
  jumok attention model "영화 볼래?" --target "좋아요." --kind decoder --head 3 -o map.svg
  jumok attention judge "배송이 빠르고 좋아요" --words -o map.svg
  jumok attention model "어떤 영화 볼까" --json > map.json    all weights as numbers

Kinds: encoder and decoder (each looks at itself), cross (the decoder at the source), alignment (a recurrent decoder at the
source), pooling (a classifier at its text). Without --kind it is the one that looks at the source. Layers and heads count
from 1. Rollout multiplies the layers up to the chosen one, half of each passing by its attention (Abnar and Zuidema 2020).
A page and JSON hold everything; of JSON --kind, --layer, --head and --words choose a part.`;

const FORMATS = ["svg", "png", "html", "json"] as const;
type Format = (typeof FORMATS)[number];

/** `jumok attention` */
export function attentionCommand() {
  return new Command("attention")
    .description("Shows what a trained model looks at: every layer and head, as a picture, a page or numbers.")
    .argument("<dir>", "the folder of a trained model")
    .argument("<text...>", "what it reads; several words are joined")
    .option("--target <text>", "what the model is to have written; what it writes if not given")
    .option("-o, --out <file>", "a file to write: .svg, .png, .html or .json; a grid on the terminal if not given")
    .addOption(new Option("--format <name>", "of the file, whatever its name").choices(FORMATS))
    .addOption(
      new Option("--kind <name>", "which attention").choices([
        "encoder",
        "decoder",
        "cross",
        "alignment",
        "pooling",
      ] as const),
    )
    .addOption(new Option("--layer <n>", "from 1, or all; the last if not given").argParser(layerChoice))
    .addOption(
      new Option("--head <n>", `from 1, ${SUMMARIES.join(", ")} or all; mean if not given`).argParser(headChoice),
    )
    .option("--words", "show words instead of their pieces")
    .addOption(new Option("--lang <code>", "of the labels; the system's if not given").choices(LANGUAGES))
    .addOption(
      new Option("--scale <n>", "pixels of a PNG for one of the SVG; 2 if not given").argParser(positiveInteger),
    )
    .addOption(deviceFlag())
    .addOption(threadsFlag("one"))
    .option("--json", "print the weights as one JSON object")
    .addHelpText("after", EXAMPLES)
    .action(async (dir, words, { target, out, format, lang, scale, json, device, threads, ...choice }) => {
      const wanted = formatOf({ out, format, json });
      const explained = await explain(dir, words.join(" "), { target, device, threads });
      try {
        await show(explained, choice, { out, format: wanted, language: lang ?? systemLanguage(), scale });
      } catch (error) {
        // The model has no such layer, head or kind: the flags ask for the wrong one.
        if (error instanceof Error && error.name === "AttentionError") throw new UsageError(error.message);
        throw error;
      }
    });
}

function layerChoice(text: string): number | "all" {
  return text === "all" ? text : positiveInteger(text) - 1;
}

function headChoice(text: string): HeadChoice | "all" {
  if (text === "all") return text;
  return SUMMARIES.find((summary) => summary === text) ?? positiveInteger(text) - 1;
}

/** What is to be written: by flag, or by the name of the file; `undefined` is the grid. */
function formatOf({ out, format, json }: { out?: string; format?: Format; json?: true }): Format | undefined {
  if (json) {
    if (out !== undefined || format !== undefined) {
      throw new UsageError("--json prints on standard output; give -o map.json alone for a file");
    }
    return "json";
  }
  if (out === undefined) {
    if (format === "png") throw new UsageError("a PNG is written to a file: give -o map.png");
    return format;
  }
  const extension = extname(out).slice(1).toLowerCase();
  const found = format ?? FORMATS.find((known) => known === extension);
  if (found !== undefined) return found;
  const named = extension === "" ? "has no extension" : `ends in .${extension}`;
  throw new UsageError(`-o ${out} ${named}; known are ${FORMATS.map((f) => `.${f}`).join(", ")}, or say --format`);
}

async function explain(
  dir: string,
  text: string,
  { target, device, threads = 1 }: EngineOptions & { target?: string },
): Promise<ExplainedText> {
  const { loadModelFolder } = await import("../formats/model-folder.ts");
  const { openEngine } = await import("../runtime/node.ts");
  const loaded = await loadModelFolder(dir);
  if (loaded.kind === "classifier" && target !== undefined) {
    throw new UsageError("--target has no meaning here: a classifier writes nothing");
  }
  const { attentionOf } = await import("../explain/attention-of.ts");
  const attention = await attentionOf(await openEngine({ device, threads }), loaded);
  try {
    return await attention.explain(text, target);
  } finally {
    await attention.release();
  }
}

interface Shown {
  readonly out?: string;
  readonly format?: Format;
  readonly language: Language;
  readonly scale?: number;
}

async function show(explained: ExplainedText, choice: AttentionChoice, { out, format, language, scale }: Shown) {
  if (format === undefined) {
    const { attentionText } = await import("../explain/attention-text.ts");
    process.stdout.write(`${attentionText(explained, { ...choice, language, width: process.stdout.columns })}\n`);
    return;
  }
  const content = await CONTENT[format](explained, choice, { language, scale });
  if (out === undefined) {
    process.stdout.write(content);
    return;
  }
  const { writeAtomically } = await import("../formats/atomic-write.ts");
  await writeAtomically(out, typeof content === "string" ? content : [content]);
  tell(`written: ${out}`);
}

/** What a file of each format holds. */
const CONTENT: Readonly<
  Record<
    Format,
    (
      explained: ExplainedText,
      choice: AttentionChoice,
      options: Pick<Shown, "language" | "scale">,
    ) => Promise<string | Uint8Array>
  >
> = {
  svg: async (explained, choice, { language }) => {
    const { attentionFigure } = await import("../explain/attention-figure.ts");
    return attentionFigure(explained, { ...choice, language });
  },
  png: async (explained, choice, options) => {
    const { svgToPng } = await import("../charts/png.ts");
    const { bytes, missing } = await svgToPng(String(await CONTENT.svg(explained, choice, options)), options);
    if (missing.length > 0) {
      tell(
        `no font of this machine has ${missing.slice(0, 10).join(" ")}${missing.length > 10 ? " …" : ""}: the picture ` +
          "lacks them. Install a font with these letters (Korean: Noto Sans CJK, package fonts-noto-cjk), or write an SVG",
      );
    }
    return bytes;
  },
  html: async (explained, choice) => {
    const { attentionPage } = await import("../explain/attention-page.ts");
    return attentionPage(explained, single(choice));
  },
  json: async (explained, choice) => {
    const { attentionData } = await import("../explain/attention-json.ts");
    const chosen = Object.values(choice).some((value) => value !== undefined);
    return `${JSON.stringify(attentionData(explained, chosen ? choice : undefined))}\n`;
  },
};

/** A page begins with one map; it has the others to choose from. */
function single({ layer, head, ...choice }: AttentionChoice): AttentionChoice {
  return { ...choice, layer: layer === "all" ? undefined : layer, head: head === "all" ? undefined : head };
}

function systemLanguage(): Language {
  return new Intl.DateTimeFormat().resolvedOptions().locale.startsWith("ko") ? "ko" : "en";
}
