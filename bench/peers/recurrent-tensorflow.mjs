// Recurrent networks in TensorFlow.js: forward and backward, without an optimizer, on the WebAssembly backend with SIMD
// and threads, or on the pure JavaScript one where that lacks a kernel. Layers are those of its layers API; an
// encoder-decoder with attention is written with its operations, since that API has none.
import { createRequire } from "node:module";
import { operations } from "./tensorflow-operations.mjs";
import { enableThreads } from "./tensorflow-threads.mjs";
import { takeTurns } from "./turns.mjs";

/** What shows soon whether a backend can do it. */
const TINY = { batch: 2, length: 2, sourceLengths: [2, 1], targetLengths: [2, 1] };

await takeTurns("tensorflow.js", async (task) => {
  const require = createRequire(import.meta.url);
  const tf = require("@tensorflow/tfjs");
  const wasm = require("@tensorflow/tfjs-backend-wasm");
  enableThreads(tf, task.threads);

  const problems = [];
  for (const backend of ["wasm", "cpu"]) {
    try {
      if (!(await tf.setBackend(backend))) throw new Error("it did not start");
      await tf.ready();
      const prepare = { layers, pairs }[task.task];
      prepare(tf, { ...task, ...TINY }).step();
      const { step, parameters } = prepare(tf, task);
      return {
        version: tf.version_core,
        backend: [backend, ...problems].join("; "),
        threads: backend === "wasm" ? wasm.getThreadsCount() : 1,
        parameters,
        step,
      };
    } catch (error) {
      problems.push(`${backend} cannot: ${String(error?.message ?? error).split("\n")[0]}`);
    }
  }
  throw new Error(problems.join("; "));
});

/** A step of stacked recurrent layers, the gradient of their input included. */
function layers(tf, { batch, length, inputSize, hiddenSize, numLayers, bidirectional }) {
  const model = tf.sequential();
  for (let i = 0; i < numLayers; i++) {
    const inputShape = i === 0 ? { inputShape: [length, inputSize] } : {};
    const options = {
      units: hiddenSize,
      returnSequences: true,
      recurrentActivation: "sigmoid",
      recurrentInitializer: "glorotUniform",
    };
    model.add(
      bidirectional
        ? tf.layers.bidirectional({ layer: tf.layers.lstm(options), mergeMode: "concat", ...inputShape })
        : tf.layers.lstm({ ...options, ...inputShape }),
    );
  }
  const x = tf.variable(tf.randomNormal([batch, length, inputSize]));
  const cotangent = tf.randomNormal([batch, length, bidirectional ? 2 * hiddenSize : hiddenSize]);
  const step = stepOf(tf, () => tf.sum(tf.mul(model.apply(x, { training: true }), cotangent)));
  return { step, parameters: model.countParams() };
}

/** Computes a loss and all its gradients. */
function stepOf(tf, loss) {
  return () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss);
      for (const gradient of Object.values(grads)) gradient.dataSync();
      return value.dataSync()[0];
    });
}

