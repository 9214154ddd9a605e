import { useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import { headColour } from "../../src/explain/head-colours.ts";
import type { Theme } from "../../src/explain/ramp.ts";
import { usePhone } from "../app/media.ts";
import type { Store } from "../app/store.ts";
import { percent } from "../drawing/numbers.ts";
import { ribbonsOf } from "../drawing/ribbons.ts";
import { ASKS } from "./corner.tsx";
import { faintLines, keptRow, type LinkChoice, linesLayout } from "./lines.ts";
import { looksOf, moved, type Place, rowsOf, weightAt } from "./reading.ts";
import type { Shades } from "./shades.ts";
import { useRoom, useTextWidth } from "./use-room.ts";

interface Props {
  /** The map, or one of each head that is looked at. */
  readonly views: readonly AttentionView[];
  readonly shades: Shades;
  readonly theme: Theme;
  readonly name: string;
  readonly choice: LinkChoice;
  readonly pinned: Place | undefined;
  readonly peeked: Store<Place | undefined>;
  readonly pin: (place: Place | undefined) => void;
}

/** How wide 100 % is, in pixels; of several heads each. */
const BAR = { one: 30, several: 15 } as const;
const PILL = 28;

/** A head as lines: the words that ask on the left, those that are looked at on the right, a row as ribbons. */
export function LineMap({ views, shades, theme, name, choice, pinned, peeked, pin }: Props) {
  const { t } = useTranslation("attention");
  const plot = useRef<HTMLDivElement>(null);
  const room = useRoom(plot);
  const phone = usePhone();
  const measure = useTextWidth(phone ? 15 : 16, 600);
  const measureTitle = useTextWidth(12, 600);
  const [view] = views;
  const lit = pinned && pinned.row < rowsOf(view) ? pinned.row : undefined;
  const { queries, keys } = view;
  const layout = useMemo(
    () =>
      linesLayout({
        rowLabels: queries.tokens.map(({ text }) => measure(text)),
        colLabels: keys.tokens.map(({ text }) => measure(text)),
        ...room,
        phone,
      }),
    [queries, keys, measure, room, phone],
  );
  const faint = useMemo(() => faintLines(views, lit, layout, choice), [views, lit, layout, choice]);
  const { from, to, rowY, colY } = layout;
  const fits = measureTitle(t(ASKS[view.kind])) <= from - 12;
  const asksAt = fits ? ({ x: from - 12, y: 16, textAnchor: "end" } as const) : { x: 0, y: 16 };
  const bar = views.length > 1 ? BAR.several : BAR.one;
  const top = lit === undefined ? 0 : rowY[lit] - (bar * (views.length - 1)) / 2;
  const pinRow = (row: number) => {
    if (row === lit) pin(undefined);
    else pin({ row, col: looksOf(view, row)[0]?.col ?? 0 });
  };
  return (
    <div className="map-plot" ref={plot}>
      {room.width > 0 && (
        <div className="lines" style={{ width: layout.width, height: layout.height }}>
          <svg width={layout.width} height={layout.height} aria-hidden="true">
            <text className="map-axis asks" {...asksAt}>
              {t(ASKS[view.kind])}
            </text>
            <text className="map-axis looked" x={to + 12} y={16}>
              {t("axes.looked")}
            </text>
            {faint.map(({ head, row, col, weight, path }) => (
              <path
                key={`${head}.${row}.${col}`}
                className="lines-faint"
                d={path}
                strokeWidth={Math.max(0.4, 7 * weight)}
              />
            ))}
            {lit !== undefined &&
              views.map((head, i) => {
                const middle = top + i * bar;
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: heads stand in their order
                  <g key={i}>
                    <rect
                      className="lines-bar"
                      x={from}
                      y={middle - bar / 2 + (views.length > 1 ? 1 : 0)}
                      width={5}
                      height={bar - (views.length > 1 ? 2 : 0)}
                      rx={2.5}
                      fill={views.length > 1 ? headColour(i, theme) : "var(--q)"}
                    />
                    {ribbonsOf(keptRow(head, lit, choice), {
                      from: middle,
                      to: colY,
                      whole: bar,
                      near: from + 6,
                      far: to,
                      direction: "column",
                    }).map(({ index, weight, path }) => (
                      <path
                        key={index}
                        className="lines-ribbon"
                        d={path}
                        fill={
                          views.length > 1
                            ? headColour(i, theme)
                            : shades.scale.colour(Math.max(0.2, shades.shade(lit, weight)))
                        }
                      />
                    ))}
                  </g>
                );
              })}
            {keys.tokens.map(({ text }, col) => {
              const weight = lit === undefined ? 0 : weightAt(view, { row: lit, col });
              const shade = lit === undefined ? 0 : shades.shade(lit, weight);
              const width = measure(text) + 20;
              const plain = lit === undefined || views.length > 1;
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
                <g key={col}>
                  <rect
                    x={to + 4}
                    y={colY[col] - Math.min(PILL, layout.line - 2) / 2}
                    width={width}
                    height={Math.min(PILL, layout.line - 2)}
                    rx={7}
                    fill={plain ? "var(--sunken)" : shades.scale.colour(shade)}
                  />
                  <text
                    className="lines-word"
                    x={to + 14}
                    y={colY[col]}
                    fill={plain ? "var(--ink)" : shades.scale.ink(shade)}
                  >
                    {text}
                  </text>
                  {!plain && weight >= 0.005 && (
                    <text className="map-caption num" x={to + width + 12} y={colY[col]}>
                      {percent(weight)}
                    </text>
                  )}
                </g>
              );
            })}
          </svg>
          {/* biome-ignore lint/a11y/useSemanticElements: words to press, laid over a drawing */}
          <div role="group" aria-label={`${name}. ${t("lines.keys")}`}>
            {queries.tokens.map(({ text }, row) => (
              <button
                // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
                key={row}
                type="button"
                className="lines-asker"
                style={{ right: layout.width - from + 6, top: rowY[row] - Math.min(PILL, layout.line) / 2 }}
                aria-pressed={row === lit}
                tabIndex={row === (lit ?? 0) ? 0 : -1}
                aria-label={`${text}: ${told(view, row)}`}
                onClick={() => pinRow(row)}
                onPointerEnter={() => peeked.set(looksOf(view, row)[0] && { row, col: looksOf(view, row)[0].col })}
                onPointerLeave={() => peeked.set(undefined)}
                onKeyDown={(event) => {
                  if (event.key === "Escape") pin(undefined);
                  const next = moved({ row, col: 0 }, event, { rows: queries.tokens.length, cols: 1 });
                  if (!next || next.row === row) return;
                  event.preventDefault();
                  const buttons = event.currentTarget.parentElement!.querySelectorAll("button");
                  buttons[next.row].focus();
                }}
              >
                {text}
              </button>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}

function told(view: AttentionView, row: number): string {
  return looksOf(view, row)
    .slice(0, 3)
    .map(({ token, weight }) => `${token.text} ${percent(weight)}`)
    .join(", ");
}
