import { type KeyboardEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  readonly step: number;
  /** The last step so far. */
  readonly last: number;
  readonly total: number;
  /** Steps at which the model was looked at, rising. */
  readonly stops: readonly number[];
  /** @param step `undefined` to stay at the newest */
  readonly onStep: (step: number | undefined) => void;
}

/** Frames a second while the run is played. */
const SPEED = 6;

/** The one handle of the view: charts, answers and film stand at its step. */
export function Scrubber({ step, last, total, stops, onStep }: Props) {
  const { t } = useTranslation("training");
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => {
      const next = stops.find((stop) => stop > step);
      if (next === undefined) setPlaying(false);
      else onStep(next);
    }, 1000 / SPEED);
    return () => clearInterval(timer);
  }, [playing, step, stops, onStep]);

  const play = () => {
    if (!playing && step >= (stops.at(-1) ?? 0)) onStep(stops[0] ?? 0);
    setPlaying(!playing);
  };
  const go = (places: number) => {
    const at = stops.findLastIndex((stop) => stop <= step);
    const from = places < 0 && at >= 0 && stops[at] < step ? at + 1 : at;
    onStep(stops[Math.min(stops.length - 1, Math.max(0, from + places))] ?? 0);
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
        {playing ? t("pause") : t("play")}
      </button>
      <div className="track">
        <span className="track-done" style={{ width: share(last) }} />
        {stops.map((stop) => (
          <span key={stop} className="track-stop" style={{ left: share(stop) }} />
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
      <output className="num">
        {t("stepOf", { n: step.toLocaleString("en-US"), total: total.toLocaleString("en-US") })}
      </output>
    </div>
  );
}
