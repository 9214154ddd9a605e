import { input } from "../src/graph/source.ts";
import type { CellKind } from "../src/nn/cells.ts";
import { Recurrent } from "../src/nn/recurrent.ts";
import type { Engine } from "../src/runtime/engine.ts";
import { integers } from "../src/runtime/value.ts";
import { LayerProgram } from "./layer-program.ts";
import { ObservedEngine } from "./observed-engine.ts";
import type { Subject } from "./recurrent-subject.ts";

/** Stacked recurrent layers. */
interface LayersShape {
  readonly cell: CellKind;
  readonly numLayers: number;
  readonly bidirectional: boolean;
  readonly inputSize: number;
  /** Of each direction. */
  readonly hiddenSize: number;
}

/** Recurrent layers on sequences of one length: all states, and all gradients, that of the input included. */
export async function recurrentLayers(plain: Engine, shape: LayersShape): Promise<Subject> {
  const engine = new ObservedEngine(plain);
  const model = new Recurrent(shape);
  const x = input("x", "float32", ["time", "batch", shape.inputSize]);
  const { states } = model.apply(x, input("lengths", "int32", ["batch"]));
  const program = await LayerProgram.compile(engine, { model, x, y: states }, true);
  return {
    model: { ...shape, parameters: program.parameters },
    engine,
    batchOf: ({ batch, length }) => {
      const lengths = integers([batch], new Int32Array(batch).fill(length));
      return {
        tokens: batch * length,
        task: { task: "layers", ...shape, batch, length },
        step: program.stepOf({ time: length, batch }, { lengths }),
      };
    },
    release: () => program.release(),
  };
}
