import { sequenceLength } from "../../bench/sequence-length.ts";
import { rounded } from "./rounded.ts";

interface Measured {
  readonly engine: string;
  readonly width: number;
  readonly layers: readonly {
    readonly layer: string;
    readonly cases: readonly {
      readonly length: number;
      readonly microsecondsPerToken: { readonly forward: { readonly least: number } };
    }[];
  }[];
}

/** What a token costs by the length of its sequence, as `bench -- sequence-length` measures it: the fastest of its rounds. */
export async function costNumbers() {
  const measured = (await sequenceLength.run(["--rounds", "5", "--threads", "1"])) as unknown as Measured;
  const layer = (name: string) => {
    const { cases } = measured.layers.find((each) => each.layer === name)!;
    return rounded(
      cases.map(({ microsecondsPerToken }) => microsecondsPerToken.forward.least),
      3,
    );
  };
  const { engine, width, layers } = measured;
  return {
    engine,
    width,
    lengths: layers[0].cases.map(({ length }) => length),
    recurrent: layer("RNN (tanh)"),
    attention: layer("Self-attention"),
  };
}
