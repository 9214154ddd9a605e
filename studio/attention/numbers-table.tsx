import { useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import { Copy } from "../app/copy.tsx";
import { percent } from "../drawing/numbers.ts";
import { colsOf, maskAt, rowsOf, weightAt } from "./reading.ts";

/** Whether this browser gives canvases to draw on: some forbid them. */
export function canDraw(): boolean {
  return document.createElement("canvas").getContext("2d") !== null;
}

/** The numbers of a map where it cannot be drawn, to be read and copied. */
export function NumbersTable({ view }: { readonly view: AttentionView }) {
  const { t } = useTranslation("attention");
  const cell = (row: number, col: number) => (maskAt(view, { row, col }) ? "–" : percent(weightAt(view, { row, col })));
  const rows = Array.from({ length: rowsOf(view) }, (_, row) =>
    Array.from({ length: colsOf(view) }, (_, col) => cell(row, col)),
  );
  const tabbed = () => {
    const lines = rows.map((cells, row) => [view.queries.tokens[row].text, ...cells].join("\t"));
    return [["", ...view.keys.tokens.map(({ text }) => text)].join("\t"), ...lines].join("\n");
  };
  return (
    <div className="numbers-table">
      <p className="note-text">
        {t("table.note")}{" "}
        <Copy className="button" text={tabbed} copied={t("table.copied")}>
          {t("table.copy")}
        </Copy>
      </p>
      <table className="num">
        <thead>
          <tr>
            <td />
            {view.keys.tokens.map(({ text }, col) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
              <th key={col} scope="col" className="seen">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
            <tr key={row}>
              <th scope="row" className="asker">
                {view.queries.tokens[row].text}
              </th>
              {cells.map((text, col) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                <td key={col}>{text}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
