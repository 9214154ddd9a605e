import { availableParallelism } from "node:os";
import type { ReadLabelledOptions } from "../data/labelled-texts.ts";
import { type ReadPairsOptions, readPairs } from "../data/pairs.ts";
import type { Precision } from "../decoding/decoder.ts";
import type { BleuTokenizer } from "../metrics/bleu-tokenizers.ts";
import type { EngineOptions } from "../runtime/engine.ts";
import type { EvaluateOptions } from "../training/evaluate-pairs.ts";
import { USUAL_METRICS } from "../training/pair-metrics.ts";
import { describedPairs, describedTexts } from "./evaluation-report.ts";
import { UsageError } from "./failure.ts";
import { grouped } from "./numbers.ts";
import { printJson, tell } from "./output.ts";
import { drawsIn, type SearchFlags, searchOptionsIn } from "./search-flags.ts";

interface Flags<Columns> extends EngineOptions {
  readonly columns: Columns;
  readonly limit?: number;
  readonly json?: true;
}

interface WritingFlags extends Flags<ReadPairsOptions>, SearchFlags, Pick<EvaluateOptions, "metrics" | "sample"> {
  readonly precision?: Precision;
  readonly bleuTokenizer?: BleuTokenizer;
  readonly lowercase?: true;
  /** The file that the model learnt from. */
  readonly train?: string;
  /** Where to write the answers. */
  readonly out?: string;
}

/** Measures a model that writes and prints what comes out. */
export async function evaluateSeq2Seq(dir: string, data: string, flags: WritingFlags): Promise<void> {
  const { columns, limit, json, device, threads = availableParallelism(), ...wanted } = flags;
  const { precision, metrics, sample, bleuTokenizer: tokenizer, lowercase, train, out, seed, ...searching } = wanted;
  if (tokenizer !== undefined && !metrics?.some((metric) => metric === "bleu" || metric === "distinct")) {
    throw new UsageError("--bleu-tokenizer is for BLEU and distinct-n; add --metrics bleu");
  }
  // The seed of a sample alone draws no pieces.
  const search = await searchOptionsIn({ ...searching, ...(drawsIn(searching) && { seed }) });
  const { openModel } = await import("../training/open-model.ts");
  const { evaluatePairs } = await import("../training/evaluate-pairs.ts");
  const { learntPairs } = await import("../training/learnt-pairs.ts");
  const { pairs, problems } = await readPairs(data, columns);
  const compared = (metrics ?? USUAL_METRICS).some((metric) => metric !== "loss" && metric !== "time");
  const named = train === undefined ? undefined : { file: train, columns };
  const learnt = compared ? await learntPairs(dir, named) : undefined;
  tellBadRows(problems.length, data, json);
  const opened = await openModel(dir, { device, threads, precision });
  const { answered, ...evaluation } = await evaluatePairs(opened, pairs.slice(0, limit), {
    metrics,
    sample,
    seed,
    search,
    learnt,
    words: { tokenizer, lowercase },
    answers: out !== undefined,
  });
  if (out !== undefined && answered !== undefined) {
    const { writeAtomically } = await import("../formats/atomic-write.ts");
    await writeAtomically(out, answered.map(({ answer }) => `${answer}\n`).join(""));
  }
  if (json) printJson({ ...evaluation, badRows: problems.length });
  else process.stdout.write(`${describedPairs(evaluation)}\n`);
}

/** Measures a classifier and prints what comes out. */
export async function evaluateClassifier(dir: string, data: string, flags: Flags<ReadLabelledOptions>): Promise<void> {
  const { device, threads, limit, json } = flags;
  const { openClassifier } = await import("../training/open-model.ts");
  const { readLabelled } = await import("../data/labelled-texts.ts");
  const { evaluateTexts } = await import("../training/evaluate-texts.ts");
  const opened = await openClassifier(dir, { device, threads });
  const { file, texts, problems } = await readLabelled(data, flags.columns);
  tellBadRows(problems.length, data, json);
  const evaluation = await evaluateTexts(opened, { file, texts: texts.slice(0, limit) });
  if (json) printJson({ ...evaluation, badRows: problems.length });
  else process.stdout.write(`${describedTexts(evaluation)}\n`);
}

function tellBadRows(count: number, data: string, json: true | undefined): void {
  if (count > 0 && !json) tell(`${grouped(count)} bad rows of ${data} are left out`);
}
