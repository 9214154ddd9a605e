import type { Value } from "../runtime/value.ts";
import type { AttentionKind, AttentionMap, Sentence } from "./attention-map.ts";

/** What stands on the axes of an attention, and what it is called if not by the model's name for it. */
export interface Axes {
  readonly kind?: AttentionKind;
  readonly queries: Sentence;
  readonly keys: Sentence;
}

/**
 * The maps behind attention weights that a model names `encoder.0`, `cross.1`, `pooling`.
 *
 * @param values `[1, heads, query, key]` by name
 * @param axes by the name without its number
 */
export function mapsOf(
  values: Readonly<Record<string, Value>>,
  axes: Readonly<Partial<Record<string, Axes>>>,
): AttentionMap[] {
  const kinds = Object.keys(axes);
  return Object.entries(values)
    .map(([name, { shape, data }]) => {
      const [kind, layer = "0"] = name.split(".");
      const found = axes[kind];
      const [, heads, rows, columns] = shape;
      if (found?.queries.tokens.length !== rows || found.keys.tokens.length !== columns) {
        throw new Error(`attention: ${name} is [${shape.join(", ")}], which does not fit the tokens`);
      }
      const map: AttentionMap = {
        kind: found.kind ?? (kind as AttentionKind),
        layer: Number(layer),
        heads,
        queries: found.queries,
        keys: found.keys,
        weights: data as Float32Array,
      };
      return { map, place: kinds.indexOf(kind) };
    })
    .sort((a, b) => a.place - b.place || a.map.layer - b.map.layer)
    .map(({ map }) => map);
}
