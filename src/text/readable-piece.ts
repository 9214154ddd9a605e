import { bytePiece, fromByteCharacters } from "./bytes.ts";
import { continuation } from "./special-tokens.ts";

/**
 * A piece of a byte-level vocabulary as people read it: "ìĺģíĻĶ" is "영화", "##Ļ" is "<0x99>".
 *
 * Bytes that are no character, alone or together, and control characters are shown by number. A piece that is not
 * written in byte characters is given back as it is.
 */
export function readablePiece(piece: string): string {
  const prefix = piece.startsWith(continuation) && piece !== continuation ? continuation : "";
  const bytes = fromByteCharacters(piece.slice(prefix.length));
  if (!bytes) return piece;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!/\p{Cc}/u.test(text)) return prefix + text;
  } catch {
    // Part of a character.
  }
  return Array.from(bytes, (byte) => (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : bytePiece(byte))).join(
    "",
  );
}
