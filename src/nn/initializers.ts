import type { Random } from "../random/random.ts";

/** Draws the first values of a parameter. */
export type Initializer = (random: Random, values: Float32Array, shape: readonly number[]) => void;

/** Always this number. */
export function constantly(value: number): Initializer {
  return (_, values) => {
    values.fill(value);
  };
}

/** Normal with mean 0. */
export function normal(deviation: number): Initializer {
  return each((random) => deviation * random.normal());
}

/** Uniform in ±limit. */
export function uniform(limit: number): Initializer {
  return each((random) => limit * (2 * random.uniform() - 1));
}

/** Uniform in ±√(6 / (fan in + fan out)) (Glorot and Bengio 2010, eq. 16). */
export function glorotUniform(fanIn: number, fanOut: number): Initializer {
  return uniform(Math.sqrt(6 / (fanIn + fanOut)));
}

/**
 * A matrix `[rows, columns]` with orthonormal columns, where there are no more columns than rows, else rows (Saxe et
 * al. 2014): a product with it keeps lengths, so that a state survives many steps.
 */
export function orthogonal(): Initializer {
  return (random, values, [rows, columns]) => {
    const [count, length] = columns <= rows ? [columns, rows] : [rows, columns];
    const vectors: Float64Array[] = [];
    while (vectors.length < count) {
      const vector = Float64Array.from({ length }, () => random.normal());
      // Gram and Schmidt; twice is enough to be orthogonal to rounding.
      for (const other of [...vectors, ...vectors]) {
        const overlap = dot(vector, other);
        for (let i = 0; i < length; i++) vector[i] -= overlap * other[i];
      }
      const norm = Math.sqrt(dot(vector, vector));
      vectors.push(vector.map((x) => x / norm));
    }
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        values[row * columns + column] = columns <= rows ? vectors[column][row] : vectors[row][column];
      }
    }
  };
}

function each(draw: (random: Random) => number): Initializer {
  return (random, values) => {
    for (let i = 0; i < values.length; i++) values[i] = draw(random);
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
