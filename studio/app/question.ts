import type { GenerateRequest, ModelCard } from "../../src/studio/wire.ts";
import type { Address } from "./address.ts";

/** How answers are searched for where the address says nothing else. */
export const USUAL_SEARCH = { beam: 4, lenPenalty: 0.6 } as const;

/** The candidates that are told of each token: the written one and five more. */
const CANDIDATES = 6;

/** What an address asks a model; of an address without a text, the model's first example. */
export function questionOf(address: Address, model: ModelCard): GenerateRequest | undefined {
  const example = model.examples.find(({ id }) => id === address.example) ?? model.examples[0];
  const src = address.text ?? example?.src;
  if (src === undefined) return undefined;
  if (model.task === "classify") return { src, topK: CANDIDATES };
  const { beam = USUAL_SEARCH.beam, lenPenalty = USUAL_SEARCH.lenPenalty, force } = address;
  return { src, beam, lenPenalty, topK: CANDIDATES, ...(force && { force }) };
}

/** The change of an address that asks for a text, as an example where it is one; what was looked at is left. */
export function askingFor(src: string, model: ModelCard): Partial<Address> {
  const example = model.examples.find((one) => one.src === src)?.id;
  return { example, text: example === undefined ? src : undefined, force: undefined, row: undefined, col: undefined };
}
