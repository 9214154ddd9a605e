import { readFile } from "node:fs/promises";
import { type Document, isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { OPTIONS_OF, PRESETS, type PresetName, type RunOptions, type TaskName } from "../training/run-options.ts";
import { FILE_ERRORS, UsageError } from "./failure.ts";

const preset = z.enum(Object.keys(PRESETS) as [PresetName, ...PresetName[]]).optional();
type ConfigFile = Partial<RunOptions> & { readonly preset?: PresetName };

/**
 * Reads the options of a run from a YAML or JSON file (JSON is YAML too).
 *
 * @param task what the options are for; without it, what the file or its preset says
 * @throws {UsageError} when it cannot be read; else naming the file, the line, and the key that is not known or has a
 *   wrong value
 */
export async function readConfigFile(path: string, task?: TaskName): Promise<ConfigFile> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    const { code = "", message } = error;
    const reason = code === "ENOENT" ? "no such file" : (FILE_ERRORS[code] ?? message);
    throw new UsageError(`--config: cannot read ${path} (${reason})`, { cause: error });
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number | undefined) =>
    offset === undefined ? path : `${path}, line ${lines.linePos(Math.min(offset, text.length)).line}`;
  const [wrong] = document.errors;
  if (wrong !== undefined) throw new UsageError(`${at(wrong.pos[0])}: this is not YAML or JSON (${wrong.message})`);
  const { contents } = document;
  if (!isMap(contents)) throw new UsageError(`${at(contents?.range?.[0] ?? 0)}: there should be keys with values`);
  const values = document.toJS() as Record<string, unknown>;
  const { shape } = OPTIONS_OF[task ?? taskOf(values)];
  const parsed = z
    .strictObject({ ...shape, preset })
    .partial()
    .safeParse(values);
  if (parsed.success) return parsed.data as ConfigFile;
  const complaints = parsed.error.issues.flatMap((issue) => {
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [String(issue.path[0])];
    const what = issue.code === "unrecognized_keys" ? "there is no such key" : issue.message;
    return keys.map((key) => `${at(offsetOf(document, key))}: ${key}: ${what}`);
  });
  throw new UsageError(complaints.join("; "));
}

function taskOf({ task, preset }: Readonly<Record<string, unknown>>): TaskName {
  if (typeof task === "string" && Object.hasOwn(OPTIONS_OF, task)) return task as TaskName;
  return typeof preset === "string" && Object.hasOwn(PRESETS, preset) ? PRESETS[preset as PresetName].task : "chat";
}

/** Where a key stands in the file. */
function offsetOf({ contents }: Document, key: string): number | undefined {
  if (!isMap(contents)) return undefined;
  const pair = contents.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}
