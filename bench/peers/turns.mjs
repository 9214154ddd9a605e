// A peer that takes turns: it introduces itself with a line, then answers every number on standard input with a line that
// has the seconds of each step that it made for it.
import { createInterface } from "node:readline";

/**
 * @param prepare answers what is said of the peer, and `step`, which is made again and again for so many seconds, once at
 *   least; or `turn`, which is told the number and answers the whole line. A peer that cannot run says why and succeeds.
 */
export async function takeTurns(peer, prepare) {
  const task = JSON.parse(process.argv[2]);
  const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  let take;
  try {
    const { step, turn = (seconds) => repeated(step, seconds), ...introduction } = await prepare(task);
    take = turn;
    say({ peer, ...introduction });
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ peer, unavailable: reasonOf(error) })}\n`, () => process.exit(0));
    return;
  }
  for await (const line of createInterface(process.stdin)) {
    try {
      say(await take(Number(line)));
    } catch (error) {
      say({ unavailable: reasonOf(error) });
    }
  }
  process.exit(0); // its threads would wait for ever
}

async function repeated(step, seconds) {
  const until = performance.now() + 1000 * seconds;
  const secondsPerStep = [];
  do {
    const start = performance.now();
    await step();
    secondsPerStep.push((performance.now() - start) / 1000);
  } while (performance.now() < until);
  return { secondsPerStep };
}

function reasonOf(error) {
  return String(error?.message ?? error).split("\n")[0];
}
