/**
 * Shares from 0 to 1 in a byte each, `round(255 √w)`: as fine near 0, where most weights are, as they are seen. What is
 * read back, `(u/255)²`, is wrong by 0.004 at most.
 */
export function u8sqrt(shares: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(shares, (share) => Math.round(255 * Math.sqrt(Math.min(Math.max(share, 0), 1))));
}

export function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
