/**
 * Prepares the next item while the consumer works on the current one.
 *
 * The consumer's code runs up to its first `await` before the next item is begun, so that work it has handed to other
 * threads (`session.run`) and the preparation go on at the same time. Leaving the loop ends the source. An error of
 * the source reaches the consumer when it asks for the item that failed.
 */
export function prefetch<T>(items: Iterable<T> | AsyncIterable<T>): AsyncIterableIterator<T> {
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const advance = async (): Promise<IteratorResult<T>> => source.next();
  let ready: Promise<IteratorResult<T>> | undefined;
  let ended = false;
  const prepare = () => {
    if (ended || ready !== undefined) return;
    ready = advance();
    ready.catch(() => {});
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (ended) return { done: true, value: undefined };
      const current = ready ?? advance();
      ready = undefined;
      const result = await current;
      if (result.done) ended = true;
      // Two turns: the consumer's own turn is queued between them, when this function returns.
      else queueMicrotask(() => queueMicrotask(prepare));
      return result;
    },
    async return() {
      ended = true;
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
}
