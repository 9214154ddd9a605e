/** Lines that are worked on together: so many lines or characters are enough. */
const ENOUGH = { lines: 512, characters: 32_768 };
/** Milliseconds after which those that are there are not kept waiting for more. */
const PATIENCE = 50;

/**
 * Groups lines: enough of them, or those that are there when the source ends or pauses. A file or a quick pipe is so
 * always cut into the same groups, and a person is answered line by line. An error of the source is thrown after what
 * came before it was given.
 *
 * @throws the reason of the signal when that stops it, also while a line is waited for
 */
export async function* lineWindows(
  lines: AsyncIterable<string> | Iterable<string>,
  signal?: AbortSignal,
): AsyncGenerator<string[], void> {
  const iterator = Symbol.asyncIterator in lines ? lines[Symbol.asyncIterator]() : lines[Symbol.iterator]();
  const read = () => {
    const coming = (async () => iterator.next())();
    // An error is thrown when what came before it was given.
    coming.catch(() => {});
    return coming;
  };
  let coming = read();
  let ended = false;
  try {
    while (!ended) {
      const window: string[] = [];
      for (let characters = 0; window.length < ENOUGH.lines && characters < ENOUGH.characters; coming = read()) {
        const first = window.length === 0;
        const came = await within(coming, first ? undefined : PATIENCE, signal).catch((error: unknown) => {
          if (first || signal?.aborted === true) throw error;
        });
        ended = came?.done === true;
        if (came === undefined || came.done === true) break;
        window.push(came.value);
        characters += came.value.length;
      }
      if (window.length > 0) yield window;
    }
  } finally {
    // A source that waits for input does not answer, so it is not waited for.
    if (!ended) Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

/**
 * What comes, or `undefined` when it does not within a time.
 *
 * @throws the reason of the signal
 */
function within<T>(coming: Promise<T>, milliseconds?: number, signal?: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => settle(() => reject(signal?.reason));
    const giveUp = () => settle(() => resolve(undefined));
    const settle = (end: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      end();
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (milliseconds !== undefined) {
      // On a busy machine time may be over although something is there: it is looked for once more.
      timer = setTimeout(() => {
        timer = setTimeout(giveUp, 0);
      }, milliseconds);
    }
    signal?.addEventListener("abort", stop);
    if (signal?.aborted === true) stop();
    coming.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
  });
}
