/**
 * The tokens that are not text. Their ids are their places in this list: `<pad>` 0, `<start>` 1, `<end>` 2, `<unk>` 3.
 *
 * No text can spell one: "<" always stands alone before the model sees a word (`pipeline.ts`).
 */
export const specialTokens = ["<pad>", "<start>", "<end>", "<unk>"] as const;

export const [padToken, startToken, endToken, unknownToken] = specialTokens;

/** "▁" (U+2581) stands for the blank before a word, as in SentencePiece (Kudo and Richardson 2018, §3.2). */
export const wordStart = "▁";

/** What a WordPiece piece inside a word begins with, as in BERT (Devlin et al. 2018, §3). */
export const continuation = "##";
