import type { Parameter } from "../nn/module.ts";
import { Random } from "../random/random.ts";
import { floats, type Value } from "./value.ts";

/** Where a parameter lies in a flat buffer. */
export interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
}

/** The order and place of all parameters of a model in one flat buffer; each starts at a multiple of 64 bytes. */
export class Layout {
  readonly slots: readonly Slot[];
  /** Length of the flat buffer in floats, gaps included; the gaps hold zeros. */
  readonly length: number;
  /** Number of learned values. */
  readonly count: number;

  constructor(parameters: ReadonlyMap<string, { shape: readonly number[]; size: number }>) {
    let offset = 0;
    this.slots = [...parameters].map(([name, { shape, size }]) => {
      const slot = { name, shape, offset, size };
      offset += Math.ceil(size / 16) * 16;
      return slot;
    });
    this.length = offset;
    this.count = this.slots.reduce((total, { size }) => total + size, 0);
  }
}

/** One value for every parameter (weights, or their gradients) in one flat buffer, with a view for each. */
export class FlatValues {
  readonly layout: Layout;
  readonly flat: Float32Array;
  readonly views: ReadonlyMap<string, Value<"float32">>;

  constructor(layout: Layout, flat: Float32Array = new Float32Array(layout.length)) {
    if (flat.length !== layout.length) throw new Error(`parameters: ${flat.length} floats given for ${layout.length}`);
    this.layout = layout;
    this.flat = flat;
    this.views = new Map(
      layout.slots.map(({ name, shape, offset, size }) => [name, floats(shape, flat.subarray(offset, offset + size))]),
    );
  }

  /** The view of a parameter. */
  of(name: string): Float32Array {
    const view = this.views.get(name);
    if (view === undefined) throw new Error(`parameters: there is none named ${name}`);
    return view.data;
  }
}

/** Draws the first values of all parameters; each depends only on the seed and its own name. */
export function initialize(values: FlatValues, parameters: ReadonlyMap<string, Parameter>, seed: number): void {
  for (const [name, { initializer, shape }] of parameters) {
    initializer(Random.of(seed, "parameter", name), values.of(name), shape);
  }
}
