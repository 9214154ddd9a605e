import type { ExplainedText } from "../../src/explain/attention-map.ts";
import type { Kind, ModelCard } from "../../src/studio/wire.ts";
import type { Backend } from "../backend/backend.ts";
import { mapsOf, type SpecialNames, sentenceOf } from "./maps.ts";
import { decodePacket } from "./packet.ts";
import type { Answer } from "./use-answer.ts";

interface Wanted {
  readonly backend: Backend;
  readonly answer: Answer;
  readonly kinds: readonly Kind[];
  readonly task: ModelCard["task"];
  readonly names: SpecialNames;
}

/** An answer with the exact attention of some kinds. */
export async function explainAll({ backend, answer, kinds, task, names }: Wanted): Promise<ExplainedText> {
  const { att, src, source, words, text, cut } = answer;
  const maps = await Promise.all(
    kinds.map(async (kind) => {
      const packet = decodePacket(await backend.attention(att, kind));
      const { layers, heads } = packet.header;
      const exact = await Promise.all(
        Array.from({ length: layers * heads }, (_, i) => backend.head(att, kind, Math.floor(i / heads), i % heads)),
      );
      return mapsOf(packet, { task, names, exact: (layer, head) => exact[layer * heads + head] });
    }),
  );
  return {
    text: src,
    source: sentenceOf(source, words, names),
    target: { text, given: false },
    cut,
    maps: maps.flat(),
  };
}
