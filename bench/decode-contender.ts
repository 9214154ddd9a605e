import type { Decoder, Precision } from "../src/decoding/decoder.ts";
import { decode } from "../src/decoding/search.ts";
import type { DecodeWork, Ids, Turn } from "./decode-work.ts";
import { LivePeer, type PeerTurn } from "./live-peer.ts";
import { type PeerCommand, peerCommands } from "./peer-process.ts";
import { Runner } from "./turns.ts";

/** Somebody who decodes by turns with others. */
export interface Contender {
  /** What tells it from the others. */
  readonly who: Readonly<Record<string, unknown>>;
  /** Absent from one that cannot run here. */
  readonly runner?: Runner;
  /** Seconds of all its threads on a processor in each round: what it took of a machine that others use too. */
  readonly processor: readonly number[];
  /** What it wrote in each turn that it took, `<end>` left out. */
  readonly written: ReadonlyMap<number, readonly Ids[]>;
  stop?(): Promise<void>;
}

/** How our decoders are told apart. */
export interface Kind {
  readonly precision: Precision;
  readonly threads: number;
}

/** One of our decoders. */
export function ours(decoder: Decoder, kind: Kind, { loaded }: DecodeWork, turns: readonly Turn[], beam: number) {
  const { startId, endId } = loaded.tokenizer;
  const own = contender({ ...kind }, turns, async (number) => {
    const answers: Ids[] = [];
    const [began, used] = [performance.now(), process.cpuUsage()];
    for (const sources of turns[number]) {
      for (const [{ tokens }] of await decode(decoder, sources, { startId, endId, beam })) answers.push(tokens);
    }
    const { user, system } = process.cpuUsage(used);
    return { secondsPerStep: [(performance.now() - began) / 1000], processorSeconds: (user + system) / 1e6, answers };
  });
  return { ...own, ...kind };
}

/** Every way in which a peer decodes on this machine. */
export async function rivals(
  peer: string,
  work: DecodeWork,
  turns: readonly Turn[],
  { precisions, threads }: { precisions: readonly Precision[]; threads: readonly number[] },
): Promise<Contender[]> {
  const [command] = (await peerCommands(peer, "decode-")).sort(byOpenMp);
  if (command === undefined) {
    return [{ who: { peer, unavailable: "no interpreter here has it" }, ...NOTHING }];
  }
  const kinds =
    peer === "pytorch"
      ? ["all", "open"].map((rows) => ({ model: work.model, rows }))
      : await Promise.all(
          precisions.map(async (precision) => ({
            model: await work.exported(),
            dtype: precision === "int8" ? "q8" : precision,
          })),
        );
  const file = work.fileOf(turns);
  const started: Contender[] = [];
  for (const kind of kinds) {
    for (const count of threads)
      started.push(await start(peer, command, { ...kind, turns: file, threads: count }, turns));
  }
  return started;
}

/** A build of OpenBLAS that shares PyTorch's threads is the faster one. */
function byOpenMp({ variant: a = "" }: PeerCommand, { variant: b = "" }: PeerCommand): number {
  return Number(b.includes("openmp")) - Number(a.includes("openmp"));
}

async function start(peer: string, command: PeerCommand, task: object, turns: readonly Turn[]): Promise<Contender> {
  const { live, introduction: who } = await LivePeer.start(peer, command, task);
  const stop = () => live.stop();
  if (who.unavailable !== undefined) return { who: { ...task, ...who }, ...NOTHING, stop };
  return { ...contender({ ...who }, turns, (number) => live.turn(number) as Promise<Decoded>), stop };
}

const NOTHING = { processor: [], written: new Map<number, readonly Ids[]>() };

type Decoded = PeerTurn & { readonly processorSeconds: number; readonly answers: readonly Ids[] };

/** One that takes the turns in order, round after round. */
function contender(
  who: Contender["who"],
  turns: readonly Turn[],
  turn: (number: number) => Promise<Decoded>,
): Contender & { readonly runner: Runner } {
  const written = new Map<number, readonly Ids[]>();
  const processor: number[] = [];
  const runner: Runner = new Runner(async () => {
    const round = runner.rounds.length;
    const { secondsPerStep, processorSeconds, answers } = await turn(round % turns.length);
    processor[round] = processorSeconds; // over that of the warm-up
    written.set(round % turns.length, answers);
    return secondsPerStep;
  });
  return { who, runner, processor, written };
}
