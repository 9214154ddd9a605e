import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType as AttributeType,
  type TensorProto_DataType as DataType,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from "onnx-buf";

/** Where ONNX Runtime has its own operators. */
export const CONTRIBUTED = "com.microsoft";

/** A node of whole-numbered attributes. */
export function node(
  opType: string,
  input: string[],
  output: string | string[],
  attributes: Readonly<Record<string, number | readonly number[]>> = {},
): NodeProto {
  const outputs = typeof output === "string" ? [output] : output;
  const attribute = Object.entries(attributes).map(([name, value]) =>
    typeof value === "number"
      ? { name, type: AttributeType.INT, i: BigInt(value) }
      : { name, type: AttributeType.INTS, ints: value.map(BigInt) },
  );
  const made: MessageInitShape<typeof NodeProtoSchema> = {
    name: `${opType}.${outputs[0]}`,
    opType,
    input,
    output: outputs,
    attribute,
  };
  return create(NodeProtoSchema, made);
}

/** A tensor of a file, with the bytes of an array. */
export function initializer(
  name: string,
  dataType: DataType,
  dims: number[],
  { buffer }: Int8Array | Uint8Array | Float32Array | BigInt64Array,
) {
  const rawData = new Uint8Array(buffer as ArrayBuffer);
  return create(TensorProtoSchema, { name, dataType, dims: dims.map(BigInt), rawData });
}

/** The values of a float32 tensor. */
export function floatsOf({ rawData }: TensorProto): Float32Array {
  // Copied, so that it starts at a multiple of four.
  return new Float32Array(rawData.slice().buffer);
}
