import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changedWords } from "../drawing/changed-words.ts";
import { percent } from "../drawing/numbers.ts";
import { useOcclusion } from "./use-occlusion.ts";

interface Props {
  readonly att: string;
  /** The pieces of the word whose probability is watched, and that word; none while no row is pinned. */
  readonly tokens: readonly number[];
  readonly asker: string | undefined;
  /** The words of the source, and how much the row looks at each. */
  readonly words: readonly { readonly number: number; readonly text: string; readonly share: number }[];
  readonly answer: string;
  /** Asks for the answer once more, when it is not kept any longer. */
  readonly again: () => void;
}

/** So many words are shown at first. */
const FIRST = 9;
const [LEFT, LENGTH] = [5, 150];

/** What attention says of each word beside what happens without it. */
export function Occlusion({ att, tokens, asker, words, answer, again }: Props) {
  const { t } = useTranslation("attention");
  const { words: hidden, state } = useOcclusion(att, tokens, again);
  const [all, setAll] = useState(false);
  const [without, setWithout] = useState<number>();
  if (tokens.length === 0) return <Pane>{t("occlusion.unpinned")}</Pane>;
  const long = words.length > FIRST;
  const order = long ? [...words].sort((a, b) => b.share - a.share) : words;
  const rest = words.length - FIRST;
  const chosen = hidden.find(({ w }) => w === without);
  return (
    <section className="card pane occlusion" aria-label={t("occlusion.title")}>
      <h2>
        {t("occlusion.title")} <span className="caption">{asker}</span>
      </h2>
      <p className="occlusion-key">
        <span className="k">{t("occlusion.attention")}</span>
        <span className="v">{t("occlusion.drop")}</span>
      </p>
      {state === "failed" && <p className="note-text">{t("occlusion.failed")}</p>}
      <ul className="occlusion-words">
        {order.slice(0, all ? undefined : FIRST).map(({ number, text, share }) => {
          const event = hidden.find(({ w }) => w === number);
          const told = { word: text, share: percent(share) };
          return (
            <li key={number}>
              <button
                type="button"
                aria-pressed={number === without}
                disabled={!event}
                aria-label={
                  event && t("occlusion.word", { ...told, before: percent(event.p0), after: percent(event.p1) })
                }
                onClick={() => setWithout(number === without ? undefined : number)}
              >
                <span>{text}</span>
                <Track share={share} drop={event && event.p0 - event.p1} />
              </button>
            </li>
          );
        })}
      </ul>
      {long && (
        <button type="button" className="button" onClick={() => setAll(!all)}>
          {all ? t("occlusion.fewer", { n: FIRST }) : t("occlusion.more", { n: rest })}
        </button>
      )}
      {chosen && (
        <dl className="occlusion-answers">
          <dt>{t("occlusion.before")}</dt>
          <dd>{answer}</dd>
          <dt>{t("occlusion.hidden", { word: words.find(({ number }) => number === without)?.text })}</dt>
          <dd>
            {chosen.text === answer
              ? t("occlusion.same")
              : changedWords(chosen.text, answer).map(({ text, changed }, i) =>
                  changed ? (
                    // biome-ignore lint/suspicious/noArrayIndexKey: words stand in their order
                    <u key={i}>{text} </u>
                  ) : (
                    `${text} `
                  ),
                )}
          </dd>
        </dl>
      )}
      <p className="occlusion-note">{t("occlusion.note")}</p>
    </section>
  );
}

/** The pane where there is nothing to hide. */
export function Pane({ children }: { readonly children: string }) {
  const { t } = useTranslation("attention");
  return (
    <section className="card pane occlusion" aria-label={t("occlusion.title")}>
      <h2>{t("occlusion.title")}</h2>
      <p className="note-text">{children}</p>
      <p className="occlusion-note">{t("occlusion.note")}</p>
    </section>
  );
}

/** A share and a drop on one scale from 0 to 100 %; a probability that rises stays at 0. */
function Track({ share, drop }: { readonly share: number; readonly drop: number | undefined }) {
  const at = (value: number) => LEFT + LENGTH * Math.min(1, Math.max(0, value));
  return (
    <svg viewBox="0 0 160 20" aria-hidden="true">
      <path className="occlusion-track" d="M0 10H160" />
      {drop !== undefined && (
        <>
          <path className="occlusion-between" d={`M${at(share)} 10H${at(drop)}`} />
          <path className="occlusion-drop" d={`M${at(drop)} 4l6 6-6 6-6-6z`} />
        </>
      )}
      <circle className="occlusion-share" cx={at(share)} cy="10" r="5" />
    </svg>
  );
}
