/** The program of a worker thread: loads a model, then does batches as they are ordered. */
import { setImmediate } from "node:timers/promises";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { type News, type Order, type Report, toldError, type WorkerData } from "./messages.ts";
import { ModelWorker } from "./model-worker.ts";
import { batchKeyOf, canJoin } from "./tasks.ts";
import type { WorkItem } from "./work-item.ts";

/**
 * Texts may join a batch after every so many steps: to read one takes as long as a step or two, and hardly longer for
 * several together.
 */
const GATHERING_STEPS = 4;

const data = workerData as WorkerData;
const port = parentPort as MessagePort;
const report = (what: Report) => port.postMessage(what);

/** What is not over yet, by id. */
const open = new Map<number, AbortController>();
/** What is to be done after the batch that is worked on. */
const waiting: WorkItem[][] = [];
/** The batch that is worked on, and what is to join it. */
let current: { readonly first: WorkItem; readonly joining: WorkItem[] } | undefined;

/** Steps that were not told yet. */
let steps = 0;

function tell(news: readonly News[]): void {
  if (news.length === 0) return;
  for (const one of news) if (!("part" in one)) open.delete(one.id);
  report({ type: "news", news, steps });
  steps = 0;
}

function order(items: WorkItem[]): void {
  if (current !== undefined && canFollow(current.first, items[0])) current.joining.push(...items);
  else waiting.push(items);
  if (current === undefined) void workOff();
}

function canFollow({ task: before }: WorkItem, { task }: WorkItem): boolean {
  return data.joining && canJoin(task) && batchKeyOf(before) === batchKeyOf(task);
}

async function workOff(): Promise<void> {
  for (let items = waiting.shift(); items !== undefined; items = waiting.shift()) {
    current = { first: items[0], joining: [] };
    await work(items, current.joining);
    if (current.joining.length > 0) waiting.unshift(current.joining);
    current = undefined;
  }
}

/** @param joining what joins is taken out of it */
async function work(items: readonly WorkItem[], joining: WorkItem[]): Promise<void> {
  const begun = new Map(items.map((item) => [item.id, item]));
  const still = () => [...begun.values()].filter(({ id }) => open.has(id));
  let done = 0;
  const arrivals = () => {
    const come = done % GATHERING_STEPS === 0 ? joining.splice(0) : [];
    for (const item of come) begun.set(item.id, item);
    return come;
  };
  try {
    for await (const news of (worker as ModelWorker).work(items, arrivals)) {
      done++;
      steps++;
      tell(news);
      // Lets orders in, such as to stop.
      await setImmediate();
      tell(stopped(still().filter(({ signal }) => signal.aborted)));
      for (const id of begun.keys()) if (!open.has(id)) begun.delete(id);
    }
    tell(stopped(still()));
  } catch (error) {
    tell(still().map(({ id }) => ({ id, error: toldError(error) })));
  }
}

function stopped(items: readonly WorkItem[]): News[] {
  return items.map(({ id }) => ({ id, stopped: true }));
}

let worker: ModelWorker | undefined;
port.on("message", (what: Order) => {
  if (what.type === "end") process.exit();
  else if (what.type === "stop") open.get(what.id)?.abort();
  else
    order(
      what.tasks.map(({ id, task }) => {
        const controller = new AbortController();
        open.set(id, controller);
        return { id, task, signal: controller.signal };
      }),
    );
});
try {
  worker = await ModelWorker.open(data);
  report({ type: "ready", model: worker.model });
} catch (error) {
  report({ type: "unable", error: toldError(error) });
  port.close();
}
