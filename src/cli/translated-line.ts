import type { Line } from "../data/lines.ts";
import type { TranslatedText, Translation } from "../decoding/translate.ts";
import { jsonLine } from "./output.ts";

/** How a translation is written: `n-best` as Moses and Marian do. */
export type LineFormat = "plain" | "n-best" | "json";

/** Why a line cannot be translated, if it cannot. A NUL is a character like others. */
export function defectOf({ defect }: Line): Exclude<Line["defect"], "a NUL character"> {
  return defect === "a NUL character" ? undefined : defect;
}

/** A translation as text that ends in a line break; of a line with a defect what stands in its place. */
export function translatedLine(translation: Translation, source: Line, format: LineFormat): string {
  return FORMATS[format](translation, source);
}

const FORMATS: Readonly<Record<LineFormat, (translation: Translation, source: Line) => string>> = {
  plain: ({ translation }) => `${translation}\n`,
  "n-best": (best) =>
    waysOf(best)
      .map(({ translation, score, penalisedScore }) => {
        return `${best.line - 1} ||| ${translation} ||| logP= ${score.toFixed(4)} ||| ${penalisedScore.toFixed(4)}\n`;
      })
      .join(""),
  json: (best, source) => {
    const { line, input, parts, nBest } = best;
    const error = defectOf(source);
    if (error !== undefined) return jsonLine({ line, input: source.text, error });
    return jsonLine({
      line,
      input,
      ...told(best),
      ...(parts > 1 && { parts }),
      ...(nBest && { nBest: nBest.map(told) }),
    });
  },
};

function waysOf(best: Translation): readonly TranslatedText[] {
  return best.nBest ?? [best];
}

function told({ translation, score, penalisedScore, finished }: TranslatedText): TranslatedText {
  return { translation, score, penalisedScore, finished };
}
