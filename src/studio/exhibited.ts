import type { Exhibition } from "./exhibition.ts";
import type { Generated, GenerateNews } from "./studio-model.ts";
import type { GenerateEvent } from "./wire.ts";

/**
 * What the page is told while a text is answered. The attention is kept before its name is told.
 *
 * @param name of this generation, new
 */
export async function* exhibited(
  steps: AsyncGenerator<GenerateNews, Generated, undefined>,
  exhibition: Exhibition,
  name: string,
): AsyncGenerator<GenerateEvent, void, undefined> {
  for (;;) {
    const { done, value } = await steps.next();
    if (!done) {
      yield value.type === "src" ? { ...value, gen: `g${name}` } : value;
      continue;
    }
    const att = `a${name}`;
    exhibition.put(att, value.exhibit);
    yield { ...value.done, att };
    return;
  }
}
