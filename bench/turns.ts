import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "./benchmark.ts";

/**
 * A session's threads wait awake for a moment after each run. Two sessions by turns would disturb one another so; before
 * each measurement they are given the time to fall asleep.
 */
export const PAUSE_MILLISECONDS = 10;

/** How long a turn lasts; a step that takes longer is done once. */
const SECONDS_A_TURN = 0.2;

/** Who has had this much of the time sits out the other rounds. */
const SECONDS_IN_ALL = 60;

/** Runs steps for so many seconds, one at least, and answers the seconds of each. */
type Turn = (seconds: number) => Promise<readonly number[]>;

/** Somebody whose steps are timed by turns with others'. */
export class Runner {
  /** Seconds of a step: for each round from the first the median of its turn. */
  readonly rounds: number[] = [];
  /** Why it takes no turns any more. */
  problem: string | undefined;
  readonly #turn: Turn;
  #spent = 0;

  constructor(turn: Turn) {
    this.#turn = turn;
  }

  /** One whose steps are done here. */
  static of(step: () => Promise<unknown>): Runner {
    return new Runner(async (seconds) => {
      const times: number[] = [];
      const began = performance.now();
      do {
        const from = performance.now();
        await step();
        times.push((performance.now() - from) / 1000);
      } while (performance.now() - began < seconds * 1000);
      return times;
    });
  }

  async warmUp(): Promise<void> {
    await this.#try(async () => {
      const [first] = await this.#turn(0);
      if (first < SECONDS_IN_ALL / 10) await this.#turn(0);
    });
  }

  async takeTurn(): Promise<void> {
    await this.#try(async () => {
      this.rounds.push(quantile(await this.#turn(SECONDS_A_TURN), 0.5));
    });
  }

  async #try(act: () => Promise<void>): Promise<void> {
    if (this.problem !== undefined || (this.rounds.length > 0 && this.#spent > SECONDS_IN_ALL)) return;
    await sleep(PAUSE_MILLISECONDS);
    const began = performance.now();
    try {
      await act();
      this.#spent += (performance.now() - began) / 1000;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}

/** Times everybody by turns, so that a slow moment of the machine meets all; each round begins with another. */
export async function takeTurns(runners: readonly Runner[], rounds: number): Promise<void> {
  for (const runner of runners) await runner.warmUp();
  for (let round = 0; round < rounds; round++) {
    const first = round % runners.length;
    for (const runner of [...runners.slice(first), ...runners.slice(0, first)]) await runner.takeTurn();
  }
}

/** How many times as long one took as another in the same round: the median. */
export function timesOf(runner: Runner, other: Runner): number {
  return medianRatio(runner.rounds, other.rounds);
}

/** The median of a value over another of the same round, over rounds that have both. */
export function medianRatio(values: readonly number[], others: readonly number[]): number {
  const both = values.slice(0, others.length);
  return quantile(
    both.map((value, round) => value / others[round]),
    0.5,
  );
}
