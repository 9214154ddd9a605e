/** Something that waits to be done in a batch. */
export interface Waiting {
  /** What has the same key can share a batch; what has none is done alone. */
  readonly key: string | undefined;
  /** How many rows of a batch it takes. */
  readonly rows: number;
}

/** What waits, in the order in which it came. */
export class WaitingLine<T extends Waiting> {
  #items: T[] = [];

  get length(): number {
    return this.#items.length;
  }

  get first(): T | undefined {
    return this.#items[0];
  }

  add(items: readonly T[]): void {
    this.#items.push(...items);
  }

  remove(item: T): boolean {
    const before = this.#items.length;
    this.#items = this.#items.filter((other) => other !== item);
    return this.#items.length < before;
  }

  /**
   * Takes the first out, and of the others those that can share a batch with it. Nothing is passed over for good: whatever
   * is first is in the next batch.
   *
   * @param most.texts how many at most
   * @param most.rows how many rows they may have together; the first may have more and is alone then
   */
  takeBatch(most: { readonly texts: number; readonly rows: number }): T[] {
    const [first] = this.#items;
    if (first === undefined) return [];
    let left = most.rows - first.rows;
    const batch = new Set([first]);
    for (const item of this.#items.slice(1)) {
      if (batch.size >= most.texts || first.key === undefined) break;
      if (item.key !== first.key || item.rows > left) continue;
      left -= item.rows;
      batch.add(item);
    }
    this.#items = this.#items.filter((item) => !batch.has(item));
    return [...batch];
  }
}
