/** The program of a worker thread: loads a model, then does batches as they are ordered. */
import { setImmediate } from "node:timers/promises";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { Desk } from "./desk.ts";
import { type News, type Order, type Report, toldError, type WorkerData } from "./messages.ts";
import type { Task } from "./tasks.ts";

const port = parentPort as MessagePort;
const report = (what: Report) => port.postMessage(what);

/** The batch that is worked on. */
let current: { readonly batch: number; readonly controllers: readonly AbortController[] } | undefined;

async function work(desk: Desk, batch: number, tasks: readonly Task[]): Promise<void> {
  const controllers = tasks.map(() => new AbortController());
  current = { batch, controllers };
  const open = new Set(tasks.keys());
  const tell = (news: readonly News[]) => {
    for (const one of news) if (!("part" in one)) open.delete(one.task);
    if (news.length > 0) report({ type: "news", news });
  };
  const signals = controllers.map(({ signal }) => signal);
  let steps = 0;
  try {
    for await (const news of desk.work(tasks, signals)) {
      steps++;
      tell(news);
      // Lets orders in, such as to stop.
      await setImmediate();
      tell(stopped([...open].filter((task) => signals[task].aborted)));
    }
    tell(stopped([...open]));
  } catch (error) {
    tell(Array.from(open, (task) => ({ task, error: toldError(error) })));
  }
  current = undefined;
  report({ type: "free", steps });
}

function stopped(tasks: readonly number[]): News[] {
  return tasks.map((task) => ({ task, stopped: true }));
}

let desk: Desk | undefined;
port.on("message", (order: Order) => {
  if (order.type === "end") process.exit();
  else if (order.type === "work") void work(desk as Desk, order.batch, order.tasks);
  else if (order.batch === current?.batch) current.controllers[order.task].abort();
});
try {
  desk = await Desk.open(workerData as WorkerData);
  report({ type: "ready", model: desk.model });
} catch (error) {
  report({ type: "unable", error: toldError(error) });
  port.close();
}
