import fc from "fast-check";

/** Sentences of few words, so that hypotheses and references have some in common. */
export const sentence = fc
  .array(fc.constantFrom("a", "A", "the", "cat,", "고양이", "고양이가", "3.5", "(ok)", "..."), { maxLength: 9 })
  .map((words) => words.join(" "));

/** Hypotheses, each with one to three references. */
export const corpus = fc.array(
  fc.record({ hypothesis: sentence, references: fc.array(sentence, { minLength: 1, maxLength: 3 }) }),
  { minLength: 1, maxLength: 6 },
);

/** A corpus, and the same one with its segments in another order. */
export const shuffledCorpus = corpus.chain((segments) =>
  fc
    .shuffledSubarray(segments, { minLength: segments.length })
    .map((shuffled): [typeof segments, typeof segments] => [segments, shuffled]),
);
