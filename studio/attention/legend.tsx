import { useTranslation } from "react-i18next";
import type { Mask } from "../../src/explain/attention-map.ts";
import { tickLabel } from "../../src/explain/ramp.ts";
import { MaskPatterns } from "../drawing/mask-patterns.tsx";
import { MASK_FILL } from "./mask-fill.ts";
import type { Shades } from "./shades.ts";

interface Props {
  readonly shades: Shades;
  readonly masks: readonly Mask[];
}

const STOPS = 24;

/** What the colours and the patterns of a map mean. */
export function Legend({ shades, masks }: Props) {
  const { t } = useTranslation("attention");
  const { scale, fitted } = shades;
  const stops = Array.from({ length: STOPS + 1 }, (_, i) => scale.colour(scale.weightAt(i / STOPS)));
  return (
    <div className="legend num">
      <span className="legend-ramp">
        <span className="legend-bar" style={{ background: `linear-gradient(90deg, ${stops.join(", ")})` }} />
        <span className="legend-ticks">
          {scale.ticks.map((weight) => (
            <i key={weight} style={{ left: `${100 * scale.place(weight)}%` }}>
              {tickLabel(weight, scale)}
            </i>
          ))}
        </span>
      </span>
      {(fitted || scale.root) && (
        <span>{[fitted && t("scales.fitted"), scale.root && t("scales.root")].filter(Boolean).join(" · ")}</span>
      )}
      <svg className="legend-patterns" width="0" height="0" aria-hidden="true">
        <MaskPatterns />
      </svg>
      {masks.map((mask) => (
        <span key={mask} className="legend-mask">
          <svg width="22" height="14" aria-hidden="true">
            <rect width="22" height="14" rx="3" fill={MASK_FILL[mask]} />
          </svg>
          {t(`masks.${mask}`)}
        </span>
      ))}
    </div>
  );
}
