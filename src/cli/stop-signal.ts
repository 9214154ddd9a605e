const CODES = { SIGINT: 130, SIGTERM: 143 } as const;
export type StopName = keyof typeof CODES;

/** Ctrl-C, or the wish of the system to end: the first is noted, a second ends the process at once. */
export class StopSignal {
  #received: StopName | undefined;
  readonly #onFirst: () => void;

  /** @param onFirst called when the first signal comes, to tell that work is being put away */
  constructor(onFirst: () => void) {
    this.#onFirst = onFirst;
  }

  get received(): StopName | undefined {
    return this.#received;
  }

  get exitCode(): number {
    return this.#received === undefined ? 0 : CODES[this.#received];
  }

  /** From now on signals are noted here instead of ending the process. */
  listen(): void {
    for (const name of Object.keys(CODES)) process.on(name, this.#receive);
  }

  release(): void {
    for (const name of Object.keys(CODES)) process.off(name, this.#receive);
  }

  readonly #receive = (name: StopName): void => {
    if (this.#received !== undefined) process.exit(CODES[name]);
    this.#received = name;
    this.#onFirst();
  };
}

/** From now on waits for the first signal. A second one ends the process as the system does, whatever its threads compute. */
export function firstSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    const signal = new StopSignal(() => {
      signal.release();
      resolve(undefined);
    });
    signal.listen();
  });
}
