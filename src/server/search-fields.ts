import type { z } from "zod";
import { checkedOptions, SEARCH_FIELDS } from "../decoding/search-options.ts";
import type { Limits } from "./limits.ts";
import type { Search } from "./tasks.ts";

/** The fields of a request that say how answers are searched for: the options of a search by their names. */
export function searchFields({ beams }: Pick<Limits, "beams">) {
  const limited = (field: z.ZodDefault<z.ZodInt>) =>
    field
      .unwrap()
      .max(beams)
      .default(1)
      .describe(field.description ?? "");
  return { ...SEARCH_FIELDS, beam: limited(SEARCH_FIELDS.beam), nBest: limited(SEARCH_FIELDS.nBest) };
}

/**
 * The search that a request asks for, and the seed of its draws apart from it.
 *
 * @throws {SearchOptionsError} when options do not go together
 */
export function searchIn(request: Readonly<Record<string, unknown>>): { search: Search; seed?: number } {
  const given = Object.entries(request).filter(([name, value]) => name in SEARCH_FIELDS && value !== undefined);
  const options: Search = Object.fromEntries(given);
  checkedOptions(options);
  if (options.sampling === undefined) return { search: options };
  const { seed, ...sampling } = options.sampling;
  return { search: { ...options, sampling }, seed };
}
