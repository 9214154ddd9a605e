import { useTranslation } from "react-i18next";
import { rampColour } from "../../src/explain/ramp.ts";
import type { Tok } from "../../src/studio/wire.ts";
import { useStore } from "../app/store.ts";
import { theme } from "../app/theme.ts";
import { languageOf } from "../drawing/language-of.ts";
import { percent } from "../drawing/numbers.ts";
import type { FilmReel } from "./film-frames.ts";

interface Props {
  readonly film: FilmReel;
  /** `[rows, cols]` */
  readonly weights: Float32Array;
}

/** One frame of a film, with its words: always from 0 to 100 %, so that frames compare. */
export function FilmMap({ film: { header, rows, cols }, weights }: Props) {
  const { t } = useTranslation("training");
  const { t: app } = useTranslation();
  const now = useStore(theme);
  const label = ({ t: text, sp }: Tok) => (sp ? app(`words.${sp}`) : text);
  return (
    <div className="film-map">
      <p className="caption">{t("readAs")}</p>
      <table>
        <thead>
          <tr>
            <td />
            {cols.map((tok, j) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: places of a sentence
              <th key={j} scope="col" lang={languageOf(tok.t)}>
                <span>{label(tok)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((tok, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: places of a sentence
            <tr key={i}>
              <th scope="row" lang={languageOf(tok.t)}>
                {label(tok)}
              </th>
              {cols.map((_, j) => {
                const weight = weights[i * header.cols + j];
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: places of a sentence
                  <td key={j} title={percent(weight)} style={{ background: rampColour(weight, now) }}>
                    <span className="unseen">{percent(weight)}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
