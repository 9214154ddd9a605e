import { Option } from "@commander-js/extra-typings";
import { DEVICES } from "../runtime/engine.ts";
import { positiveInteger } from "./numbers.ts";

/** Where to compute. */
export function deviceFlag() {
  return new Option("--device <name>", "where to compute; cpu if not given").choices([...DEVICES] as const);
}

/** How many cores to use. */
export function threadsFlag(otherwise: "all cores" | "one") {
  return new Option("--threads <n>", `threads for one operation; ${otherwise} if not given`).argParser(positiveInteger);
}
