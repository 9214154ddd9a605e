/**
 * Shares from 0 to 1 in a byte each, `round(255 √w)`: as fine near 0, where most weights are, as they are seen. What is
 * read back, `(u/255)²`, is wrong by 0.004 at most.
 */
export function u8sqrt(shares: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(shares, (share) => Math.round(255 * Math.sqrt(Math.min(Math.max(share, 0), 1))));
}

/** The shares that bytes of {@link u8sqrt} stand for. */
export function sharesOf(bytes: ArrayLike<number>): Float32Array {
  return Float32Array.from(bytes, (byte) => (byte / 255) ** 2);
}

/** Bytes as a base64 text. */
export function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** The bytes of a base64 text. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
