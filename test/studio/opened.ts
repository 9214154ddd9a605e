import type { Exhibit } from "../../src/studio/exhibit.ts";
import type { Generated, GenerateNews } from "../../src/studio/studio-model.ts";
import type { BeamEvent, DoneEvent, SourceEvent, TokEvent } from "../../src/studio/wire.ts";

/** What a studio told of one text, by the type of the events. */
export interface Told {
  readonly src: Omit<SourceEvent, "gen">;
  readonly toks: readonly TokEvent[];
  readonly beams: readonly BeamEvent[];
  readonly done: Omit<DoneEvent, "att">;
  readonly exhibit: Exhibit;
}

export async function told(generating: AsyncGenerator<GenerateNews, Generated, undefined>): Promise<Told> {
  const events: GenerateNews[] = [];
  for (;;) {
    const { done, value } = await generating.next();
    if (!done) events.push(value);
    else {
      const of = <T extends GenerateNews["type"]>(type: T) =>
        events.filter((event): event is Extract<GenerateNews, { type: T }> => event.type === type);
      return { src: of("src")[0], toks: of("tok"), beams: of("beam"), ...value };
    }
  }
}

/** The shares that a `look` holds. */
export function looked(look: string | undefined): number[] {
  return Array.from(Buffer.from(look ?? "", "base64"), (byte) => (byte / 255) ** 2);
}
