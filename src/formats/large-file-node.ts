import { open } from "node:fs/promises";

const PIECE = 1 << 30;

/** A whole file, in pieces, because Node refuses to read more than 2 GiB at once and checkpoints of large models have more. */
export async function readLargeFile(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytes = new Uint8Array(size);
    let at = 0;
    while (at < size) {
      const { bytesRead } = await file.read(bytes, at, Math.min(PIECE, size - at), at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return bytes.subarray(0, at);
  } finally {
    await file.close();
  }
}
