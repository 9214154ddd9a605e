/** A queue with one reader, who waits where there is nothing. */
export class Mailbox<T> {
  readonly #items: T[] = [];
  readonly #most: number;
  #wake: (() => void) | undefined;

  /** @param most items that may wait; the oldest is lost where there are more. Default: any number */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  put(item: T): void {
    this.#items.push(item);
    if (this.#items.length > this.#most) this.#items.shift();
    this.#wake?.();
  }

  async take(): Promise<T> {
    while (this.#items.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#items.shift() as T;
  }
}
