import { type KeyboardEvent, memo, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "../app/announcer.tsx";
import type { Store } from "../app/store.ts";
import { percent } from "../drawing/numbers.ts";
import { ASKS } from "./corner.tsx";
import { colsOf, looksOf, maskAt, moved, type Place, rowsOf, type ShownView, weightAt } from "./reading.ts";

/** Larger maps have only the rows around the focus as a table. */
const WHOLE = 1600;
const AROUND = 3;

/** How far Shift with an arrow moves the part that is shown of a long map. */
export const SLIDES: Readonly<Record<string, Place>> = {
  ArrowUp: { row: -4, col: 0 },
  ArrowDown: { row: 4, col: 0 },
  ArrowLeft: { row: 0, col: -4 },
  ArrowRight: { row: 0, col: 4 },
};

export interface MapGridProps {
  readonly view: ShownView;
  /** What the map is called. */
  readonly name: string;
  readonly pinned: Place | undefined;
  /** The cell that is pointed at or that has the focus of the keyboard. */
  readonly peeked: Store<Place | undefined>;
  readonly pin: (place: Place | undefined) => void;
  /** Goes on to how the pinned cell came about. */
  readonly open: () => void;
  /** The places of the first row and column in the whole map, where this is a part of it. */
  readonly offset?: Place;
  /** Moves that part by so many rows and columns. */
  readonly slide?: (by: Place) => void;
}

/** A map as a table that only screen readers see, in which the keyboard walks: one stop for the Tab key. */
export function MapGrid({ view, name, pinned, peeked, pin, open, offset = { row: 0, col: 0 }, slide }: MapGridProps) {
  const { t } = useTranslation("attention");
  const table = useRef<HTMLTableElement>(null);
  const [stop, setStop] = useState<Place>();
  const size = { rows: rowsOf(view), cols: colsOf(view) };
  const within = ({ row, col }: Place) => row < size.rows && col < size.cols;
  const focus = [stop, pinned].find((place) => place && within(place)) ?? { row: 0, col: 0 };
  const rows = view.queries.tokens
    .map((_, row) => row)
    .filter((row) => size.rows * size.cols <= WHOLE || Math.abs(row - focus.row) <= AROUND);

  // The cell that the focus is to go to is in the table only after it was drawn.
  useEffect(() => {
    if (!stop || !table.current?.contains(document.activeElement)) return;
    const cell = table.current.querySelector<HTMLElement>('[tabindex="0"]');
    if (cell !== document.activeElement) cell?.focus({ preventScroll: true });
  }, [stop]);

  const press = (event: KeyboardEvent) => {
    const to = moved(focus, event, size);
    const by = event.shiftKey && slide ? SLIDES[event.key] : undefined;
    if (by) slide?.(by);
    else if (to) {
      setStop(to);
      peeked.set(to);
    } else if (event.key === "Enter" || event.key === " ") {
      const again = pinned?.row === focus.row && pinned.col === focus.col;
      pin(focus);
      if (again || event.key === "Enter") open();
    } else if (event.key === "Escape" && (pinned || peeked.get())) {
      peeked.set(undefined);
      pin(undefined);
    } else if (event.key === "r" || event.key === "R") {
      announce(rowSaid());
    } else return;
    event.preventDefault();
  };

  const rowSaid = () => {
    const looks = looksOf(view, focus.row);
    const rest = looks.slice(2).reduce((sum, { weight }) => sum + weight, 0);
    const named = looks.slice(0, 2).map(({ token, weight }) => `${token.text} ${percent(weight)}`);
    return t("row", {
      word: view.queries.tokens[focus.row].text,
      looks: [...named, ...(rest > 0 ? [t("rest", { share: percent(rest) })] : [])].join(", "),
    });
  };

  return (
    <div className="unseen">
      <table
        ref={table}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its cells are walked through and pressed
        role="grid"
        aria-label={`${name}. ${t("keys")}`}
        aria-rowcount={size.rows + 1}
        aria-colcount={size.cols + 1}
        onKeyDown={press}
        onFocus={() => peeked.set(focus)}
        onBlur={() => {
          peeked.set(undefined);
        }}
      >
        <thead>
          <tr aria-rowindex={1}>
            <td />
            {view.keys.tokens.map(({ text }, col) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
              <th key={col} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <GridRow
              key={row}
              view={view}
              row={row}
              stop={row === focus.row ? focus.col : undefined}
              pinned={row === pinned?.row ? pinned.col : undefined}
              down={offset.row}
              right={offset.col}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface GridRowProps {
  readonly view: ShownView;
  readonly row: number;
  /** The columns of the cells that the Tab key goes to and that is pinned, if they are in this row. */
  readonly stop: number | undefined;
  readonly pinned: number | undefined;
  readonly down: number;
  readonly right: number;
}

const GridRow = memo(function GridRow({ view, row, stop, pinned, down, right }: GridRowProps) {
  const { t } = useTranslation("attention");
  const asker = view.queries.tokens[row].text;
  return (
    <tr aria-rowindex={row + 2}>
      <th scope="row">{asker}</th>
      {view.keys.tokens.map(({ text }, col) => {
        const words = { asks: t(ASKS[view.kind]), asker, seen: text };
        const mask = maskAt(view, { row, col });
        return (
          // biome-ignore lint/a11y/useAriaPropsSupportedByRole: a cell of a grid is selected
          <td
            // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
            key={col}
            tabIndex={col === stop ? 0 : -1}
            aria-selected={col === pinned}
            data-place={`${down + row + 1},${right + col + 1}`}
          >
            {mask
              ? t(`cell.${mask}`, words)
              : t("cell.seen", { ...words, share: percent(weightAt(view, { row, col })) })}
          </td>
        );
      })}
    </tr>
  );
});
