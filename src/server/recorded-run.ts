import type { RecordedRun } from "../browser/in-page.ts";
import { filmFile } from "./film-file.ts";
import { TrainingDesk } from "./training-desk.ts";
import { TrainingOffice } from "./training-office.ts";

/**
 * What the Training view shows of the run of a folder, and its films, for a page without a server.
 *
 * @returns `undefined` where the folder has no history
 */
export async function recordedRun(
  folder: string,
): Promise<{ run: RecordedRun; films: Uint8Array<ArrayBuffer>[] } | undefined> {
  const desk = await TrainingDesk.open({ folder });
  if (desk.now.state === "none") return undefined;
  const office = new TrainingOffice({ desk, commands: false, files: [], runs: folder });
  const [status, history, samples, film] = await Promise.all([
    office.status(),
    desk.history(),
    desk.samples(),
    desk.film(),
  ]);
  return {
    run: { status: { ...status, presets: [] }, now: desk.now, history, samples },
    films: film?.sentences.map((_, i) => filmFile(film, i)) ?? [],
  };
}
