/** Weights of bytes `u = 255·√weight`. */
export function weightsOf(bytes: ArrayLike<number>): Float32Array {
  return Float32Array.from(bytes, (u) => (u / 255) ** 2);
}

/** The bytes of a base64 text. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
