// A peer that takes turns: it introduces itself with a line, then answers every number of seconds on standard input
// with the seconds of each step that it made in them, one at least.
import { createInterface } from "node:readline";

/** @param prepare answers what is said of the peer, and `step`; a peer that cannot run says why and succeeds */
export async function takeTurns(peer, prepare) {
  const task = JSON.parse(process.argv[2]);
  const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  let step;
  try {
    const { step: prepared, ...introduction } = await prepare(task);
    step = prepared;
    say({ peer, ...introduction });
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ peer, unavailable: reasonOf(error) })}\n`, () => process.exit(0));
    return;
  }
  for await (const line of createInterface(process.stdin)) {
    const until = performance.now() + 1000 * Number(line);
    const secondsPerStep = [];
    try {
      do {
        const start = performance.now();
        await step();
        secondsPerStep.push((performance.now() - start) / 1000);
      } while (performance.now() < until);
      say({ secondsPerStep });
    } catch (error) {
      say({ unavailable: reasonOf(error) });
    }
  }
  process.exit(0); // its threads would wait for ever
}

function reasonOf(error) {
  return String(error?.message ?? error).split("\n")[0];
}
