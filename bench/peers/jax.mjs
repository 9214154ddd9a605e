// jax-js on its WebAssembly backend: one jitted function computes loss, gradients and the Adam update.
//
// Every array is owned: a function consumes its arguments, and `.ref` keeps one for another use.
import { readFileSync } from "node:fs";
import { enableThreads } from "./jax-threads.mjs";
import { dropoutMask, initialParameters, readInput, report, sinusoids, timeSteps } from "./step.mjs";

const THREADS = 2;
const ROWS = 64; // real target positions are padded to a multiple: every new shape is compiled

await report("jax-js", async () => {
  enableThreads(THREADS);
  const { blockUntilReady, init, jit, nn, numpy: np, tree, valueAndGrad } = await import("@jax-js/jax");
  if (!(await init("wasm")).includes("wasm")) throw new Error("the WebAssembly backend did not start");

  const input = readInput();
  const { numLayers, dModel, numHeads, dropout } = input.model;
  const { beta1, beta2, epsilon } = input.adam;
  const filled = (data, shape) => np.array(data).reshape(shape);

  const normalize = (x, p, name) => {
    const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }));
    const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
    return centred
      .div(np.sqrt(variance.add(1e-5)))
      .mul(p[`${name}.scale`])
      .add(p[`${name}.shift`]);
  };
  const linear = (x, p, name) => np.matmul(x, p[`${name}.weight`]).add(p[`${name}.bias`]);

  /** The loss of one batch; `masks` are consumed in the order of the dropouts. */
  function loss(p, batch, masks) {
    const [size, , , sourceLength] = batch.sourceMask.shape;
    const targetLength = batch.targetMask.shape[3];
    const unused = [...masks];
    const drop = (x) => (dropout === 0 ? x : x.mul(unused.shift()));
    const sublayer = (x, change, name) => normalize(x.add(drop(change)), p, `${name}.norm`);
    const heads = (x, length, name) =>
      linear(x, p, name)
        .reshape([size, length, numHeads, dModel / numHeads])
        .transpose([0, 2, 1, 3]);
    const attention = (x, length, memory, memoryLength, mask, name) => {
      const query = heads(x.ref, length, `${name}.query`).mul(Math.sqrt(numHeads / dModel));
      const keys = heads(memory.ref, memoryLength, `${name}.key`).transpose([0, 1, 3, 2]);
      const values = heads(memory, memoryLength, `${name}.value`);
      const context = np.matmul(nn.softmax(np.matmul(query, keys).add(mask), -1), values);
      const joined = context.transpose([0, 2, 1, 3]).reshape([size * length, dModel]);
      return sublayer(x, linear(joined, p, `${name}.output`), name);
    };
    const feedForward = (x, name) =>
      sublayer(x.ref, linear(nn.relu(linear(x, p, `${name}.inner`)), p, `${name}.outer`), name);
    const embed = (ids, length, sinusoid, side) => {
      const embedded = np.take(p[`${side}.embedding`], ids, 0).mul(Math.sqrt(dModel));
      const placed = embedded.reshape([size, length, dModel]).add(sinusoid);
      return drop(placed.reshape([size * length, dModel]));
    };

    let x = embed(batch.source, sourceLength, batch.sourceSinusoid, "encoder");
    for (let i = 0; i < numLayers; i++) {
      x = attention(x.ref, sourceLength, x, sourceLength, batch.sourceMask.ref, `encoder.${i}.self`);
      x = feedForward(x, `encoder.${i}.feedForward`);
    }
    let y = embed(batch.decoderInput, targetLength, batch.targetSinusoid, "decoder");
    for (let i = 0; i < numLayers; i++) {
      y = attention(y.ref, targetLength, y, targetLength, batch.targetMask.ref, `decoder.${i}.self`);
      y = attention(y, targetLength, x.ref, sourceLength, batch.sourceMask.ref, `decoder.${i}.cross`);
      y = feedForward(y, `decoder.${i}.feedForward`);
    }
    x.dispose();
    batch.sourceMask.dispose();
    batch.targetMask.dispose();
    const real = np.take(y, batch.positions, 0).mul(batch.present);
    const logits = linear(real, p, "projection");
    const label = nn.oneHot(batch.labels, input.model.vocabularySize);
    const surprise = nn.logsumexp(logits.ref, -1).sub(np.sum(logits.mul(label), -1));
    return np.sum(surprise.mul(batch.weights));
  }

  const step = jit(function step(p, first, second, corrections, batch, masks) {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(p), batch, masks);
    const parameters = {};
    for (const name of Object.keys(p)) {
      const gradient = gradients[name];
      first[name] = first[name].mul(beta1).add(gradient.ref.mul(1 - beta1));
      second[name] = second[name].mul(beta2).add(np.square(gradient).mul(1 - beta2));
      const rate = corrections.first.ref.mul(input.learningRate);
      const root = np.sqrt(second[name].ref.mul(corrections.second.ref)).add(epsilon);
      parameters[name] = p[name].sub(first[name].ref.mul(rate).div(root));
    }
    tree.dispose(corrections);
    return { value, parameters, first, second };
  });

  const toArrays = (batch) => {
    const { size, sourceLength, targetLength } = batch;
    const count = batch.positions.length;
    const padded = Math.ceil(count / ROWS) * ROWS;
    const extended = (ids) => np.array(Int32Array.from({ length: padded }, (_, i) => ids[i] ?? 0));
    return {
      source: np.array(batch.source),
      sourceSinusoid: filled(sinusoids(sourceLength, dModel), [sourceLength, dModel]),
      sourceMask: filled(batch.sourceMask, [size, 1, 1, sourceLength]),
      decoderInput: np.array(batch.decoderInput),
      targetSinusoid: filled(sinusoids(targetLength, dModel), [targetLength, dModel]),
      targetMask: filled(batch.targetMask, [size, 1, targetLength, targetLength]),
      positions: extended(batch.positions),
      labels: extended(batch.labels),
      present: filled(
        Float32Array.from({ length: padded }, (_, i) => (i < count ? 1 : 0)),
        [padded, 1],
      ),
      weights: np.array(Float32Array.from({ length: padded }, (_, i) => (i < count ? 1 / count : 0))),
    };
  };
  const toMasks = ({ size, sourceLength, targetLength }) => {
    const masks = (length, count) =>
      Array.from({ length: dropout === 0 ? 0 : count }, () =>
        filled(dropoutMask(size * length * dModel, dropout), [size * length, dModel]),
      );
    return [...masks(sourceLength, 1 + 2 * numLayers), ...masks(targetLength, 1 + 3 * numLayers)];
  };

  const initial = Object.entries(initialParameters(input.model));
  const tensors = (value) =>
    Object.fromEntries(initial.map(([name, { shape, data }]) => [name, filled(value(data), shape)]));
  let parameters = tensors((data) => data);
  let first = tensors((data) => new Float32Array(data.length));
  let second = tensors((data) => new Float32Array(data.length));
  const run = async (batch, index) => {
    const correction = (beta) => np.array(1 / (1 - beta ** (index + 1)));
    const corrections = { first: correction(beta1), second: correction(beta2) };
    const result = step(parameters, first, second, corrections, toArrays(batch), toMasks(batch));
    // Waiting for one output first submits all; waiting for all at once makes a promise for each output and kernel.
    await blockUntilReady(result.value);
    return blockUntilReady(result);
  };

  // Compile every shape before the clock starts: run it once and throw the result away.
  for (const batch of input.batches) {
    [parameters, first, second].map(tree.ref);
    const result = await run(batch, 0);
    tree.dispose(result);
  }
  const timed = await timeSteps(input, async (batch, index) => {
    const result = await run(batch, index);
    ({ parameters, first, second } = result);
    return (await result.value.data())[0];
  });
  const { version } = JSON.parse(
    readFileSync(new URL("node_modules/@jax-js/jax/package.json", import.meta.url), "utf8"),
  );
  return {
    version,
    backend: "wasm, jit",
    threads: THREADS,
    parameters: initial.reduce((sum, [, { data }]) => sum + data.length, 0),
    ...timed,
  };
});
