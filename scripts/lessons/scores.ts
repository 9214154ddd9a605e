import { reshape, sum } from "../../src/graph/broadcast.ts";
import { log, negate } from "../../src/graph/elementwise.ts";
import { pick } from "../../src/graph/gather.ts";
import { input } from "../../src/graph/source.ts";
import { AttentionPooling } from "../../src/models/attention-pooling.ts";
import { correct } from "../../src/nn/loss.ts";
import { Random } from "../../src/random/random.ts";
import type { Engine } from "../../src/runtime/engine.ts";
import { floats, integers } from "../../src/runtime/value.ts";
import type { Task } from "../../src/training/task.ts";
import { learn } from "./learn.ts";
import { rounded } from "./rounded.ts";

/** How many points are looked at, and how many units Bahdanau's network has for scoring one. */
const [KEYS, UNITS] = [5, 8];

type Point = readonly [x: number, y: number];

/** A point that asks, points that are looked at, and which of them is nearest. */
interface Nearest {
  readonly query: Point;
  readonly keys: readonly Point[];
  readonly nearest: number;
}

function nearest(random: Random): Nearest {
  const point = (): Point => [2 * random.uniform() - 1, 2 * random.uniform() - 1];
  const [query, keys] = [point(), Array.from({ length: KEYS }, point)];
  const away = keys.map(([x, y]) => (x - query[0]) ** 2 + (y - query[1]) ** 2);
  return { query, keys, nearest: away.indexOf(Math.min(...away)) };
}

/** Looking at the nearest point: a product of two vectors cannot say which that is, a small network learns it. */
function lookingAtTheNearest(model: AttentionPooling): Task<Nearest> {
  return {
    model,
    measuredCells: 4096,
    sums: () => {
      const query = input("query", "float32", ["batch", 2]);
      const keys = input("keys", "float32", ["batch", KEYS, 2]);
      const { weights } = model.apply(query, keys, input("counts", "int32", ["batch"]));
      const shares = reshape(weights, ["batch", KEYS]);
      const labels = input("labels", "int32", ["batch"]);
      return { loss: sum(negate(log(pick(shares, labels)))), correct: sum(correct(shares, labels)) };
    },
    lengths: (examples) => {
      const ones = new Int32Array(examples.length).fill(1);
      return { sources: ones, targets: ones };
    },
    batch: (examples, indices) => {
      const rows = Array.from(indices, (index) => examples[index]);
      return {
        feeds: {
          query: floats([rows.length, 2], Float32Array.from(rows.flatMap(({ query }) => query))),
          keys: floats([rows.length, KEYS, 2], Float32Array.from(rows.flatMap(({ keys }) => keys.flat()))),
          counts: integers([rows.length], new Int32Array(rows.length).fill(KEYS)),
          labels: integers(
            [rows.length],
            Int32Array.from(rows, (row) => row.nearest),
          ),
        },
        tokens: rows.length,
      };
    },
    check: ({ keys }) => {
      if (keys.length !== KEYS) throw new Error(`scores: an example has ${keys.length} points; it wants ${KEYS}`);
    },
  };
}

/** The weights of Bahdanau's score after learning to look at the nearest of some points of the plane. */
export async function scoreNumbers(engine: Engine, seed: number) {
  const random = Random.of(seed, "points");
  const model = new AttentionPooling(2, UNITS);
  const learnt = await learn(engine, {
    task: lookingAtTheNearest(model),
    examples: Array.from({ length: 6000 }, () => nearest(random)),
    epochs: 20,
    batchSize: 100,
    peak: 2e-2,
    seed,
  });
  const weight = (name: string) => rounded(learnt.weights.of(name));
  const pairs = (values: readonly number[]) => values.flatMap((x, i) => (i % 2 === 0 ? [[x, values[i + 1]]] : []));
  return {
    steps: learnt.steps,
    loss: rounded([learnt.loss])[0],
    /** W₁ and its bias on keys, W₂ and its bias on the query, `[units, 2]`; v, `[units]`. */
    keyWeight: pairs(weight("keyProjection.weight")),
    keyBias: weight("keyProjection.bias"),
    queryWeight: pairs(weight("queryProjection.weight")),
    queryBias: weight("queryProjection.bias"),
    scoring: weight("scoring"),
  };
}
