import { z } from "zod";
import type { Pair } from "../data/pair.ts";
import { type ReadPairsOptions, readPairs } from "../data/pairs.ts";
import { fileSha256 } from "../data/text-file.ts";
import { readTrainingNotes } from "../formats/model-folder.ts";
import { heldOutPairs } from "./prepare.ts";

/** What the notes of a run say of its data. */
const Notes = z.object({
  data: z.object({
    file: z.string(),
    sha256: z.string(),
    columns: z.object({ source: z.string(), target: z.string(), group: z.string().optional() }),
  }),
  valid: z.unknown().optional(),
  options: z.object({
    seed: z.int(),
    validFraction: z.number(),
    keepTogether: z.enum(["none", "source", "target", "either", "group"]),
  }),
});

/**
 * The pairs that the model of a folder learnt from, without those that its run held out.
 *
 * @param named the file of the run and its columns, where training.json does not name it or it has been moved. A file with
 *   other content than the run's is read as it is, with nothing held out
 * @returns `undefined` when no file is named and training.json names none, or one that is missing or has changed
 * @throws {DataError} when the file that is named cannot be read
 */
export async function learntPairs(
  folder: string,
  named?: { file: string; columns: ReadPairsOptions },
): Promise<readonly Pair[] | undefined> {
  const notes = Notes.safeParse(await readTrainingNotes(folder).catch(() => undefined)).data;
  const file = named?.file ?? notes?.data.file;
  if (file === undefined) return undefined;
  const isOfRun = notes !== undefined && (await fileSha256(file).catch(() => undefined)) === notes.data.sha256;
  if (!isOfRun) return named && (await readPairs(file, named.columns)).pairs;
  const { pairs } = await readPairs(file, notes.data.columns);
  return notes.valid === undefined ? heldOutPairs(pairs, notes.options).train : pairs;
}
