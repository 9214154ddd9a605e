import type { AttentionMap } from "./attention-map.ts";

/** Colours of weights from 0 to 1, on paper and on a dark screen: lightness changes evenly, for every kind of eyes. */
const RAMP_STOPS = {
  at: [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
  light: "eff8f8 dbeff0 c8e5e7 a1d3d7 7dbfc6 5daab8 3b94aa 1c7e9b 01688b 005179 0b3b63 0f274a".split(" "),
  dark: "172028 1b2935 1e3343 20485f 225e7a 247691 238ea8 38a7ba 5cbeca 7dd5dc afe8ea ddfafa".split(" "),
} as const;

/** On paper, or on a dark screen, where the light end is the strong one. */
export type Theme = "light" | "dark";

const STEPS = 256;

/** 256 colours as `#rrggbb`, evenly from weight 0 to weight 1. */
function rampColours(theme: Theme): string[] {
  const stops = RAMP_STOPS[theme].map(okLabOf);
  return Array.from({ length: STEPS }, (_, step) => {
    const position = step / (STEPS - 1);
    const right = Math.max(
      1,
      RAMP_STOPS.at.findIndex((stop) => stop >= position),
    );
    const [from, to] = [RAMP_STOPS.at[right - 1], RAMP_STOPS.at[right]];
    const share = (position - from) / (to - from);
    return hexOf(stops[right].map((value, i) => stops[right - 1][i] * (1 - share) + value * share));
  });
}

/** How weights become colours. */
export class WeightScale {
  /** Whether by the square root: where many weights share a row, most of them are small. */
  readonly root: boolean;
  /** The weight at the end of the ramp. */
  readonly top: number;
  readonly #theme: Theme;

  private constructor(root: boolean, top: number, theme: Theme) {
    this.root = root;
    this.top = top;
    this.#theme = theme;
  }

  /**
   * The scale for maps with these columns: up to 1, so that maps can be compared. Only one look over a long text ends at
   * its largest weight, but not below four times an even share, lest even attention look strong.
   */
  static of(
    { kind, keys, weights }: Pick<AttentionMap, "kind" | "keys" | "weights">,
    theme: Theme = "light",
  ): WeightScale {
    const columns = keys.tokens.length;
    if (columns <= 20) return new WeightScale(false, 1, theme);
    if (kind !== "pooling") return new WeightScale(true, 1, theme);
    const top = Math.max(4 / columns, ...weights);
    return new WeightScale(false, Math.min(1, Math.ceil(top * 20) / 20), theme);
  }

  /** Weights to be named beside the colours, from 0 to the largest. */
  get ticks(): number[] {
    return (this.root ? [0, 0.05, 0.25, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1]).map((share) => share * this.top);
  }

  /** The place of a weight on the ramp, from 0 to 1. */
  place(weight: number): number {
    const share = Math.min(1, Math.max(0, weight / this.top));
    return this.root ? Math.sqrt(share) : share;
  }

  /** The weight at a place on the ramp. */
  weightAt(place: number): number {
    return this.top * (this.root ? place ** 2 : place);
  }

  colour(weight: number): string {
    return rampColour(this.place(weight), this.#theme);
  }

  /** Black or white, whichever is read better on the colour of a weight. */
  ink(weight: number): string {
    return inkOn(this.place(weight), this.#theme);
  }
}

/** A tick in percent; the last says so. */
export function tickLabel(weight: number, { top }: WeightScale): string {
  return `${Number((100 * weight).toPrecision(3))}${weight === top ? "%" : ""}`;
}

/** The colour of a place on the ramp from 0 to 1. */
export function rampColour(place: number, theme: Theme): string {
  return RAMPS[theme][Math.round(Math.min(1, Math.max(0, place)) * (STEPS - 1))];
}

/** Black or white, whichever is read better on that place of the ramp. */
export function inkOn(place: number, theme: Theme): string {
  return place >= EVEN[theme] === (theme === "light") ? "#ffffff" : "#000000";
}

/** Where on the ramp black figures and white ones are read equally well. */
const EVEN: Readonly<Record<Theme, number>> = { light: 0.594, dark: 0.437 };

/** The ramps as 256 colours each, evenly from weight 0 to weight 1. */
export const RAMPS: Readonly<Record<Theme, readonly string[]>> = {
  light: rampColours("light"),
  dark: rampColours("dark"),
};

// OKLab (Ottosson 2020): equal distances look equal.
function okLabOf(hex: string): number[] {
  const [r, g, b] = [0, 2, 4].map((at) => linearOf(Number.parseInt(hex.slice(at, at + 2), 16) / 255));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function hexOf([lightness, a, b]: number[]): string {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channels = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return `#${channels
    .map((channel) =>
      Math.round(255 * Math.min(1, Math.max(0, gammaOf(channel))))
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

function linearOf(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function gammaOf(channel: number): number {
  return channel <= 0.0031308 ? 12.92 * channel : 1.055 * channel ** (1 / 2.4) - 0.055;
}
