import type { Program } from "../runtime/program.ts";
import { integers, type Value } from "../runtime/value.ts";
import { attentionRow, isCross } from "./cross-attention.ts";
import { moveRows, takeRows } from "./rows.ts";
import { Slots } from "./slots.ts";
import type { RowScores, Stepping, StepRows, Wanted } from "./stepper.ts";

type Values = Readonly<Record<string, Value>>;

/** What steps start from. */
export interface Begun {
  /** What was read from each source; it is the same at every step. */
  readonly memory: Values;
  /** What is carried from step to step. */
  readonly carried: Values;
  readonly sourceLengths: readonly number[];
  readonly weights: Values;
  readonly programFor: (wanted: Wanted) => Promise<Program>;
}

/**
 * The steps of a compiled model over some sentences.
 *
 * What was read from the sources is computed once a sentence, and laid out again only when the rows are grouped anew.
 * What is carried is moved in place (see {@link Slots}).
 */
export class DecoderStepping implements Stepping {
  readonly #begun: Begun;
  readonly #slots: Slots;
  #memory: Values;
  #carried: Values;

  constructor(begun: Begun) {
    this.#begun = begun;
    this.#slots = new Slots(begun.sourceLengths.length);
    this.#memory = begun.memory;
    this.#carried = begun.carried;
  }

  async step({ parents, tokens }: StepRows, wanted: Wanted): Promise<RowScores[]> {
    const { slots, regrouped, sources } = this.#slots.arrange(parents);
    if (regrouped) {
      this.#memory = mapped(this.#begun.memory, (value) => takeRows(value, this.#slots.owners));
      this.#carried = mapped(this.#carried, (value) => takeRows(value, sources));
    } else for (const value of Object.values(this.#carried)) moveRows(value, sources);

    const read = new Int32Array(sources.length);
    for (const [row, slot] of slots.entries()) read[slot] = tokens[row];
    const program = await this.#begun.programFor(wanted);
    const feeds: Record<string, Value> = {
      ...this.#begun.weights,
      ...this.#memory,
      ...this.#carried,
      read: integers([read.length, 1], read),
      ...(wanted.top !== undefined && { ranks: integers([wanted.top], new Int32Array(wanted.top)) }),
    };
    const result = await program.run(feeds);
    this.#carried = under("next", result, "carried.");
    const attention = Object.entries(under("attention", result, ""));
    return slots.map((slot) => ({
      ...(result.tokens && { tokens: rowOf(result.tokens as Value<"int32">, slot) }),
      logProbabilities: rowOf(result.logProbabilities as Value<"float32">, slot),
      attention: Object.fromEntries(
        attention.map(([name, value]) => {
          const keys = isCross(name) ? this.#sourceLength(slot) : undefined;
          return [name, attentionRow(value, { row: slot, keys })];
        }),
      ),
    }));
  }

  #sourceLength(slot: number): number {
    return this.#begun.sourceLengths[this.#slots.owners[slot]];
  }
}

/** The values whose names begin with a prefix; it is kept, or replaced. */
export function under(prefix: string, values: Values, replaced = `${prefix}.`): Record<string, Value> {
  const chosen = Object.entries(values).filter(([name]) => name.startsWith(`${prefix}.`));
  return Object.fromEntries(chosen.map(([name, value]) => [replaced + name.slice(prefix.length + 1), value]));
}

function mapped(values: Values, change: (value: Value) => Value): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

function rowOf<T extends "int32" | "float32">({ shape: [, columns], data }: Value<T>, row: number): Value<T>["data"] {
  return data.subarray(row * columns, (row + 1) * columns) as Value<T>["data"];
}