/** A step of an LSTM encoder-decoder with Bahdanau's attention on random tokens; only real ones are predicted. */
function pairs(tf, { vocabularySize, width, sourceLengths, targetLengths }) {
  const { affine, rows, crossEntropy } = operations(tf);
  const size = sourceLengths.length;
  const sourceTime = Math.max(...sourceLengths);
  const targetTime = Math.max(...targetLengths);
  const half = width / 2;
  const token = () => 1 + Math.floor(Math.random() * (vocabularySize - 1));
  const ids = (values) => tf.tensor1d(values, "int32");
  /** The numbers of the cells `[time, batch]`, by time and row. */
  const cells = (time, value) => Array.from({ length: time * size }, (_, i) => value(Math.floor(i / size), i % size));

  // A row backwards is read from its own end, so that padding comes after all that is real.
  const backwards = cells(sourceTime, (t, row) => {
    const length = sourceLengths[row];
    return (t < length ? length - 1 - t : t) * size + row;
  });
  const source = cells(sourceTime, token);
  const batch = {
    source: ids(source),
    reversed: ids(backwards.map((cell) => source[cell])),
    backwards: ids(backwards),
    ends: ids(sourceLengths.map((length, row) => (length - 1) * size + row)),
    forbidden: tf.tensor2d(
      sourceLengths.map((length) => Array.from({ length: sourceTime }, (_, t) => (t < length ? 0 : -1e9))),
    ),
    decoderInput: ids(cells(targetTime, token)),
    positions: ids(cells(targetTime, (t, row) => (t < targetLengths[row] ? t * size + row : -1)).filter((i) => i >= 0)),
  };
  batch.labels = ids(Array.from({ length: batch.positions.size }, token));

  const parameters = [];
  const parameter = (...shape) => {
    const variable = tf.variable(tf.randomUniform(shape, -0.1, 0.1));
    parameters.push(variable);
    return variable;
  };
  const dense = (inputs, outputs) => ({ weight: parameter(inputs, outputs), bias: parameter(outputs) });
  const cell = (inputs, hidden) => ({ ...dense(inputs, 4 * hidden), state: parameter(hidden, 4 * hidden) });
  const embeddings = { source: parameter(vocabularySize, width), target: parameter(vocabularySize, width) };
  const encoder = { forward: cell(width, half), backward: cell(width, half) };
  const decoder = { ...cell(width, width), context: parameter(width, 4 * width) };
  const [keys, query, output] = [dense(width, width), dense(width, width), dense(width, vocabularySize)];
  const score = parameter(width);

  const linear = (x, { weight, bias }) => affine(x, weight, bias);
  /** The gates i, f, g, o of a step before their functions, and the state, to the next state. */
  const advance = (gates, memory) => {
    const [i, f, g, o] = tf.split(gates, 4, 1);
    const next = tf.add(tf.mul(tf.sigmoid(f), memory), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    return [tf.mul(tf.sigmoid(o), tf.tanh(next)), next];
  };
  const steps = (x, time) => tf.unstack(tf.reshape(x, [time, size, -1]));
  /** All states of one direction, `[time · batch, half]` each. */
  const read = (tokens, way) => {
    let [hidden, memory] = [tf.zeros([size, half]), tf.zeros([size, half])];
    const all = steps(linear(rows(embeddings.source, tokens), way), sourceTime).map((fromInput) => {
      [hidden, memory] = advance(tf.add(fromInput, tf.matMul(hidden, way.state)), memory);
      return [hidden, memory];
    });
    return [0, 1].map((which) => tf.concat(all.map((states) => states[which])));
  };

  const loss = () => {
    const forward = read(batch.source, encoder.forward);
    const backward = read(batch.reversed, encoder.backward);
    const states = tf.concat([forward[0], rows(backward[0], batch.backwards)], 1);
    const projected = tf.transpose(tf.reshape(linear(states, keys), [sourceTime, size, width]), [1, 0, 2]);
    const values = tf.transpose(tf.reshape(states, [sourceTime, size, width]), [1, 0, 2]);
    let [hidden, memory] = [0, 1].map((which) =>
      tf.concat([rows(forward[which], batch.ends), rows(backward[which], batch.ends)], 1),
    );
    const written = steps(linear(rows(embeddings.target, batch.decoderInput), decoder), targetTime).map((fromInput) => {
      const asked = tf.reshape(linear(hidden, query), [size, 1, width]);
      const scores = tf.sum(tf.mul(tf.tanh(tf.add(projected, asked)), score), 2);
      const weights = tf.softmax(tf.add(scores, batch.forbidden));
      const context = tf.reshape(tf.matMul(tf.reshape(weights, [size, 1, sourceTime]), values), [size, width]);
      const products = tf.add(tf.matMul(context, decoder.context), tf.matMul(hidden, decoder.state));
      [hidden, memory] = advance(tf.add(fromInput, products), memory);
      return hidden;
    });
    return crossEntropy(linear(rows(tf.concat(written), batch.positions), output), batch.labels);
  };
  return { step: stepOf(tf, loss), parameters: parameters.reduce((sum, { size }) => sum + size, 0) };
}
