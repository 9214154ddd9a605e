/** Ids of the patterns of masked cells: a cell is filled with `url(#…)`. */
export const MASK_PATTERN = { future: "mask-future", pad: "mask-pad" } as const;

/** Patterns that stand for masks, so that they are no colour of the ramp; once in an SVG that uses them. */
export function MaskPatterns() {
  return (
    <defs>
      <pattern id={MASK_PATTERN.future} width="7" height="7" patternUnits="userSpaceOnUse">
        <rect width="7" height="7" fill="var(--mask)" />
        <path d="M-1 8L8 -1M-1 1L1 -1M6 8L8 6" stroke="var(--mask-ink)" strokeWidth="0.85" />
      </pattern>
      <pattern id={MASK_PATTERN.pad} width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" fill="var(--mask)" />
        <circle cx="1.5" cy="1.5" r="1" fill="var(--mask-ink)" />
        <circle cx="4.5" cy="4.5" r="1" fill="var(--mask-ink)" />
      </pattern>
    </defs>
  );
}
