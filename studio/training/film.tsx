import { useMemo, useState } from "react";
import { Trans, useTranslation } from "react-i18next";
import type { Tok } from "../../src/studio/wire.ts";
import { languageOf } from "../drawing/language-of.ts";
import { wholePercent } from "../drawing/numbers.ts";
import { Figure, NoWrap, Quoted } from "../drawing/phrase.tsx";
import { briefStep, nameOfStep } from "./brief-step.ts";
import { type FilmHead, type FilmReel, frameWeights, sharpestHead, strongest } from "./film-frames.ts";
import { FilmMap } from "./film-map.tsx";
import { FilmThumb } from "./film-thumb.tsx";

interface Props {
  readonly films: readonly FilmReel[];
  readonly names: readonly string[];
  readonly step: number;
  readonly onStep: (step: number) => void;
}

const [ASKER, SEEN] = ["asker", "seen"] as const;

/** How the same sentence is seen over time. */
export function Film({ films, names, step, onStep }: Props) {
  const { t } = useTranslation("training");
  const { t: app } = useTranslation();
  const label = ({ t: text, sp }: Tok) => (sp ? app(`words.${sp}`) : text);
  const [number, setNumber] = useState(0);
  const [chosen, setHead] = useState<FilmHead>();
  const film = films[number];
  const head = chosen ?? (film ? sharpestHead(film) : "mean");
  const frame = film
    ? Math.max(
        0,
        film.header.steps.findLastIndex((at) => at <= step),
      )
    : 0;
  const weights = useMemo(() => film && frameWeights(film, frame, head), [film, frame, head]);
  if (film === undefined || weights === undefined) {
    return (
      <section className="card film">
        <h2>{t("film")}</h2>
        <p className="caption">{t("noFilm")}</p>
      </section>
    );
  }
  const { of, heads, cols, steps } = film.header;
  const most = strongest(weights, cols);
  return (
    <section className="card film" aria-labelledby="film-heading">
      <h2 id="film-heading">{t("film")}</h2>
      <div className="film-choices">
        <label>
          <span className="unseen">{t("sentence")}</span>
          <select value={number} onChange={({ target }) => setNumber(Number(target.value))}>
            {names.map((name, i) => (
              <option key={name} value={i} lang={languageOf(name)}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="unseen">{t("head")}</span>
          <select
            value={head}
            onChange={({ target }) => setHead(target.value === "mean" ? "mean" : Number(target.value))}
          >
            <option value="mean">{t("meanOfHeads")}</option>
            {heads > 1 &&
              numbersTo(heads).map((i) => (
                <option key={i} value={i}>
                  {t("layerHead", { l: Math.floor(i / of.heads) + 1, h: (i % of.heads) + 1 })}
                </option>
              ))}
          </select>
        </label>
      </div>
      <FilmMap film={film} weights={weights} />
      <p className="film-said">
        <Trans
          ns="training"
          i18nKey="filmSaid"
          components={{
            nowrap: <NoWrap />,
            share: <Figure text={wholePercent(most.weight)} />,
            word: <Quoted role={ASKER} text={label(film.rows[most.row])} />,
            other: <Quoted role={SEEN} text={label(film.cols[most.col])} />,
          }}
        />
      </p>
      <ol className="strip" aria-label={t("strip")}>
        {steps.map((at, i) => (
          <li key={at}>
            <button
              type="button"
              aria-pressed={i === frame}
              aria-label={nameOfStep(at, t("atStep", { n: at.toLocaleString("en-US") }))}
              onClick={() => onStep(at)}
            >
              <FilmThumb film={film} frame={i} head={head} />
              <span className="caption num">{briefStep(at)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
