import { useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "../app/announcer.tsx";
import { addWords } from "../app/language.ts";
import { select, selection } from "../app/selection.ts";
import { useStore } from "../app/store.ts";
import { useStudio } from "../app/studio-context.tsx";
import en from "../locales/en/training.json" with { type: "json" };
import ko from "../locales/ko/training.json" with { type: "json" };
import { Charts } from "./charts.tsx";
import { NO_CURVE } from "./curve.ts";
import { Film } from "./film.tsx";
import { validations } from "./marks.ts";
import { RunBar } from "./run-bar.tsx";
import { follow, run, trouble } from "./run-store.ts";
import { Samples } from "./samples.tsx";
import { Scrubber } from "./scrubber.tsx";

addWords("training", { ko, en });

/** A run as it goes: losses, answers and attention over time, all at one step. */
export function TrainingView() {
  const { t, i18n } = useTranslation("training");
  const { backend } = useStudio();
  const known = useStore(run);
  const failing = useStore(trouble);
  const [, fail] = useState();
  const { step: chosen } = useStore(selection);
  useEffect(() => {
    const life = new AbortController();
    follow(backend, life.signal).catch((error: unknown) =>
      // Thrown while it is drawn, so that what is around the view can tell.
      fail(() => {
        throw error;
      }),
    );
    return () => life.abort();
  }, [backend]);

  const state = known?.now.state;
  const tenth = known && known.now.total > 0 ? Math.floor((10 * known.now.step) / known.now.total) : 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told every tenth and when the state changes
  useEffect(() => {
    if (state === undefined || state === "none") return;
    announce(state === "run" ? t("announced", { p: 10 * tenth }) : t(`states.${state}`));
  }, [state, tenth]);

  const stops = useMemo(() => known?.samples.at.map(({ step }) => step) ?? [], [known?.samples]);
  const validated = useMemo(() => validations(known?.curve ?? NO_CURVE), [known?.curve]);
  const onStep = useCallback((step: number | undefined) => select({ step }), []);
  const problem = failing && (
    <p className="problem" role="alert">
      {failing.texts[i18n.language === "ko" ? "ko" : "en"]}
    </p>
  );
  if (known === undefined) return problem ? <div className="failure">{problem}</div> : null;
  const { status, now, curve, saved, samples, films } = known;
  const step = chosen === undefined ? now.step : Math.min(chosen, now.step);
  const nothing = state === "none";
  return (
    <div className="training">
      {problem}
      <RunBar status={status} now={now} />
      {nothing ? (
        <section className="card training-none">
          <p>{status.commands ? t("noneStart") : t("none")}</p>
          <code>jumok train pairs.csv --out model --studio</code>
        </section>
      ) : (
        <>
          <Charts {...{ curve, step, onStep }} total={now.total} />
          <Scrubber {...{ step, stops, onStep, saved }} validated={validated} last={now.step} total={now.total} />
          <div className="training-below">
            <Samples samples={samples} step={step} />
            <Film films={films} names={status.film} step={step} onStep={onStep} />
          </div>
        </>
      )}
    </div>
  );
}
