import { useTranslation } from "react-i18next";
import type { TrainingSamples } from "../../src/studio/training-wire.ts";
import { usePhone } from "../app/media.ts";
import { changedWords } from "../drawing/changed-words.ts";
import { languageOf } from "../drawing/language-of.ts";
import { percent } from "../drawing/numbers.ts";
import { columnsUpTo } from "./looks-beside.ts";

interface Props {
  readonly samples: TrainingSamples;
  readonly step: number;
}

/** Answers to the same questions, a column a look, up to the scrubber's step. */
export function Samples({ samples: { prompts, expected, at }, step }: Props) {
  const { t } = useTranslation("training");
  const phone = usePhone();
  const place = at.findLastIndex((look) => look.step <= step);
  const columns = columnsUpTo(place, phone ? 2 : 4);
  return (
    <section className="card samples" aria-labelledby="samples-heading">
      <h2 id="samples-heading">{t("samples")}</h2>
      {place < 0 ? (
        <p className="caption">{t("noSamples")}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{t("prompt")}</th>
              {columns.map((column) => (
                <th key={column} scope="col" className={column === place ? "num now" : "num"}>
                  {t("atStep", { n: at[column].step.toLocaleString("en-US") })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {prompts.map((prompt, row) => (
              <tr key={prompt}>
                <th scope="row" lang={languageOf(prompt)}>
                  {prompt}
                  <span className="caption" lang={languageOf(expected[row])}>
                    {expected[row]}
                  </span>
                </th>
                {columns.map((column, i) => (
                  <td key={column} className={column === place ? "now" : ""}>
                    <Answered
                      text={at[column].out[row]}
                      before={i > 0 ? at[columns[i - 1]].out[row] : undefined}
                      share={at[column].p[row]}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Answered({
  text,
  before,
  share,
}: {
  readonly text: string;
  readonly before?: string;
  readonly share: number;
}) {
  const { t } = useTranslation("training");
  if (text.trim() === "") return <span className="caption">{t("emptyAnswer")}</span>;
  return (
    <>
      <span className="answered" lang={languageOf(text)} title={text}>
        {changedWords(text, before).map(({ text: word, changed }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: words of one answer, in their order
          <span key={i}>
            {i > 0 && " "}
            {changed ? <mark>{word}</mark> : word}
          </span>
        ))}
      </span>{" "}
      <span className="caption num nowrap">{percent(share)}</span>
    </>
  );
}
