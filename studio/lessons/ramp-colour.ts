import { inkOn, rampColour } from "../../src/explain/ramp.ts";
import { useStore } from "../app/store.ts";
import { theme } from "../app/theme.ts";

/** The colours of weights from 0 to 1 in the theme that is on. */
export function useRamp() {
  const now = useStore(theme);
  return {
    fill: (weight: number) => rampColour(weight, now),
    /** Black or white, whichever is read better on it. */
    ink: (weight: number) => inkOn(weight, now),
  };
}
