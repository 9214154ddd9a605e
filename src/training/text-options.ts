import { z } from "zod";
import { count } from "./learning-options.ts";

/** How texts become tokens, whatever is learnt of them. */
export const textShape = {
  vocabularySize: count.describe("pieces the tokenizer may have"),
  normalization: z.enum(["nfc", "nfkc", "none"]).describe("Unicode normalisation"),
  lowercase: z.boolean().describe("whether letter case is dropped"),
  fallback: z.enum(["bytes", "characters"]).describe("unknown characters as bytes, or as <unk>"),
};
