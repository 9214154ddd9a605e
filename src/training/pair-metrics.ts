/**
 * What can be measured of a model that writes: perplexity and accuracy of tokens go with the loss, `time` is that of an
 * answer asked alone.
 */
export const METRICS = ["loss", "exact", "bleu", "chrf", "distinct", "time"] as const;
export type Metric = (typeof METRICS)[number];

/** What is measured where nothing is named. */
export const USUAL_METRICS: readonly Metric[] = ["loss", "exact", "time"];
