import { sharesOf } from "../../src/studio/u8-sqrt.ts";
import type { AttentionHeader, Tok } from "../../src/studio/wire.ts";
import { BackendError } from "../backend/backend-error.ts";

/** All layers and heads of one kind of attention, each weight to a byte. */
export interface AttentionPacket {
  readonly header: AttentionHeader;
  readonly rows: readonly Tok[];
  readonly cols: readonly Tok[];
  /** `√weight · 255`, `[layers, heads, rows, cols]`. */
  readonly bytes: Uint8Array;
}

/** A file of attention that cannot be shown: its numbers do not fit its words, or it is no such file. */
export class PacketError extends BackendError {
  constructor(why: string) {
    super("packet", { en: why, ko: `받은 어텐션 파일이 맞지 않습니다. 다시 시도하세요. (${why})` });
    this.name = "PacketError";
  }
}

/**
 * Reads a JMK1 file.
 *
 * @throws {PacketError} when it is none, breaks off, or names more or fewer tokens than it has rows or columns
 */
export function decodePacket(file: ArrayBuffer): AttentionPacket {
  const view = new DataView(file);
  if (file.byteLength < 8 || text(file, 0, 4) !== "JMK1") throw new PacketError("attention: this is no JMK1 file");
  const jsonEnd = 8 + view.getUint32(4, true);
  if (jsonEnd > file.byteLength) {
    throw new PacketError(`attention: the file ends at byte ${file.byteLength}, inside its header of ${jsonEnd} bytes`);
  }
  const header = JSON.parse(text(file, 8, jsonEnd)) as AttentionHeader;
  const bytes = new Uint8Array(file, Math.min(file.byteLength, 4 * Math.ceil(jsonEnd / 4)));
  const wanted = header.layers * header.heads * header.rows * header.cols;
  if (bytes.length !== wanted) {
    throw new PacketError(`attention: ${bytes.length} weights came for ${shapeOf(header)}, which are ${wanted}`);
  }
  const rows = header.toks[header.rowTok] ?? [];
  const cols = header.toks[header.colTok] ?? [];
  if (rows.length !== header.rows || cols.length !== header.cols) {
    throw new PacketError(`attention: ${rows.length} × ${cols.length} tokens came for ${shapeOf(header)}`);
  }
  return { header, rows, cols, bytes };
}

/** The bytes of one head, `[rows, cols]`. */
export function headBytes({ header, bytes }: AttentionPacket, layer: number, head: number): Uint8Array {
  const cells = header.rows * header.cols;
  const from = (layer * header.heads + head) * cells;
  return bytes.subarray(from, from + cells);
}

/** The weights of one head to about 0.003; rows sum to one again. */
export function headWeights(packet: AttentionPacket, layer: number, head: number): Float32Array {
  const { cols } = packet.header;
  const weights = sharesOf(headBytes(packet, layer, head));
  for (let row = 0; row < weights.length; row += cols) {
    const cells = weights.subarray(row, row + cols);
    const sum = cells.reduce((a, b) => a + b, 0);
    if (sum > 0) for (let i = 0; i < cols; i++) cells[i] /= sum;
  }
  return weights;
}

function text(file: ArrayBuffer, from: number, to: number): string {
  return new TextDecoder().decode(new Uint8Array(file, from, to - from));
}

function shapeOf({ layers, heads, rows, cols }: AttentionHeader): string {
  return `${layers} layers × ${heads} heads × ${rows} rows × ${cols} columns`;
}
