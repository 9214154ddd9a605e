import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TrainingCommand } from "../../src/studio/training-wire.ts";
import { useStudio } from "../app/studio-context.tsx";
import { BackendError } from "../backend/backend-error.ts";
import { grouped } from "../drawing/numbers.ts";
import type { Run } from "./run-store.ts";
import { StartForm } from "./start-form.tsx";

/** How the run stands, and what may be done with it. */
export function RunBar({ status, now }: Pick<Run, "status" | "now">) {
  const { t, i18n } = useTranslation("training");
  const { backend, there } = useStudio();
  const language = i18n.language === "ko" ? "ko" : "en";
  const [refused, setRefused] = useState<BackendError>();
  const [starting, setStarting] = useState(false);
  const { state } = now;
  const running = state === "run" || state === "starting" || state === "stopping";
  const send = async (command: TrainingCommand) => {
    setRefused(undefined);
    try {
      await backend.train(command);
      setStarting(false);
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      setRefused(error);
    }
  };
  const live = backend.offers.training === "live";
  const mayResume = live && (state === "stopped" || state === "failed");
  return (
    <section className="run-bar card" aria-label={t("run")}>
      <div className="run-line">
        <span className={`run-state ${state}`}>{t(`states.${state}`)}</span>
        {now.total > 0 && (
          <span className="num">{t("stepOf", { n: grouped(now.step), total: grouped(now.total) })}</span>
        )}
        {state === "run" && now.etaSec !== null && (
          <span className="num">{t("left", { time: clock(now.etaSec, t) })}</span>
        )}
        {state === "run" && now.tokPerSec !== null && (
          <span className="num wide-only">{t("speed", { n: grouped(now.tokPerSec) })}</span>
        )}
        {status.file && <span className="caption wide-only">{status.file}</span>}
        <span className="run-actions">
          {running && (
            <button
              type="button"
              className="button"
              disabled={!there || !status.commands || state === "stopping"}
              onClick={() => void send({ cmd: "stop" })}
            >
              {t("stop")}
            </button>
          )}
          {mayResume && status.file && (
            <button
              type="button"
              className="button"
              disabled={!there || !status.commands}
              onClick={() => void send({ cmd: "resume" })}
            >
              {t("resume")}
            </button>
          )}
          {!running && status.commands && status.files.length > 0 && (
            <button type="button" className="button" aria-expanded={starting} onClick={() => setStarting(!starting)}>
              {t("startNew")}
            </button>
          )}
        </span>
      </div>
      {state === "stopped" && status.savedStep !== undefined && (
        <p className="caption">{t("savedAt", { n: grouped(status.savedStep) })}</p>
      )}
      {state === "nan" && <p className="problem">{t("nan")}</p>}
      {state === "failed" && <p className="problem">{t("failed", { why: status.problem?.[language] ?? "" })}</p>}
      {status.folder !== undefined && (
        <p className="caption">
          {t("folder", { folder: status.folder })} <code>jumok serve {shellWord(status.folder)}</code>
        </p>
      )}
      {refused && (
        <p className="problem" role="alert">
          {refused.texts[language]}
        </p>
      )}
      {!live && <p className="caption">{t("recorded")}</p>}
      {live && !status.commands && !running && state !== "done" && <p className="caption">{t("onlyShown")}</p>}
      {starting && !running && <StartForm {...status} onStart={(config) => void send({ cmd: "start", config })} />}
    </section>
  );
}

/** A path as a shell takes it for one word. */
function shellWord(path: string): string {
  return /^[\p{L}\p{N}_./:=,@%+-]+$/u.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** Seconds in words, rounded as a person would. */
function clock(seconds: number, t: (key: "seconds" | "minutes" | "hours", values: { n: number }) => string): string {
  if (seconds < 60) return t("seconds", { n: Math.max(1, Math.round(seconds)) });
  if (seconds < 5400) return t("minutes", { n: Math.round(seconds / 60) });
  return t("hours", { n: Number((seconds / 3600).toFixed(1)) });
}
