/**
 * Writes studio/lessons/numbers.json, the numbers that "How it works" shows where no model is loaded or the loaded one
 * has no such part: jumok trains a few tiny models and measures them. About two minutes.
 *
 *     npx tsx scripts/lesson-numbers.ts [--seed 1] [--out FILE]
 *
 * The same seed gives the same numbers on the same machine; only the costs are times and differ.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeAtomically } from "../src/formats/atomic-write.ts";
import { openEngine } from "../src/runtime/node.ts";
import { VERSION } from "../src/training/version.ts";
import { branchNumbers } from "./lessons/branches.ts";
import { costNumbers } from "./lessons/costs.ts";
import { depthNumbers } from "./lessons/depth.ts";
import { crossWeights, headNumbers, paddingNumbers, placeNumbers, SHOWN, type Trained } from "./lessons/heads.ts";
import { recallNumbers } from "./lessons/recall.ts";
import { scoreNumbers } from "./lessons/scores.ts";
import { slipNumbers } from "./lessons/slips.ts";
import { learnToTranslate, translator } from "./lessons/translator.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    out: { type: "string", default: fileURLToPath(new URL("../studio/lessons/numbers.json", import.meta.url)) },
  },
});
const seed = Number(values.seed);
// With one thread the sums are in one order everywhere; these models are too small for two.
const engine = await openEngine({ threads: 1 });
const began = performance.now();
const done = <Numbers>(what: string, numbers: Numbers): Numbers => {
  console.error(`${what}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return numbers;
};

const HEAD_COUNTS = [1, 2, 4, 8];
const translators = new Map<number, Trained & { readonly loss: number; readonly steps: number }>();
for (const count of HEAD_COUNTS) {
  const model = translator(count);
  translators.set(
    count,
    done(`translator, ${count} heads`, { model, ...(await learnToTranslate(engine, model, seed)) }),
  );
}
const four = translators.get(4)!;
const heads = [];
for (const [count, trained] of translators) {
  const { data } = await crossWeights(engine, trained);
  const bytes = Uint8Array.from(data as Float32Array, (weight) => Math.round(255 * Math.sqrt(weight)));
  heads.push({ count, loss: Number(trained.loss.toPrecision(4)), cross: Buffer.from(bytes).toString("base64") });
}
const head = await headNumbers(engine, four, 4);
const numbers = {
  made: {
    by: "scripts/lesson-numbers.ts",
    jumok: VERSION,
    engine: engine.description,
    seed,
    steps: four.steps,
    sentences: SHOWN,
  },
  recall: done("recall", await recallNumbers(engine, seed)),
  scores: done("scores", await scoreNumbers(engine, seed)),
  head,
  heads,
  padding: await paddingNumbers(engine, four, 4, head.enc.h),
  places: await placeNumbers(engine, four, 4, head.enc.h),
  depth: done("depth", await depthNumbers(engine, seed)),
  slips: done("slips", await slipNumbers(engine, seed)),
  branches: done("branches", await branchNumbers(engine, four, SHOWN.source)),
  costs: done("costs", await costNumbers()),
};
await writeAtomically(values.out, `${JSON.stringify(numbers)}\n`);
