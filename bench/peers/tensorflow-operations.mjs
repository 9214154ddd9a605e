// Operations of TensorFlow.js with gradients by hand, where the WebAssembly backend lacks the kernel of the built-in
// gradient, or has only a slow one.

/** @param tf the library */
export function operations(tf) {
  // As a product with ones: the sum over the first axis is slow.
  const columnSums = (x) => tf.reshape(tf.matMul(tf.ones([1, x.shape[0]]), x), [-1]);

  // Y = XW + b. The built-in gradient multiplies with transpose flags, which leave the fast (XNNPACK) kernel;
  // transposing first keeps all three products on it.
  const affine = tf.customGrad((x, weight, bias, save) => {
    save([x, weight]);
    return {
      value: tf.fused.matMul({ a: x, b: weight, bias }),
      gradFunc: (dY, [x, weight]) => [
        tf.matMul(dY, tf.transpose(weight)),
        tf.matMul(tf.transpose(x), dY),
        columnSums(dY),
      ],
    };
  });

  // Rows of a table. The built-in gradient needs UnsortedSegmentSum, which the backend does not have.
  const rows = (table, ids) =>
    tf.customGrad((table, save) => {
      save([ids]);
      const gradFunc = (dY, [ids]) => tf.scatterND(tf.expandDims(ids, 1), dY, table.shape);
      return { value: tf.gatherND(table, tf.expandDims(ids, 1)), gradFunc };
    })(table);

  // Mean of -log softmax(logits)[label]. The backend does not have LogSoftmax; the gradient is softmax - one-hot.
  const crossEntropy = (logits, labels) =>
    tf.customGrad((logits, save) => {
      const probabilities = tf.softmax(logits);
      const [count, classes] = logits.shape;
      const cells = tf.stack([tf.range(0, count, 1, "int32"), labels], 1);
      save([probabilities]);
      return {
        value: tf.neg(tf.mean(tf.log(tf.gatherND(probabilities, cells)))),
        gradFunc: (dLoss, [probabilities]) =>
          tf.mul(tf.sub(probabilities, tf.oneHot(labels, classes)), tf.div(dLoss, count)),
      };
    })(logits);

  return { columnSums, affine, rows, crossEntropy };
}
