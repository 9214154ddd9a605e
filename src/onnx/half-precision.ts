/** IEEE 754 half precision as bits, to nearest even; what is too large becomes the largest number. */
export function halves(data: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const result = new Uint16Array(data.length);
  for (const [i, x] of bits.entries()) result[i] = half(x);
  return result;
}

const LARGEST_HALF = 0x7bff;

function half(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  const mantissa = bits & 0x7fffff;
  if (exponent >= 31) return sign | LARGEST_HALF;
  if (exponent < -10) return sign;
  // A subnormal half has its leading one written out.
  const shift = exponent > 0 ? 13 : 14 - exponent;
  const full = exponent > 0 ? (exponent << 23) | mantissa : mantissa | 0x800000;
  const down = full >>> shift;
  const rest = full & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  const up = rest > middle || (rest === middle && (down & 1) === 1);
  return sign | Math.min(down + Number(up), LARGEST_HALF);
}
