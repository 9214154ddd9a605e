import type { Program } from "../runtime/program.ts";
import { integers, type Value } from "../runtime/value.ts";
import { attentionRow, isCross } from "./cross-attention.ts";
import type { AttentionStep } from "./hypothesis.ts";
import { type Lengthening, moveRows, takeRows } from "./rows.ts";
import { Slots } from "./slots.ts";
import { StepBuffers } from "./step-buffers.ts";
import type { RowScores, Stepping, StepRows, Wanted } from "./stepper.ts";
import { TurningBuffers } from "./turning-buffers.ts";

type Values = Readonly<Record<string, Value>>;

/** What was read from some sources; steps start from it. */
export interface Begun {
  /** The same at every step. */
  readonly memory: Values;
  /** What is carried from step to step. */
  readonly carried: Values;
  readonly sourceLengths: readonly number[];
}

/** What steps are done with. */
export interface SteppingOptions {
  /** Of what was read the axis of each value that is as long as sources, or as what was written. */
  readonly axes: Readonly<Record<string, number | undefined>>;
  /** Whether sentences may join. */
  readonly joining: boolean;
  readonly vocabularySize: number;
  /** The most tokens that can be written. */
  readonly maxLength: number;
  readonly read: (sources: readonly ArrayLike<number>[]) => Promise<Begun>;
  readonly programFor: (wanted: Wanted) => Promise<Program>;
}

/** What the slots of a batch hold. */
interface Batch extends Begun {
  /** `[slots]`: how many of the first places of what is carried are not a slot's own, since its sentence joined later. */
  readonly absent: Value<"int32">;
}

/**
 * The steps of a compiled model over some sentences.
 *
 * What was read from a source (memory) is computed once; it is copied only when a new batch is made (see {@link Slots}).
 * Otherwise what is carried is moved in place, and slots of rows that are over go along. When sentences join, memory is
 * padded at its end, as in any batch, and what is carried at its beginning, so that all rows write at the same place.
 */
export class DecoderStepping implements Stepping {
  readonly #options: SteppingOptions;
  readonly #slots: Slots;
  #batch: Batch;
  #joining: Batch | undefined;
  #buffers: StepBuffers | undefined;
  readonly #turning = new TurningBuffers();
  readonly join: Stepping["join"];

  constructor(begun: Begun, options: SteppingOptions) {
    this.#options = options;
    this.#slots = new Slots(begun.sourceLengths.length);
    this.#batch = withNothingAbsent(begun);
    if (options.joining) {
      this.join = async (sources) => {
        this.#joining = withNothingAbsent(await options.read(sources));
      };
    }
  }

