import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { LineChart, Point } from "../src/charts/chart.ts";
import { lineChart } from "../src/charts/line-chart.ts";
import { matmul } from "../src/graph/product.ts";
import { input } from "../src/graph/source.ts";
import { MultiHeadAttention } from "../src/nn/attention.ts";
import type { CellKind } from "../src/nn/cells.ts";
import { RecurrentLayer } from "../src/nn/recurrent.ts";
import type { Engine } from "../src/runtime/engine.ts";
import { openEngine } from "../src/runtime/node.ts";
import { Program } from "../src/runtime/program.ts";
import { floats, integers } from "../src/runtime/value.ts";
import { type Benchmark, progress, quantile, spreadOf } from "./benchmark.ts";
import { LayerProgram } from "./layer-program.ts";
import { Runner, takeTurns } from "./turns.ts";

/** Width of the square product that tells how fast the machine multiplies. */
const LARGE = 1024;

/** What a token costs in a recurrent layer and in self-attention, the longer the sequence. */
export const sequenceLength: Benchmark = {
  summary: "the cost of a token in a recurrent layer and in self-attention of one width, by length of the sequence",
  usage: `--lengths N,…  default: 16,32,64,128,256,512,1024,2048
--tokens N     in a batch, whatever its sequences' length; default: 2048
--batch N      sequences at once; default: as many as make the tokens
--width N      of the layers; default: 128
--heads N      of self-attention; default: 8
--rounds N     in each of which everybody has a turn; default: 7
--threads N    default: all cores
--svg FILE     draws a chart, both axes logarithmic; default: none`,
  run,
};

async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      lengths: { type: "string", default: "16,32,64,128,256,512,1024,2048" },
      tokens: { type: "string", default: "2048" },
      batch: { type: "string" },
      width: { type: "string", default: "128" },
      heads: { type: "string", default: "8" },
      rounds: { type: "string", default: "7" },
      threads: { type: "string" },
      svg: { type: "string" },
    },
  });
  const lengths = values.lengths.split(",").map(Number);
  const [tokens, width, rounds] = [values.tokens, values.width, values.rounds].map(Number);
  const engine = await openEngine({ threads: values.threads === undefined ? undefined : Number(values.threads) });
  const layers = [
    await recurrent(engine, "rnn", width),
    await recurrent(engine, "lstm", width),
    await selfAttention(engine, width, Number(values.heads)),
  ];
  const product = await largeProduct(engine);

  progress(HEADER);
  const measured: Measured[] = [];
  for (const length of lengths) {
    const batch = values.batch === undefined ? Math.max(1, Math.round(tokens / length)) : Number(values.batch);
    const found = await measure(layers, product, { batch, length, rounds });
    progress(row(found));
    measured.push(found);
  }
  const gflopPerSecond = quantile(
    measured.map((each) => each.gflopPerSecond),
    0.5,
  );
  await product.release();
  for (const layer of layers) await layer.release();
  const setting = { engine: engine.description, width, heads: Number(values.heads), rounds };
  const batch = values.batch === undefined ? `${tokens} tokens a batch` : `${values.batch} at once`;
  if (values.svg !== undefined) {
    await writeFile(values.svg, lineChart(chartOf(layers, measured, { ...setting, batch, gflopPerSecond })));
    progress(`chart: ${values.svg}`);
  }
  return {
    ...setting,
    batch,
    largeProduct: { size: LARGE, gflopPerSecond },
    layers: layers.map((layer, i) => figuresOf(layer, i, measured, width)),
  };
}

type Kind = "recurrent" | "selfAttention";

/** What theory says (Vaswani et al. 2017, table 1) of `n` elements of width `d`, but for a constant. */
const THEORY = {
  recurrent: {
    operations: "n · d²",
    operationsPerToken: (_: number, width: number) => width ** 2,
    sequentialSteps: (length: number) => length,
    longestPath: (length: number) => length - 1,
  },
  selfAttention: {
    operations: "n² · d",
    operationsPerToken: (length: number, width: number) => length * width,
    sequentialSteps: () => 1,
    longestPath: () => 1,
  },
} as const satisfies Record<Kind, unknown>;

/** A layer to be measured. */
interface Contestant {
  readonly name: string;
  readonly kind: Kind;
  readonly parameters: number;
  /** Multiplications with their additions for each token, in all products of the forward direction. */
  multiplyAdds(length: number): number;
  forward(batch: number, length: number): () => Promise<void>;
  forwardAndBackward(batch: number, length: number): () => Promise<void>;
  release(): Promise<void>;
}

