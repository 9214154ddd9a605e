import type { Outlines } from "../studio/wire.ts";
import type { FontTask, OutlineTask } from "./tasks.ts";
import type { Typeface } from "./typeface.ts";

let typeface: Promise<Typeface> | undefined;

/** What draws letters is loaded when the first are wanted. */
async function opened(): Promise<Typeface> {
  typeface ??= import("./typeface.ts").then((module) => module.Typeface.open());
  return typeface;
}

/** Runs of text as outlines; each weight is cut out of the typeface once. */
export async function outlinesOf({ runs }: OutlineTask["request"]): Promise<Outlines> {
  const family = await opened();
  const drawn: { d: string; adv: number }[] = new Array(runs.length);
  for (const weight of new Set(runs.map(({ wght }) => wght))) {
    const places = runs.map((_, i) => i).filter((i) => runs[i].wght === weight);
    const letters = await family.letters(places.map((i) => runs[i].s).join(""), weight);
    for (const i of places) drawn[i] = letters.outline(runs[i].s, runs[i].size);
  }
  return { d: drawn.map(({ d }) => d), adv: drawn.map(({ adv }) => adv) };
}

/** A WOFF2 with the letters of a text. */
export async function fontOf({ text, weight }: FontTask): Promise<Uint8Array> {
  const family = await opened();
  return (await family.letters(text, weight)).woff2();
}
