import type { Program } from "../runtime/program.ts";
import type { Value } from "../runtime/value.ts";
import { attentionRow, isCross } from "./cross-attention.ts";
import type { AttentionStep } from "./hypothesis.ts";
import { moveRows, takeRows } from "./rows.ts";
import { Slots } from "./slots.ts";
import { StepBuffers } from "./step-buffers.ts";
import type { RowScores, Stepping, StepRows, Wanted } from "./stepper.ts";

type Values = Readonly<Record<string, Value>>;

/** What steps start from. */
export interface Begun {
  /** What was read from each source; it is the same at every step. */
  readonly memory: Values;
  /** What is carried from step to step. */
  readonly carried: Values;
  readonly sourceLengths: readonly number[];
  readonly vocabularySize: number;
  readonly weights: Values;
  readonly programFor: (wanted: Wanted) => Promise<Program>;
}

/**
 * The steps of a compiled model over some sentences.
 *
 * What was read from the sources is computed once a sentence, and laid out again only when the rows are grouped anew.
 * What is carried is moved in place (see {@link Slots}). Rows that are over leave the batch.
 */
export class DecoderStepping implements Stepping {
  readonly #begun: Begun;
  readonly #slots: Slots;
  #memory: Values;
  #carried: Values;
  #buffers: StepBuffers | undefined;

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

    const buffers = this.#buffersFor(sources.length, wanted);
    const { read, ranks, tokens: likeliest, logProbabilities } = buffers;
    for (const [row, slot] of slots.entries()) read.data[slot] = tokens[row];
    const program = await this.#begun.programFor(wanted);
    const result = await program.run(
      { ...this.#begun.weights, ...this.#memory, ...this.#carried, read, ...(ranks && { ranks }) },
      { logProbabilities, ...(likeliest && { tokens: likeliest }) },
    );
    this.#carried = carriedOn(this.#carried, result);
    const attended = wanted.attention === true ? Object.entries(under("attention", result, "")) : [];
    return slots.map((slot) => ({
      tokens: likeliest && rowOf(likeliest, slot),
      logProbabilities: rowOf(logProbabilities, slot),
      attention: this.#attention(attended, slot),
    }));
  }

  #buffersFor(rows: number, wanted: Wanted): StepBuffers {
    if (this.#buffers?.fit(rows, wanted) !== true) {
      this.#buffers = new StepBuffers(rows, wanted, this.#begun.vocabularySize);
    }
    return this.#buffers;
  }

  #attention(attended: readonly [string, Value][], slot: number): AttentionStep {
    if (attended.length === 0) return NOTHING;
    const sourceLength = this.#begun.sourceLengths[this.#slots.owners[slot]];
    return Object.fromEntries(
      attended.map(([name, value]) => [
        name,
        attentionRow(value, { row: slot, keys: isCross(name) ? sourceLength : undefined }),
      ]),
    );
  }
}

const NOTHING: AttentionStep = {};

/** What a step hands on, `next.*`, under the names that the next one reads it by, `carried.*`. */
function carriedOn(carried: Values, result: Values): Values {
  const next: Record<string, Value> = {};
  for (const name of Object.keys(carried)) next[name] = result[`next.${name.slice("carried.".length)}`];
  return next;
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