async function recurrent(engine: Engine, cell: CellKind, width: number): Promise<Contestant> {
  const model = new RecurrentLayer({ cell, inputSize: width, hiddenSize: width });
  const x = input("x", "float32", ["time", "batch", width]);
  const { states } = model.apply(x, input("lengths", "int32", ["batch"]));
  const { forward, both } = await compiled(engine, { model, x, y: states });
  const step = (program: LayerProgram) => (batch: number, length: number) =>
    program.stepOf({ time: length, batch }, { lengths: integers([batch], new Int32Array(batch).fill(length)) });
  const gates = cell === "lstm" ? 4 : 1;
  return {
    name: cell === "lstm" ? "LSTM" : "RNN (tanh)",
    kind: "recurrent",
    parameters: forward.parameters,
    multiplyAdds: () => gates * 2 * width ** 2,
    forward: step(forward),
    forwardAndBackward: step(both),
    release: async () => {
      await forward.release();
      await both.release();
    },
  };
}

async function selfAttention(engine: Engine, width: number, heads: number): Promise<Contestant> {
  const model = new MultiHeadAttention(width, heads);
  const x = input("x", "float32", ["batch", "time", width]);
  const { context } = model.attend(x, model.keysAndValues(x));
  const { forward, both } = await compiled(engine, { model, x, y: context });
  const step = (program: LayerProgram) => (batch: number, length: number) => program.stepOf({ time: length, batch });
  return {
    name: "Self-attention",
    kind: "selfAttention",
    parameters: forward.parameters,
    multiplyAdds: (length) => 4 * width ** 2 + 2 * length * width,
    forward: step(forward),
    forwardAndBackward: step(both),
    release: async () => {
      await forward.release();
      await both.release();
    },
  };
}

async function compiled(engine: Engine, layer: Parameters<typeof LayerProgram.compile>[1]) {
  return {
    forward: await LayerProgram.compile(engine, layer, false),
    both: await LayerProgram.compile(engine, layer, true),
  };
}

async function largeProduct(engine: Engine) {
  const shape = [LARGE, LARGE];
  const program = await Program.compile(engine, {
    product: matmul(input("a", "float32", shape), input("b", "float32", shape)),
  });
  const value = () => floats(shape, new Float32Array(LARGE * LARGE).fill(0.5));
  const [feeds, into] = [{ a: value(), b: value() }, { product: value() }];
  return { step: () => program.run(feeds, into), release: () => program.release() };
}

interface Measured {
  readonly batch: number;
  readonly length: number;
  /** For each layer, seconds of all tokens in every round. */
  readonly layers: readonly { readonly forward: readonly number[]; readonly forwardAndBackward: readonly number[] }[];
  /** Of the large product, in the same rounds. */
  readonly gflopPerSecond: number;
}

async function measure(
  layers: readonly Contestant[],
  product: { step: () => Promise<unknown> },
  { batch, length, rounds }: { batch: number; length: number; rounds: number },
): Promise<Measured> {
  const runners = layers.map((layer) => ({
    forward: Runner.of(layer.forward(batch, length)),
    forwardAndBackward: Runner.of(layer.forwardAndBackward(batch, length)),
  }));
  const large = Runner.of(product.step);
  const all = [...runners.flatMap(({ forward, forwardAndBackward }) => [forward, forwardAndBackward]), large];
  await takeTurns(all, rounds);
  for (const { problem } of all) if (problem !== undefined) throw new Error(problem);
  return {
    batch,
    length,
    layers: runners.map(({ forward, forwardAndBackward }) => ({
      forward: forward.rounds,
      forwardAndBackward: forwardAndBackward.rounds,
    })),
    gflopPerSecond: (2 * LARGE ** 3) / 1e9 / quantile(large.rounds, 0.5),
  };
}

type Part = "forward" | "forwardAndBackward";

/** Microseconds that a token cost in each round. */
function costs({ layers, batch, length }: Measured, layer: number, part: Part): number[] {
  return layers[layer][part].map((seconds) => (seconds / (batch * length)) * 1e6);
}

function medianCost(each: Measured, layer: number, part: Part): number {
  return quantile(costs(each, layer, part), 0.5);
}

