/** How the batch of a step comes from the batch of the step before. */
export interface Arrangement {
  /** The slot of each row. */
  readonly slots: readonly number[];
  /** Whether a new batch is made, of copies of the old slots that `sources` names. */
  readonly regrouped: boolean;
  /** For each slot the old slot whose state it takes over; its own number where its state stays. Those that join count after the old. */
  readonly sources: readonly number[];
}

/** A new, smaller batch is made when at least this share of the slots is idle. */
const IDLE = 0.25;

/**
 * Which slot of a batch each row of a search has. A slot belongs to one sentence.
 *
 * Where several rows go on from one, the first keeps its slot; the others take slots of the same sentence that no row goes
 * on from. So states are copied in place, from slots that are kept to slots that are free. A new batch, with a slot for each
 * row, is made only when sentences join, a sentence has more rows than slots, or a quarter of the slots is idle.
 */
export class Slots {
  /** The sentence of each slot. */
  #owners: number[];
  #slots: readonly number[];
  #sentences = 0;

  constructor(sentences: number) {
    this.#owners = this.#numbers(sentences);
    this.#slots = this.#owners;
  }

  /**
   * @param parents for each row the row before that it goes on from
   * @param more how many sentences have joined: they count as rows after those before, and as slots after the others
   */
  arrange(parents: readonly number[], more = 0): Arrangement {
    const [rows, slots] = [this.#slots.length, this.#owners.length];
    const from = parents.map((parent) => (parent < rows ? this.#slots[parent] : slots + parent - rows));
    if (more > 0) return this.#regrouped(from, [...this.#owners, ...this.#numbers(more)]);
    if (from.length === this.#owners.length && from.every((slot, row) => slot === row)) {
      this.#slots = from;
      return { slots: from, regrouped: false, sources: from };
    }
    const placed = from.length > slots * (1 - IDLE) ? this.#placed(from) : undefined;
    if (placed === undefined) return this.#regrouped(from, this.#owners);
    this.#slots = placed;
    const sources = this.#owners.map((_, slot) => slot);
    for (const [row, slot] of placed.entries()) sources[slot] = from[row];
    return { slots: placed, regrouped: false, sources };
  }

  #regrouped(from: readonly number[], owners: readonly number[]): Arrangement {
    this.#owners = from.map((slot) => owners[slot]);
    this.#slots = from.map((_, row) => row);
    return { slots: this.#slots, regrouped: true, sources: from };
  }

  /** Numbers of sentences that were not given to others. */
  #numbers(count: number): number[] {
    const first = this.#sentences;
    this.#sentences += count;
    return Array.from({ length: count }, (_, i) => first + i);
  }

  #placed(from: readonly number[]): number[] | undefined {
    const taken = new Set<number>();
    const slots = from.map((slot) => {
      if (taken.has(slot)) return undefined;
      taken.add(slot);
      return slot;
    });
    const free = new Map<number, number[]>();
    for (const [slot, owner] of this.#owners.entries()) {
      if (!taken.has(slot)) free.set(owner, [...(free.get(owner) ?? []), slot]);
    }
    const all = slots.map((slot, row) => slot ?? free.get(this.#owners[from[row]])?.shift());
    return all.every((slot) => slot !== undefined) ? all : undefined;
  }
}
