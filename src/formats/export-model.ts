import type { Tensor } from "../graph/tensor.ts";
import type { Module } from "../nn/module.ts";
import { type Compression, compressed } from "../onnx/compress.ts";
import { type Lowered, lower } from "../onnx/lower.ts";
import type { FlatValues } from "../runtime/parameters.ts";

/** A file to write: text, or the parts of a binary file in order. */
export type FileContent = string | readonly Uint8Array[];

/** The files of an export by their path inside its folder. */
export type ExportedFiles = Map<string, FileContent>;

export interface ExportOptions {
  /** How weights are stored: int8 a channel with dynamic activations, or half precision. Default: as they are. */
  compression?: Compression;
}

/** A model cannot be exported so; the message says why. */
export class ExportError extends Error {
  override readonly name = "ExportError";
}

/** Writes graphs of a model, its weights inside, as ONNX files. */
export class OnnxFiles {
  readonly #parameters: ReadonlyMap<Tensor, string>;
  readonly #weights: FlatValues;
  readonly #metadata: Readonly<Record<string, string>>;

  constructor(model: Module, weights: FlatValues, metadata: Readonly<Record<string, string>>) {
    this.#parameters = model.names();
    this.#weights = weights;
    this.#metadata = metadata;
  }

  write(outputs: Readonly<Record<string, Tensor>>): Lowered {
    return lower(outputs, {
      parameters: this.#parameters,
      values: (name) => this.#weights.of(name),
      metadata: this.#metadata,
    });
  }
}

/** An ONNX model, compressed if asked for. */
export function fileOf({ bytes }: Lowered, compression?: Compression): FileContent {
  return [compression === undefined ? bytes : compressed(bytes, compression)];
}

/** A JSON file. */
export function jsonFile(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Inputs and outputs of an ONNX model as a table for people. */
export function signature({ inputs, outputs }: Lowered): string {
  const row = (kind: string) => (type: Lowered["outputs"][number]) =>
    `| ${kind} | \`${type.name}\` | ${type.dtype} | ${type.shape.map((length) => `\`${length}\``).join(" × ")} |`;
  return [
    "| | name | type | shape |",
    "|---|---|---|---|",
    ...inputs.map(row("in")),
    ...outputs.map(row("out")),
    "",
  ].join("\n");
}
