import { useTranslation } from "react-i18next";
import type { Candidate, SpecialTok, TokEvent } from "../../src/studio/wire.ts";
import { languageOf } from "../drawing/language-of.ts";
import { percent } from "../drawing/numbers.ts";
import { useWordNames } from "./word-names.ts";

interface Props {
  readonly token: TokEvent;
  /** What ids are that are no text. */
  readonly specials: ReadonlyMap<number, SpecialTok>;
  /** Of a classifier there is nothing to go on with. */
  readonly onContinue?: ((candidate: Candidate) => void) | undefined;
}

/** What may have come at a place: what was written, and five runners-up to go on with instead. */
export function Candidates({ token, specials, onContinue }: Props) {
  const { t } = useTranslation("talk");
  const nameOf = useWordNames();
  const others = token.top.filter(([, , id]) => id !== token.tok.id).slice(0, 5);
  const own = nameOf({ text: token.tok.t, special: token.tok.sp });
  return (
    <ul className="bars num">
      <li className="chosen">
        <Bar text={own} p={token.p} />
      </li>
      {others.map((candidate) => {
        const [written, p, id] = candidate;
        const text = nameOf({ text: written, special: specials.get(id) });
        return (
          <li key={id}>
            {onContinue ? (
              <button type="button" title={t("continue")} onClick={() => onContinue(candidate)}>
                <Bar text={text} p={p} />
                <span className="unseen">{t("continue")}</span>
              </button>
            ) : (
              <Bar text={text} p={p} />
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface BarProps {
  readonly text: string;
  readonly p: number;
  readonly colour?: string;
}

/** A word, a bar from 0 to 100 %, and the figure. */
export function Bar({ text, p, colour }: BarProps) {
  return (
    <>
      <span lang={languageOf(text)}>{text}</span>
      <span className="bar">
        <i style={{ width: `${100 * p}%`, ...(colour && { background: colour }) }} />
      </span>
      <span className="figure">{percent(p)}</span>
    </>
  );
}
