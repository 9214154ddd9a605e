// TensorFlow.js on its WebAssembly backend, with SIMD and threads.
//
// The native binding (@tensorflow/tfjs-node) is not measured: its install script downloads libtensorflow, and
// install scripts are off here. The pure JavaScript backend ("cpu") is far slower than WebAssembly.
import { createRequire } from "node:module";
import { dropoutMask, initialParameters, readInput, report, sinusoids, timeSteps } from "./step.mjs";
import { operations } from "./tensorflow-operations.mjs";
import { enableThreads } from "./tensorflow-threads.mjs";

const THREADS = 2;

await report("tensorflow.js", async () => {
  const require = createRequire(import.meta.url);
  const tf = require("@tensorflow/tfjs");
  const wasm = require("@tensorflow/tfjs-backend-wasm");
  enableThreads(tf, THREADS);
  if (!(await tf.setBackend("wasm"))) throw new Error("the WebAssembly backend did not start");
  await tf.ready();

  const input = readInput();
  const { numLayers, dModel, numHeads, dropout } = input.model;
  const parameters = {};
  for (const [name, { shape, data }] of Object.entries(initialParameters(input.model))) {
    parameters[name] = tf.variable(tf.tensor(data, shape), true, name);
  }
  const longest = Math.max(...input.batches.map((b) => Math.max(b.sourceLength, b.targetLength)));
  const sinusoid = tf.tensor(sinusoids(longest, dModel), [longest, dModel]);

  const { columnSums, affine, rows, crossEntropy } = operations(tf);
  const linear = (x, name) => affine(x, parameters[`${name}.weight`], parameters[`${name}.bias`]);

  // y = (x - mean) / deviation · scale + shift
  const normalize = tf.customGrad((x, scale, shift, save) => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-5));
    const normal = tf.mul(centred, inverse);
    save([normal, inverse, scale]);
    return {
      value: tf.add(tf.mul(normal, scale), shift),
      gradFunc: (dY, [normal, inverse, scale]) => {
        const dNormal = tf.mul(dY, scale);
        const along = tf.mul(normal, tf.mean(tf.mul(dNormal, normal), -1, true));
        const dX = tf.mul(tf.sub(tf.sub(dNormal, tf.mean(dNormal, -1, true)), along), inverse);
        return [dX, columnSums(tf.mul(dY, normal)), columnSums(dY)];
      },
    };
  });

  const drop = (x) => (dropout === 0 ? x : tf.mul(x, tf.tensor(dropoutMask(x.size, dropout), x.shape)));
  const sublayer = (x, change, name) =>
    normalize(tf.add(x, drop(change)), parameters[`${name}.norm.scale`], parameters[`${name}.norm.shift`]);

  // [size · length, dModel] → [size, heads, length, depth]
  const heads = (x, size, name) =>
    tf.transpose(tf.reshape(linear(x, name), [size, -1, numHeads, dModel / numHeads]), [0, 2, 1, 3]);
  const attention = (x, memory, size, mask, name) => {
    const query = tf.mul(heads(x, size, `${name}.query`), Math.sqrt(numHeads / dModel));
    const scores = tf.matMul(query, heads(memory, size, `${name}.key`), false, true);
    const context = tf.matMul(tf.softmax(tf.add(scores, mask)), heads(memory, size, `${name}.value`));
    const joined = tf.reshape(tf.transpose(context, [0, 2, 1, 3]), [-1, dModel]);
    return sublayer(x, linear(joined, `${name}.output`), name);
  };
  const feedForward = (x, name) => sublayer(x, linear(tf.relu(linear(x, `${name}.inner`)), `${name}.outer`), name);
  const embed = (ids, side) => {
    const [size, length] = ids.shape;
    const embedded = tf.mul(rows(parameters[`${side}.embedding`], tf.reshape(ids, [-1])), Math.sqrt(dModel));
    const placed = tf.add(tf.reshape(embedded, [size, length, dModel]), tf.slice(sinusoid, 0, length));
    return drop(tf.reshape(placed, [-1, dModel]));
  };

  const lossOf = ({ size, source, sourceMask, decoderInput, targetMask, positions, labels }) => {
    let x = embed(source, "encoder");
    for (let i = 0; i < numLayers; i++) {
      x = attention(x, x, size, sourceMask, `encoder.${i}.self`);
      x = feedForward(x, `encoder.${i}.feedForward`);
    }
    let y = embed(decoderInput, "decoder");
    for (let i = 0; i < numLayers; i++) {
      y = attention(y, y, size, targetMask, `decoder.${i}.self`);
      y = attention(y, x, size, sourceMask, `decoder.${i}.cross`);
      y = feedForward(y, `decoder.${i}.feedForward`);
    }
    return crossEntropy(linear(rows(y, positions), "projection"), labels);
  };
  // Made outside of the differentiated function, which disposes of what it makes before its gradient runs.
  const toTensors = (batch) => {
    const { size, sourceLength, targetLength } = batch;
    return {
      size,
      source: tf.tensor2d(batch.source, [size, sourceLength], "int32"),
      sourceMask: tf.tensor(batch.sourceMask, [size, 1, 1, sourceLength]),
      decoderInput: tf.tensor2d(batch.decoderInput, [size, targetLength], "int32"),
      targetMask: tf.tensor(batch.targetMask, [size, 1, targetLength, targetLength]),
      positions: tf.tensor1d(batch.positions, "int32"),
      labels: tf.tensor1d(batch.labels, "int32"),
    };
  };

  const optimizer = tf.train.adam(input.learningRate, input.adam.beta1, input.adam.beta2, input.adam.epsilon);
  const step = (batch) =>
    tf.tidy(() => {
      const tensors = toTensors(batch);
      const { value, grads } = tf.variableGrads(() => lossOf(tensors));
      optimizer.applyGradients(grads);
      return value.dataSync()[0];
    });
  const missing = ["UnsortedSegmentSum", "LogSoftmax"].filter((kernel) => tf.getKernel(kernel, "wasm") === undefined);
  return {
    version: tf.version_core,
    backend: `wasm, SIMD ${tf.env().get("WASM_HAS_SIMD_SUPPORT") ? "on" : "off"}; kernels it lacks: ${missing.join(", ")}`,
    threads: wasm.getThreadsCount(),
    parameters: Object.values(parameters).reduce((sum, parameter) => sum + parameter.size, 0),
    ...(await timeSteps(input, step)),
  };
});
