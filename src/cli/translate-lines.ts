import { shorten } from "../data/data-error.ts";
import type { Line } from "../data/lines.ts";
import type { TextLines } from "../data/text-lines.ts";
import type { SearchOptions } from "../decoding/search-options.ts";
import { type Answering, translate } from "../decoding/translate.ts";
import { PendingFile } from "../formats/atomic-write.ts";
import { printed } from "./output.ts";
import { StopSignal } from "./stop-signal.ts";
import { defectOf, type LineFormat, translatedLine } from "./translated-line.ts";
import { lineCount, TranslationProgress } from "./translation-progress.ts";

/** How a text is translated, and where to. */
interface Wanted {
  readonly search: SearchOptions;
  readonly format: LineFormat;
  /** The file to write. Default: standard output. */
  readonly out?: string;
}

/** So many lines that cannot be read are told one by one. */
const TOLD = 10;

/**
 * Translates a text as it comes. However it ends, what was written are complete lines.
 *
 * @returns the exit code: 1 when a line could not be read, 130 or 143 when a signal stopped it
 */
export async function translateLines(model: Answering, text: TextLines, wanted: Wanted): Promise<number> {
  const { search, format, out } = wanted;
  const controller = new AbortController();
  const stop = new StopSignal(() => controller.abort());
  const file = out === undefined ? undefined : await PendingFile.open(out);
  const progress = new TranslationProgress({ size: text.size, besideResults: file === undefined });
  const sources: Line[] = [];
  let lines = 0;
  let unread = 0;
  stop.listen();
  try {
    for await (const translation of translate(model, textsOf(text, sources), {
      ...search,
      signal: controller.signal,
    })) {
      const source = sources.shift()!;
      const written = translatedLine(translation, source, format);
      await (file === undefined ? printed(written) : file.write(written));
      lines++;
      const defect = defectOf(source);
      if (defect !== undefined && ++unread <= TOLD && format !== "json") {
        progress.note(`jumok: ${text.name}, line ${lines}: ${defect}: ${shorten(source.text)}; ${ADVICE[defect]}`);
      }
      progress.show(lines, source.end);
    }
  } catch (error) {
    if (stop.received === undefined) {
      await settle(file, lines > 0);
      if (lines > 0 && out !== undefined) progress.note(`${out} has the first ${lineCount(lines)}`);
      throw error;
    }
  } finally {
    stop.release();
    progress.close();
  }
  if (unread > TOLD && format !== "json") {
    progress.note(`jumok: ${text.name}: ${lineCount(unread - TOLD)} more cannot be read`);
  }
  await settle(file, stop.received === undefined || lines > 0);
  if (stop.received === undefined) return unread > 0 ? 1 : 0;
  const where = out === undefined || lines === 0 ? "" : `; they are in ${out}`;
  progress.note(`stopped after ${lineCount(lines)}${where}`);
  return stop.exitCode;
}

/** The texts of lines, empty where one cannot be read; the lines themselves wait in `sources`. */
async function* textsOf({ lines }: TextLines, sources: Line[]): AsyncGenerator<string> {
  for await (const group of lines) {
    for (const line of group) {
      sources.push(line);
      yield defectOf(line) === undefined ? line.text : "";
    }
  }
}

async function settle(file: PendingFile | undefined, keep: boolean): Promise<void> {
  await (keep ? file?.keep() : file?.discard());
}

const ADVICE = {
  "not valid UTF-8": "its translation is empty; save the text as UTF-8 (Korean Excel: iconv -f cp949 -t utf-8)",
  "longer than 1 MiB": "its translation is empty; put a sentence or a paragraph on a line",
} as const;
