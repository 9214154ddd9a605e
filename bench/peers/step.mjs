// What the two JavaScript peers share: the input file, the tables made from it, the clock and the report.
import { readFileSync } from "node:fs";

const PADDING = 0;
const BLOCKED = -1e9; // added to a score where attention is not allowed

/** The input file named on the command line, its batches made ready. */
export function readInput() {
  const input = JSON.parse(readFileSync(process.argv[2], "utf8"));
  if (input.model.labelSmoothing !== 0) throw new Error("label smoothing is not written for this peer");
  return { ...input, batches: input.batches.map(prepare) };
}

/** Flat ids, additive masks, and the flat positions of the real target tokens: all that a step needs, made before the clock starts. */
function prepare({ source, target }) {
  const size = source.length;
  const sourceLength = source[0].length;
  const targetLength = target[0].length - 1;
  const decoderInput = target.map((row) => row.slice(0, -1));
  const labels = target.flatMap((row) => row.slice(1));
  const positions = labels.flatMap((label, position) => (label === PADDING ? [] : [position]));
  const sourceMask = Float32Array.from(source.flat(), (id) => (id === PADDING ? BLOCKED : 0));
  const targetMask = new Float32Array(size * targetLength * targetLength);
  decoderInput.forEach((row, b) => {
    for (let query = 0; query < targetLength; query++) {
      for (let key = 0; key < targetLength; key++) {
        if (key > query || row[key] === PADDING) targetMask[(b * targetLength + query) * targetLength + key] = BLOCKED;
      }
    }
  });
  return {
    size,
    sourceLength,
    targetLength,
    source: Int32Array.from(source.flat()),
    decoderInput: Int32Array.from(decoderInput.flat()),
    sourceMask, // [size, 1, 1, sourceLength]
    targetMask, // [size, 1, targetLength, targetLength]
    positions: Int32Array.from(positions),
    labels: Int32Array.from(positions, (position) => labels[position]),
  };
}

/** Every parameter as `{ shape, data }` by name: Glorot-uniform matrices, N(0, 1/dModel) embeddings, unit norms, zero biases. */
export function initialParameters({ numLayers, dModel, dFeedForward, vocabularySize }) {
  const parameters = {};
  const filled = (shape, value) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, value),
  });
  const linear = (name, inputs, outputs) => {
    const limit = Math.sqrt(6 / (inputs + outputs));
    parameters[`${name}.weight`] = filled([inputs, outputs], () => limit * (2 * Math.random() - 1));
    parameters[`${name}.bias`] = filled([outputs], () => 0);
  };
  const norm = (name) => {
    parameters[`${name}.scale`] = filled([dModel], () => 1);
    parameters[`${name}.shift`] = filled([dModel], () => 0);
  };
  for (const side of ["encoder", "decoder"]) {
    parameters[`${side}.embedding`] = filled([vocabularySize, dModel], () => normal() / Math.sqrt(dModel));
    for (let i = 0; i < numLayers; i++) {
      const layer = `${side}.${i}`;
      for (const attention of side === "decoder" ? ["self", "cross"] : ["self"]) {
        for (const part of ["query", "key", "value", "output"]) linear(`${layer}.${attention}.${part}`, dModel, dModel);
        norm(`${layer}.${attention}.norm`);
      }
      linear(`${layer}.feedForward.inner`, dModel, dFeedForward);
      linear(`${layer}.feedForward.outer`, dFeedForward, dModel);
      norm(`${layer}.feedForward.norm`);
    }
  }
  linear("projection", dModel, vocabularySize);
  return parameters;
}

function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

/** Sinusoidal positions, `[length, dModel]`. */
export function sinusoids(length, dModel) {
  return Float32Array.from({ length: length * dModel }, (_, i) => {
    const column = i % dModel;
    const angle = Math.floor(i / dModel) / 10000 ** ((column - (column % 2)) / dModel);
    return column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}

let state = 0x9e3779b9; // xorshift32

/** A dropout mask: 0 with probability `rate`, else 1 / (1 - rate). Two elements for each random word. */
export function dropoutMask(length, rate) {
  const mask = new Float32Array(length);
  const threshold = Math.round(rate * 65536);
  const kept = 1 / (1 - rate);
  for (let i = 0; i < length; i += 2) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    mask[i] = (state & 0xffff) < threshold ? 0 : kept;
    if (i + 1 < length) mask[i + 1] = state >>> 16 < threshold ? 0 : kept;
  }
  return mask;
}

/** Runs `step(batch, index)`, which answers the loss, over every batch in order; the first `warmup` are not timed. */
export async function timeSteps({ batches, warmup }, step) {
  const secondsPerStep = [];
  const losses = [];
  for (const [index, batch] of batches.entries()) {
    const start = performance.now();
    losses.push(await step(batch, index));
    if (index >= warmup) secondsPerStep.push((performance.now() - start) / 1000);
  }
  return { secondsPerStep, losses };
}

/** Prints what `run` answers as the one line of this peer; a peer that cannot run says why and succeeds. */
export async function report(peer, run) {
  let answer;
  try {
    answer = await run();
  } catch (error) {
    answer = { unavailable: String(error?.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify({ peer, ...answer })}\n`, () => process.exit(0));
}
