import { type KeyboardEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStill } from "../app/media.ts";
import { marksOf } from "./marks.ts";

interface Props {
  readonly step: number;
  /** The last step so far. */
  readonly last: number;
  readonly total: number;
  /** Steps at which the model was looked at, rising. */
  readonly stops: readonly number[];
  /** Steps at which it was measured on what is held out, and at which it was saved. */
  readonly validated: readonly number[];
  readonly saved: readonly number[];
  /** @param step `undefined` to stay at the newest */
  readonly onStep: (step: number | undefined) => void;
}

/** Frames a second while the run is played. */
const SPEED = 6;

/** The one handle of the view: charts, answers and film stand at its step. */
export function Scrubber({ step, last, total, stops, validated, saved, onStep }: Props) {
  const { t } = useTranslation("training");
  const still = useStill();
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing || still) return;
    const timer = setInterval(() => {
      const next = stops.find((stop) => stop > step);
      if (next === undefined) setPlaying(false);
      else onStep(next);
    }, 1000 / SPEED);
    return () => clearInterval(timer);
  }, [playing, still, step, stops, onStep]);

  const go = (places: number) => {
    const at = stops.findLastIndex((stop) => stop <= step);
    const from = places < 0 && at >= 0 && stops[at] < step ? at + 1 : at;
    onStep(stops[Math.min(stops.length - 1, Math.max(0, from + places))] ?? 0);
  };
  /** Who wants no motion goes on by one look with each press. */
  const play = () => {
    const over = step >= (stops.at(-1) ?? 0);
    if (over && (still || !playing)) onStep(stops[0] ?? 0);
    else if (still) go(1);
    setPlaying(!still && !playing);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, () => void> = {
      ArrowLeft: () => go(-1),
      ArrowDown: () => go(-1),
      ArrowRight: () => go(1),
      ArrowUp: () => go(1),
      PageUp: () => go(10),
      PageDown: () => go(-10),
      Home: () => onStep(stops[0] ?? 0),
      End: () => onStep(undefined),
      " ": play,
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  };
  const share = (value: number) => `${(100 * value) / Math.max(1, total)}%`;
  return (
    <div className="scrubber card">
      <button type="button" className="button play" onClick={play} disabled={stops.length < 2}>
        {still ? t("nextLook") : playing ? t("pause") : t("play")}
      </button>
      <div className="track">
        <span className="track-done" style={{ width: share(last) }} />
        {stops.map((stop) => (
          <span key={stop} className="track-stop" style={{ left: share(stop) }} />
        ))}
        {marksOf(validated, total).map((at) => (
          <span key={at} className="track-valid" style={{ left: share(at * total) }} />
        ))}
        {marksOf(saved, total).map((at) => (
          <span key={at} className="track-saved" style={{ left: share(at * total) }} />
        ))}
        <input
          type="range"
          min={0}
          max={Math.max(1, total)}
          value={step}
          aria-label={t("scrubber")}
          aria-valuetext={t("atStep", { n: step.toLocaleString("en-US") })}
          onChange={({ target }) => {
            const value = Math.min(Number(target.value), last);
            onStep(value >= last ? undefined : value);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {validated.length + saved.length > 0 && (
        <span className="track-legend caption wide-only">
          {validated.length > 0 && <span className="legend-valid">{t("valid")}</span>}
          {saved.length > 0 && <span className="legend-saved">{t("checkpoint")}</span>}
        </span>
      )}
      <output className="num">
        {t("stepOf", { n: step.toLocaleString("en-US"), total: total.toLocaleString("en-US") })}
      </output>
    </div>
  );
}
