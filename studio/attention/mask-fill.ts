import type { Mask } from "../../src/explain/attention-map.ts";
import { MASK_PATTERN } from "../drawing/mask-patterns.tsx";

/** What a cell under a mask is filled with. */
export const MASK_FILL: Readonly<Record<Mask, string>> = {
  future: `url(#${MASK_PATTERN.future})`,
  padding: `url(#${MASK_PATTERN.pad})`,
};