function figuresOf(layer: Contestant, index: number, measured: readonly Measured[], width: number) {
  const theory = THEORY[layer.kind];
  return {
    layer: layer.name,
    parameters: layer.parameters,
    theory: { operations: theory.operations, longestPath: layer.kind === "recurrent" ? "n − 1" : "1" },
    /** By how much the cost of a token grows from the middle length to the last, as a power of the length. */
    growth: {
      forward: growthOf(measured, (each) => medianCost(each, index, "forward")),
      forwardAndBackward: growthOf(measured, (each) => medianCost(each, index, "forwardAndBackward")),
      theory: growthOf(measured, ({ length }) => theory.operationsPerToken(length, width)),
    },
    cases: measured.map((each) => ({
      length: each.length,
      batch: each.batch,
      microsecondsPerToken: {
        forward: spreadOf(costs(each, index, "forward")),
        forwardAndBackward: spreadOf(costs(each, index, "forwardAndBackward")),
      },
      theory: {
        operationsPerToken: theory.operationsPerToken(each.length, width),
        sequentialSteps: theory.sequentialSteps(each.length),
        longestPath: theory.longestPath(each.length),
      },
      /** Of all products of the forward direction, projections included. */
      multiplyAddsPerToken: layer.multiplyAdds(each.length),
    })),
  };
}

/** The exponent between the middle and the last length; `null` where there are not two. */
function growthOf(measured: readonly Measured[], cost: (each: Measured) => number): number | null {
  const [middle, last] = [measured[Math.floor((measured.length - 1) / 2)], measured[measured.length - 1]];
  if (middle.length === last.length) return null;
  return Math.log(cost(last) / cost(middle)) / Math.log(last.length / middle.length);
}

const COLUMNS = [
  ...["n", "batch", "RNN", "RNN+back", "LSTM", "LSTM+back", "attention", "attention+back"],
  ...["path, recurrent", "path, attention"],
];
const HEADER = `microseconds a token, forward and with backward, and elements between the first and the last token
${COLUMNS.join("  ")}`;

function row(each: Measured): string {
  const medians = each.layers.flatMap((_, i) =>
    (["forward", "forwardAndBackward"] as const).map((part) => medianCost(each, i, part).toFixed(2)),
  );
  const paths = [THEORY.recurrent.longestPath(each.length), THEORY.selfAttention.longestPath()];
  const cells = [each.length, each.batch, ...medians, ...paths];
  return cells.map((cell, i) => String(cell).padStart(COLUMNS[i].length)).join("  ");
}

function chartOf(
  layers: readonly Contestant[],
  measured: readonly Measured[],
  setting: { engine: string; width: number; batch: string; gflopPerSecond: number },
): LineChart {
  const x = { label: "Length of the sequence n (tokens)", scale: "log2" } as const;
  const lines = (y: (each: Measured) => number): Point[] => measured.map((each) => ({ x: each.length, y: y(each) }));
  const cost = (part: Part, products: number) => ({
    x,
    y: { label: "Cost of a token (µs)", scale: "log" } as const,
    series: [
      ...layers.map(({ name }, i) => ({
        name,
        points: lines((each) => medianCost(each, i, part)),
      })),
      ...Object.values(THEORY).map(({ operations, operationsPerToken }) => ({
        name: `${operations}, in theory`,
        points: lines(
          ({ length }) => (2 * products * operationsPerToken(length, setting.width)) / (setting.gflopPerSecond * 1e3),
        ),
      })),
    ],
  });
  return {
    title: "What a token costs, by the length of its sequence",
    subtitle:
      `One layer of width d = ${setting.width}, ${setting.batch}; ${setting.engine}. In theory: only this many ` +
      `multiplications with their additions, at the speed of a large product (${setting.gflopPerSecond.toFixed(0)} GFLOP/s).`,
    panels: [
      { title: "Forward", ...cost("forward", 1) },
      // A product has two in the gradient: of either factor.
      { title: "Forward and backward", ...cost("forwardAndBackward", 3) },
      {
        title: "Path from the first token to the last",
        x,
        y: { label: "Steps of the network", scale: "log" },
        series: [
          { name: "Any recurrent layer", points: lines(({ length }) => THEORY.recurrent.longestPath(length)) },
          { name: "Self-attention", points: lines(() => THEORY.selfAttention.longestPath()) },
        ],
      },
    ],
  };
}
