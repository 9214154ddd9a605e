import { useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import { percent } from "../drawing/numbers.ts";
import { type Place, weightAt } from "./reading.ts";
import type { Shades } from "./shades.ts";

interface Props {
  /** The same head in pieces. */
  readonly pieces: AttentionView;
  /** The cell of two words. */
  readonly words: Place;
  readonly weight: number;
  readonly shades: Shades;
  readonly open: (piece: Place) => void;
}

/** A cell of two words as the pieces that it is made of: added across, averaged down. */
export function MergedPieces({ pieces, words, weight, shades, open }: Props) {
  const { t } = useTranslation("attention");
  const rows = placesOf(pieces.queries.tokens, words.row);
  const cols = placesOf(pieces.keys.tokens, words.col);
  return (
    <>
      <p className="note-text">{t("arithmetic.merged", { rows: rows.length, cols: cols.length })}</p>
      <table className="merged-pieces num">
        <thead>
          <tr>
            <td />
            {cols.map((col) => (
              <th key={col} scope="col" className="seen">
                {pieces.keys.tokens[col].text}
              </th>
            ))}
            <th scope="col">{t("arithmetic.sum")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row" className="asker">
                {pieces.queries.tokens[row].text}
              </th>
              {cols.map((col) => {
                const share = weightAt(pieces, { row, col });
                const names = { asker: pieces.queries.tokens[row].text, seen: pieces.keys.tokens[col].text };
                return (
                  <td key={col}>
                    <button
                      type="button"
                      style={{ background: shades.scale.colour(share), color: shades.scale.ink(share) }}
                      aria-label={t("arithmetic.open-piece", { ...names, share: percent(share) })}
                      onClick={() => open({ row, col })}
                    >
                      {percent(share)}
                    </button>
                  </td>
                );
              })}
              <td>{percent(cols.reduce((sum, col) => sum + weightAt(pieces, { row, col }), 0))}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={cols.length + 2}>
              <small>{t("arithmetic.mean")}</small> <b className="seen">{percent(weight)}</b>
            </td>
          </tr>
        </tfoot>
      </table>
    </>
  );
}

function placesOf(tokens: AttentionView["keys"]["tokens"], number: number): number[] {
  return tokens.flatMap(({ word }, place) => (word === number ? [place] : []));
}
