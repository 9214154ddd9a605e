import { useEffect, useState } from "react";
import type { Handle } from "./grip.tsx";
import { nearestStop } from "./stops.ts";

interface Props extends Handle {
  /** What stands after the number. */
  readonly unit?: string;
}

/** The value of a handle as a number to be typed; what is typed goes to the nearest stop. */
export function ValueBox({ label, value, stops, onChange, unit }: Props) {
  const [typed, setTyped] = useState(String(value));
  useEffect(() => setTyped(String(value)), [value]);
  const commit = () => {
    const number = Number(typed.replace("−", "-"));
    const stop = typed.trim() === "" || Number.isNaN(number) ? value : nearestStop(stops, number);
    onChange(stop);
    setTyped(String(stop));
  };
  return (
    <label className="value-box">
      <span>{label}</span>
      <input
        className="num"
        inputMode="decimal"
        value={typed}
        size={Math.max(3, typed.length)}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
        }}
      />
      {unit && <span className="unit">{unit}</span>}
    </label>
  );
}
