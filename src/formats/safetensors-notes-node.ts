import { open } from "node:fs/promises";
import type { SafeTensors } from "./safetensors.ts";

/** The notes in the header of a safetensors file; its tensors, which may be large, are not read. */
export async function readSafeTensorsNotes(path: string): Promise<SafeTensors["metadata"]> {
  const file = await open(path);
  try {
    const length = Buffer.alloc(8);
    await file.read(length, 0, 8, 0);
    const { size } = await file.stat();
    const header = Buffer.alloc(Math.min(Number(length.readBigUInt64LE()), size));
    await file.read(header, 0, header.length, 8);
    return JSON.parse(header.toString("utf8")).__metadata__ ?? {};
  } finally {
    await file.close();
  }
}
