import type { Theme } from "./ramp.ts";

/** Colours of heads that are drawn together, as far apart as can be for every kind of eyes. */
const HEAD_COLOURS: Readonly<Record<Theme, readonly string[]>> = {
  light: ["#77001e", "#ab8700", "#3a5100", "#008968", "#113aa6", "#9b74d9"],
  dark: ["#b46f7e", "#e66700", "#e9d401", "#a7f1cc", "#1187ee", "#cecaff"],
};

/** The most heads that are looked at together. */
export const MOST_HEADS = 6;

export function headColour(place: number, theme: Theme): string {
  return HEAD_COLOURS[theme][place % MOST_HEADS];
}
