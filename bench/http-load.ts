import autocannon, { type Options, type Result } from "autocannon";
import { quantile } from "./benchmark.ts";
import type { ServedProcess } from "./served-process.ts";

/** How long a client waits for an answer: longer than the server lets one take. */
const PATIENCE_SECONDS = 60;

/** What clients and server saw in some time of load. */
export interface Load {
  readonly seconds: number;
  /** Milliseconds of each request that was answered. */
  readonly answered: readonly number[];
  /** Requests that were told to come later, by status. */
  readonly refused: Readonly<Record<429 | 503, number>>;
  /** Requests with any other status, without an answer, or on a broken connection. */
  readonly failed: number;
  /** Tokens of answers, and the steps that wrote them. */
  readonly tokens: number;
  readonly steps: number;
  /** Of all cores together. */
  readonly cpuSeconds: { readonly server: number; readonly client: number };
  /** Of the server, at the end. */
  readonly residentMiB: number;
}

/** Clients that ask one question after the other, each as soon as the one before is answered, for so many seconds. */
export async function load(
  server: ServedProcess,
  questions: Iterator<string, never>,
  { clients, seconds }: { clients: number; seconds: number },
): Promise<Load> {
  const before = { ...(await server.counted()), client: process.cpuUsage() };
  const options: Options = {
    url: `${server.url}/v1/chat`,
    connections: clients,
    duration: seconds,
    timeout: PATIENCE_SECONDS,
    method: "POST",
    headers: { "content-type": "application/json" },
    requests: [{ setupRequest: (request) => ({ ...request, body: JSON.stringify({ text: questions.next().value }) }) }],
  };
  const answered: number[] = [];
  const refused = { 429: 0, 503: 0 };
  let failed = 0;
  const { errors, duration } = await new Promise<Result>((resolve, reject) => {
    const run = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)));
    run.on("response", (_client, status, _bytes, milliseconds) => {
      if (status === 200) answered.push(milliseconds);
      else if (status === 429 || status === 503) refused[status]++;
      else failed++;
    });
  });
  const client = process.cpuUsage(before.client);
  const after = await server.counted();
  return {
    seconds: duration,
    answered,
    refused,
    failed: failed + errors,
    tokens: after.tokens - before.tokens,
    steps: after.steps - before.steps,
    cpuSeconds: { server: after.cpuSeconds - before.cpuSeconds, client: (client.user + client.system) / 1e6 },
    residentMiB: after.residentMiB,
  };
}

/** What some turns of the same load say together. */
export function figuresOf(turns: readonly Load[]) {
  const sum = (value: (turn: Load) => number) => turns.reduce((total, turn) => total + value(turn), 0);
  const answered = turns.flatMap((turn) => turn.answered);
  const seconds = sum((turn) => turn.seconds);
  const [server, client] = [sum(({ cpuSeconds }) => cpuSeconds.server), sum(({ cpuSeconds }) => cpuSeconds.client)];
  return {
    requestsPerSecond: answered.length / seconds,
    milliseconds:
      answered.length === 0
        ? undefined
        : { p50: quantile(answered, 0.5), p99: quantile(answered, 0.99), most: quantile(answered, 1) },
    answered: answered.length,
    refused: { 429: sum(({ refused }) => refused[429]), 503: sum(({ refused }) => refused[503]) },
    failed: sum((turn) => turn.failed),
    tokensPerStep: sum(({ tokens }) => tokens) / sum(({ steps }) => steps),
    /** Of the server, for each answer; it says the same on a busy machine, almost. */
    cpuMillisecondsPerAnswer: (1000 * server) / answered.length,
    coresUsed: { server: server / seconds, client: client / seconds },
    residentMiB: turns.at(-1)?.residentMiB,
  };
}
