const utf8 = new TextEncoder();

/**
 * One printable character a byte, as GPT-2 chose them (`bytes_to_unicode`, Radford et al. 2019): printable Latin-1
 * stands for itself, the other bytes have U+0100 and on.
 */
const byteCharacters = Array.from({ length: 256 }, (_, byte) => byte).map((byte) => {
  const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  const unprintableBefore = byte <= 0x20 ? byte : byte <= 0xa0 ? byte - 0x7f + 0x21 : 0x43;
  return String.fromCharCode(printable ? byte : 0x100 + unprintableBefore);
});

const byteOf = new Map(byteCharacters.map((character, byte) => [character, byte]));

/** The name of a byte as a piece: `bytePiece(236)` is `"<0xEC>"`, as in SentencePiece's byte fallback. */
export function bytePiece(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
}

/** Every byte as a piece, `<0x00>` … `<0xFF>`. */
export function bytePieces(): string[] {
  return byteCharacters.map((_, byte) => bytePiece(byte));
}

/** Writes the UTF-8 bytes of a text with one character each, as the `ByteLevel` parts do: "영" is "ìĺģ". */
export function toByteCharacters(text: string): string {
  return Array.from(utf8.encode(text), (byte) => byteCharacters[byte]).join("");
}

/** The bytes that `toByteCharacters` wrote, or null if one of the characters stands for no byte. */
export function fromByteCharacters(characters: string): Uint8Array | null {
  const bytes: number[] = [];
  for (const character of characters) {
    const byte = byteOf.get(character);
    if (byte === undefined) return null;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/**
 * The byte characters that can begin a word, and those that can go on with one, in valid UTF-8 (RFC 3629, §4).
 *
 * A word begins with an ASCII byte or the first byte of a longer sequence; any byte but C0, C1 and F5 … FF may follow.
 */
export function utf8ByteCharacters(): { first: string[]; later: string[] } {
  const used = byteCharacters.filter((_, byte) => byte < 0xf5 && byte !== 0xc0 && byte !== 0xc1);
  return { first: used.filter((character) => !isTrailing(byteOf.get(character)!)), later: used };
}

function isTrailing(byte: number): boolean {
  return byte >= 0x80 && byte < 0xc0;
}
