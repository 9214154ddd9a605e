// The program of the worker in which the model of an exported page runs; `npm run build` bundles it.
import type { Order, Question, Told } from "./in-page.ts";
import { eventOf, PageStudio } from "./page-studio.ts";

const tell = (told: Told, transfer: Transferable[] = []) => self.postMessage(told, { transfer });

let opening: Promise<PageStudio> | undefined;
/** The questions that are not answered yet, by number. */
const open = new Map<number, AbortController>();

async function answer(number: number, question: Question): Promise<void> {
  const life = new AbortController();
  open.set(number, life);
  try {
    const studio = await opening!;
    for await (const part of studio.answer(question, life.signal)) {
      tell({ type: "part", number, part }, part instanceof ArrayBuffer ? [part] : []);
    }
    tell({ type: "end", number });
  } catch (error) {
    // Whoever stopped a question does not wait for its end.
    if (!life.signal.aborted) tell({ type: "failed", number, error: eventOf(error) });
  }
  open.delete(number);
}

self.onmessage = ({ data }: MessageEvent<Order>) => {
  if (data.type === "open") {
    let loaded = 0;
    opening = PageStudio.load(data.model, data.folder, (bytes) => {
      loaded += bytes;
      tell({ type: "bytes", loaded });
    });
    // Whoever asks is told.
    opening.catch(() => {});
  } else if (data.type === "ask") void answer(data.number, data.question);
  else open.get(data.number)?.abort();
};
