import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import type { Store } from "../app/store.ts";
import { percent, wholePercent } from "../drawing/numbers.ts";
import { ASKS } from "./corner.tsx";
import { colsOf, moved, type Place, weightAt } from "./reading.ts";
import type { Shades } from "./shades.ts";

interface Props {
  readonly view: AttentionView;
  readonly shades: Shades;
  readonly name: string;
  readonly pinned: Place | undefined;
  readonly peeked: Store<Place | undefined>;
  readonly pin: (place: Place | undefined) => void;
  readonly open: () => void;
}

/** The one row of a classifier: its cells in reading order, their words under them, as many lines as it takes. */
export function FlowMap({ view, shades, name, pinned, peeked, pin, open }: Props) {
  const { t } = useTranslation("attention");
  const row = useRef<HTMLDivElement>(null);
  const [stop, setStop] = useState<number>();
  const cols = colsOf(view);
  const at = Math.min(cols - 1, stop ?? pinned?.col ?? 0);
  const [asker] = view.queries.tokens;
  const walk = (event: KeyboardEvent) => {
    const to = moved({ row: 0, col: at }, event, { rows: 1, cols });
    const place = { row: 0, col: at };
    if (to && to.col !== at) {
      setStop(to.col);
      row.current?.querySelectorAll<HTMLElement>("button")[to.col].focus();
    } else if (event.key === "Enter" && pinned?.col === at) open();
    else if (event.key === "Enter") pin(place);
    else if (event.key === "Escape") pin(undefined);
    else if (!to) return;
    event.preventDefault();
  };
  const cellOf = (col: number) => {
    const { text, special } = view.keys.tokens[col];
    const weight = weightAt(view, { row: 0, col });
    const shade = shades.shade(0, weight);
    const words = { asks: t(ASKS[view.kind]), asker: asker.text, seen: text };
    return (
      <button
        key={col}
        type="button"
        className="flow-cell"
        tabIndex={col === at ? 0 : -1}
        aria-pressed={col === pinned?.col}
        aria-label={t("cell.seen", { ...words, share: percent(weight) })}
        data-place={`1,${col + 1}`}
        onClick={() => pin(col === pinned?.col ? undefined : { row: 0, col })}
        onPointerEnter={() => peeked.set({ row: 0, col })}
        onPointerLeave={() => peeked.set(undefined)}
        onFocus={() => setStop(col)}
      >
        <span
          className="flow-share num"
          style={{ background: shades.scale.colour(shade), color: shades.scale.ink(shade) }}
        >
          {weight >= 0.005 ? wholePercent(weight) : ""}
        </span>
        <span className={special ? "flow-word mark" : "flow-word"}>{text}</span>
      </button>
    );
  };
  return (
    <div className="map-plot">
      <div className="flow">
        <p className="flow-asker num">
          <span className="role role-q">{t(ASKS[view.kind])}</span> <b className="asker">{asker.text}</b>
        </p>
        {/* biome-ignore lint/a11y/useSemanticElements: words to press that run like text */}
        <div ref={row} className="flow-words" role="group" aria-label={`${name}. ${t("keys")}`} onKeyDown={walk}>
          {view.keys.words.map((_, number) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a word is its number
            <span key={number} className="flow-pieces">
              {view.keys.tokens.map(({ word }, col) => word === number && cellOf(col))}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}
