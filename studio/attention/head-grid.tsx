import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Mask, maskOf } from "../../src/explain/attention-map.ts";
import { type Theme, WeightScale } from "../../src/explain/ramp.ts";
import type { ModelCard } from "../../src/studio/wire.ts";
import { usePhone } from "../app/media.ts";
import { type HeadPlace, sameHead } from "../talk/chosen-heads.ts";
import { kindOf } from "./maps.ts";
import { type AttentionPacket, headBytes } from "./packet.ts";
import { moved } from "./reading.ts";
import { Thumb } from "./thumb.tsx";

interface Props {
  readonly packet: AttentionPacket;
  readonly task: ModelCard["task"];
  readonly theme: Theme;
  readonly chosen: HeadPlace;
  /** Heads that are looked at together with the chosen one. */
  readonly others: readonly HeadPlace[];
  readonly choose: (place: HeadPlace) => void;
  readonly add: (place: HeadPlace) => void;
}

/** How long to point at a head until it is shown larger, in milliseconds. */
const HOVER = 150;

/** All layers and heads as small pictures: one stop for the Tab key, arrows move in both directions. */
export function HeadGrid({ packet, task, theme, chosen, others, choose, add }: Props) {
  const { t } = useTranslation("attention");
  const phone = usePhone();
  const grid = useRef<HTMLTableElement>(null);
  const [near, setNear] = useState<HeadPlace>();
  const timer = useRef<number>(undefined);
  const { layers, heads, entropy, cols } = packet.header;
  // The same arrays in each drawing, or all thumbs would be painted anew.
  const bytes = useMemo(
    () =>
      Array.from({ length: layers }, (_, layer) =>
        Array.from({ length: heads }, (_, head) => headBytes(packet, layer, head)),
      ),
    [packet, layers, heads],
  );
  const mask = useMask(packet, task);
  const root = WeightScale.of({ kind: kindOf(packet.header.kind, task), keys: keysOf(packet), weights: NONE }).root;
  const shown = phone ? [chosen.layer] : Array.from({ length: layers }, (_, layer) => layer);
  const nameOf = ({ layer, head }: HeadPlace) => t("title.one", { layer: layer + 1, head: head + 1 });
  const bitsOf = ({ layer, head }: HeadPlace) => entropy[layer * heads + head]?.toFixed(1);

  const walk = (event: KeyboardEvent, place: HeadPlace) => {
    if (event.key === " ") {
      event.preventDefault();
      add(place);
      return;
    }
    const to = moved({ row: place.layer, col: place.head }, event, { rows: layers, cols: heads });
    if (!to) return;
    event.preventDefault();
    choose({ layer: to.row, head: to.col });
    requestAnimationFrame(() => {
      grid.current?.querySelector<HTMLElement>(`[data-head="${to.row + 1}.${to.col + 1}"]`)?.focus();
    });
  };

  const point = (place: HeadPlace | undefined) => {
    window.clearTimeout(timer.current);
    if (place) timer.current = window.setTimeout(() => setNear(place), HOVER);
    else setNear(undefined);
  };

  return (
    <div className="head-pane">
      {phone && layers > 1 && (
        // biome-ignore lint/a11y/useSemanticElements: buttons that belong together, as elsewhere on the page
        <div className="segmented" role="group" aria-label={t("overview.layers")}>
          {Array.from({ length: layers }, (_, layer) => (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: a layer is its number
              key={layer}
              type="button"
              aria-pressed={layer === chosen.layer}
              onClick={() => choose({ ...chosen, layer })}
            >
              {t("overview.layer", { n: layer + 1 })}
            </button>
          ))}
        </div>
      )}
      <table
        ref={grid}
        className={heads > 8 ? "head-grid dense" : heads > 4 ? "head-grid close" : "head-grid"}
        style={{ "--heads": heads } as object}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its cells are walked through and pressed
        role="grid"
        aria-label={t("overview.title")}
        aria-multiselectable="true"
        onPointerLeave={() => point(undefined)}
      >
        <thead>
          <tr>
            <td />
            {Array.from({ length: heads }, (_, head) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a head is its number
              <th key={head} scope="col" className="num">
                {head + 1}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((layer) => (
            <tr key={layer}>
              <th scope="row" className="num">
                {t("overview.layer", { n: layer + 1 })}
              </th>
              {Array.from({ length: heads }, (_, head) => {
                const place = { layer, head };
                const isChosen = sameHead(chosen, place);
                return (
                  // biome-ignore lint/a11y/useAriaPropsSupportedByRole: a cell of a grid is selected
                  // biome-ignore lint/suspicious/noArrayIndexKey: a head is its number
                  <td key={head} aria-selected={isChosen || others.some((other) => sameHead(other, place))}>
                    <button
                      type="button"
                      className="head-thumb"
                      data-head={`${layer + 1}.${head + 1}`}
                      tabIndex={isChosen ? 0 : -1}
                      aria-label={`${nameOf(place)}, ${t("overview.focus", { bits: bitsOf(place) })}`}
                      onClick={(event) => (event.ctrlKey || event.metaKey ? add(place) : choose(place))}
                      onKeyDown={(event) => walk(event, place)}
                      onPointerEnter={(event) => event.pointerType === "mouse" && point(place)}
                      onFocus={(event) => event.currentTarget.matches(":focus-visible") && point(place)}
                      onBlur={() => point(undefined)}
                    >
                      <Thumb bytes={bytes[layer][head]} cols={cols} mask={mask} root={root} theme={theme} />
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {near && !phone && (
        <div className="head-tip" aria-hidden="true">
          <Thumb bytes={bytes[near.layer][near.head]} cols={cols} mask={mask} root={root} theme={theme} />
          <b>{nameOf(near)}</b>
          <span>{t("overview.focus", { bits: bitsOf(near) })}</span>
        </div>
      )}
    </div>
  );
}

const NONE = new Float32Array();

function keysOf({ cols }: AttentionPacket) {
  const tokens = cols.map(({ t, w, sp }) => ({ piece: t, text: t, word: w, special: false, padding: sp === "pad" }));
  return { tokens, words: [] };
}

function useMask(packet: AttentionPacket, task: ModelCard["task"]): (row: number, col: number) => Mask | undefined {
  return useMemo(() => {
    const map = { kind: kindOf(packet.header.kind, task), keys: keysOf(packet) };
    return (row, col) => maskOf(map, row, col);
  }, [packet, task]);
}
