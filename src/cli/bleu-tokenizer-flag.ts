import { Option } from "@commander-js/extra-typings";

/** @param scores those that words are cut for, such as `BLEU` */
export function bleuTokenizerFlag(scores: string) {
  return new Option("--bleu-tokenizer <kind>", `how words are cut for ${scores}; 13a if not given`).choices([
    "13a",
    "char",
    "none",
  ] as const);
}
