// Recurrent layers in TensorFlow.js, as its layers API has them: forward and backward, without an optimizer, on the
// WebAssembly backend with SIMD and threads, or on the pure JavaScript one where that lacks a kernel.
import { createRequire } from "node:module";
import { enableThreads } from "./tensorflow-threads.mjs";
import { takeTurns } from "./turns.mjs";

await takeTurns("tensorflow.js", async (task) => {
  if (task.task !== "layers") throw new Error("an encoder-decoder is not written for this peer");
  const require = createRequire(import.meta.url);
  const tf = require("@tensorflow/tfjs");
  const wasm = require("@tensorflow/tfjs-backend-wasm");
  enableThreads(tf, task.threads);

  const problems = [];
  for (const backend of ["wasm", "cpu"]) {
    try {
      if (!(await tf.setBackend(backend))) throw new Error("it did not start");
      await tf.ready();
      layers(tf, { ...task, batch: 2, length: 2 }).step();
      const { step, parameters } = layers(tf, task);
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
  const step = () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => tf.sum(tf.mul(model.apply(x, { training: true }), cotangent)));
      for (const gradient of Object.values(grads)) gradient.dataSync();
      return value.dataSync()[0];
    });
  return { step, parameters: model.countParams() };
}
