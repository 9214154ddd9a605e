import { useTranslation } from "react-i18next";
import { headColour } from "../../src/explain/head-colours.ts";
import type { Theme } from "../../src/explain/ramp.ts";
import type { HeadPlace } from "../talk/chosen-heads.ts";
import type { LinkChoice } from "./lines.ts";

interface Props {
  readonly choice: LinkChoice;
  readonly change: (choice: LinkChoice) => void;
  /** The share of the pinned row that is not drawn. */
  readonly hidden: string | undefined;
  readonly heads: readonly HeadPlace[];
  readonly theme: Theme;
  readonly drop: (head: HeadPlace) => void;
}

/** How much of each row is drawn, and which heads. */
export function LinesControls({ choice, change, hidden, heads, theme, drop }: Props) {
  const { t } = useTranslation("attention");
  const percent = Math.round(100 * choice.mass);
  return (
    <div className="lines-controls num">
      <label>
        <span>{t("lines.mass", { percent })}</span>
        <input
          type="range"
          min={50}
          max={100}
          step={5}
          value={percent}
          onChange={(event) => change({ ...choice, mass: Number(event.target.value) / 100 })}
        />
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={choice.hideMarks}
          onChange={(event) => change({ ...choice, hideMarks: event.target.checked })}
        />
        {t("lines.marks")}
      </label>
      {hidden && <span className="caption">{t("lines.hidden", { share: hidden })}</span>}
      {heads.map((place, i) => {
        const names = { layer: place.layer + 1, head: place.head + 1 };
        return (
          <button
            key={`${place.layer}.${place.head}`}
            type="button"
            className="head-chip"
            aria-label={t("lines.drop", names)}
            disabled={i === 0}
            onClick={() => drop(place)}
          >
            <span style={{ background: headColour(i, theme) }} />
            {t("lines.head", names)}
          </button>
        );
      })}
    </div>
  );
}