  async step({ parents, tokens }: StepRows, wanted: Wanted): Promise<RowScores[]> {
    const { slots, regrouped, sources } = this.#slots.arrange(parents, this.#joining?.sourceLengths.length);
    if (regrouped) {
      this.#batch = this.#regrouped(sources);
      this.#joining = undefined;
    } else for (const value of Object.values(this.#batch.carried)) moveRows(value, sources);

    const { memory, carried, absent } = this.#batch;
    if (this.#options.joining) this.#keepInReach(absent.data);
    const buffers = this.#buffersFor(sources.length, wanted);
    const { read, ranks, tokens: likeliest, logProbabilities } = buffers;
    for (const [row, slot] of slots.entries()) read.data[slot] = tokens[row];
    const program = await this.#options.programFor(wanted);
    const result = await program.run(
      { ...memory, ...carried, absent, read, ...(ranks && { ranks }) },
      { logProbabilities, ...(likeliest && { tokens: likeliest }) },
    );
    this.#batch = { ...this.#batch, carried: under("next", result, "carried.") };
    const attended = wanted.attention === true ? Object.entries(under("attention", result, "")) : [];
    return slots.map((slot) => ({
      tokens: likeliest && rowOf(likeliest, slot),
      logProbabilities: rowOf(logProbabilities, slot),
      attention: this.#attention(attended, slot),
    }));
  }

  /** A batch of slots of this one, and of those that join, which count on. */
  #regrouped(sources: readonly number[]): Batch {
    const [batch, joining] = [this.#batch, this.#joining];
    const taken = (name: "memory" | "carried", along?: Omit<Lengthening, "axis">) =>
      mapped(batch[name], (value, key) => {
        const axis = this.#options.axes[key];
        return takeRows(joining === undefined ? [value] : [value, joining[name][key]], sources, {
          along: axis === undefined || along === undefined ? undefined : { axis, ...along },
          allocate: (dtype, shape) => this.#turning.next(key, dtype, shape),
        });
      });
    if (joining === undefined) {
      return {
        memory: taken("memory"),
        carried: taken("carried"),
        absent: takeRows([batch.absent], sources),
        sourceLengths: sources.map((slot) => batch.sourceLengths[slot]),
      };
    }
    // Places that no row has are left out, of the sources and of what was written.
    const lengths = [...batch.sourceLengths, ...joining.sourceLengths];
    const sourceLengths = sources.map((slot) => lengths[slot]);
    const places = this.#written(batch.carried);
    const written = [...batch.absent.data].map((absent) => places - absent);
    const own = sources.map((slot) => written[slot] ?? 0);
    const past = Math.max(...own);
    return {
      memory: taken("memory", { length: Math.max(...sourceLengths), kept: "first" }),
      carried: taken("carried", { length: past, kept: "last" }),
      absent: integers(
        [own.length],
        Int32Array.from(own, (length) => past - length),
      ),
      sourceLengths,
    };
  }

  /** Slots of sentences that are over go along until the batch is grouped anew, but no model knows more than so many places. */
  #keepInReach(absent: Int32Array): void {
    const least = this.#written(this.#batch.carried) - this.#options.maxLength + 1;
    for (const [slot, places] of absent.entries()) absent[slot] = Math.max(places, least);
  }

  /** How many places what is carried has; 0 of a state that does not grow. */
  #written(carried: Values): number {
    for (const [name, { shape }] of Object.entries(carried)) {
      const axis = this.#options.axes[name];
      if (axis !== undefined) return shape[axis];
    }
    return 0;
  }

  #buffersFor(rows: number, wanted: Wanted): StepBuffers {
    if (this.#buffers?.fit(rows, wanted) !== true) {
      this.#buffers = new StepBuffers(rows, wanted, this.#options.vocabularySize);
    }
    return this.#buffers;
  }

  #attention(attended: readonly [string, Value][], slot: number): AttentionStep {
    if (attended.length === 0) return NOTHING;
    const { sourceLengths, absent } = this.#batch;
    return Object.fromEntries(
      attended.map(([name, value]) => {
        const own = isCross(name) ? { keys: sourceLengths[slot] } : { first: absent.data[slot] };
        return [name, attentionRow(value, { row: slot, ...own })];
      }),
    );
  }
}

const NOTHING: AttentionStep = {};

function withNothingAbsent(begun: Begun): Batch {
  const rows = begun.sourceLengths.length;
  return { ...begun, absent: integers([rows], new Int32Array(rows)) };
}

/** The values whose names begin with a prefix; it is kept, or replaced. */
export function under(prefix: string, values: Values, replaced = `${prefix}.`): Record<string, Value> {
  const chosen = Object.entries(values).filter(([name]) => name.startsWith(`${prefix}.`));
  return Object.fromEntries(chosen.map(([name, value]) => [replaced + name.slice(prefix.length + 1), value]));
}

function mapped(values: Values, change: (value: Value, name: string) => Value): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));
}

function rowOf<T extends "int32" | "float32">({ shape: [, columns], data }: Value<T>, row: number): Value<T>["data"] {
  return data.subarray(row * columns, (row + 1) * columns) as Value<T>["data"];
}
