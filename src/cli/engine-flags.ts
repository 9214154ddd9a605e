import { Option } from "@commander-js/extra-typings";
import { PRECISIONS } from "../decoding/decoder.ts";
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

/** How exactly to compute. */
export function precisionFlag() {
  return new Option(
    "--precision <p>",
    "fp32, or int8: weights in eight bits, faster, and now and then another answer; fp32 if not given",
  ).choices(PRECISIONS);
}
