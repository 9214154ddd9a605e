// AssemblyScript, compiled by `npm run build:kernels` into ../kernels.wasm.ts. Loops over flat buffers, four floats at
// a time; every buffer starts at a multiple of 16 bytes and is padded with zeros to a multiple of four floats.

/** σ += x² over `count` floats, in double precision. */
export function sumOfSquares(x: usize, count: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (const end = x + ((<usize>count) << 2); x < end; x += 16) {
    const v = v128.load(x);
    const a = f64x2.promote_low_f32x4(v);
    const b = f64x2.promote_low_f32x4(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 0, 0, 0, 0, 0));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const total = f64x2.add(low, high);
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
}

/** to += from */
export function addInto(to: usize, from: usize, count: i32): void {
  for (const end = to + ((<usize>count) << 2); to < end; to += 16, from += 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  }
}

/** to ← to · keep + from · (1 − keep) */
export function average(to: usize, from: usize, count: i32, keep: f32): void {
  const keep4 = f32x4.splat(keep);
  const rest4 = f32x4.splat(1 - keep);
  for (const end = to + ((<usize>count) << 2); to < end; to += 16, from += 16) {
    v128.store(to, f32x4.add(f32x4.mul(v128.load(to), keep4), f32x4.mul(v128.load(from), rest4)));
  }
}

/**
 * One Adam step (Kingma and Ba 2015, algorithm 1) with decoupled weight decay (Loshchilov and Hutter 2019).
 *
 *   g ← gradient · gradientScale,  m ← β₁m + (1−β₁)g,  v ← β₂v + (1−β₂)g²
 *   p ← p · keep − rate · m / (√v · inverseRoot + ε)
 *
 * with rate = lr / (1−β₁ᵗ), inverseRoot = 1 / √(1−β₂ᵗ), keep = 1 − lr · decay
 */
export function adam(
  p: usize,
  gradient: usize,
  m: usize,
  v: usize,
  count: i32,
  gradientScale: f32,
  beta1: f32,
  beta2: f32,
  rate: f32,
  inverseRoot: f32,
  epsilon: f32,
  keep: f32,
): void {
  const scale4 = f32x4.splat(gradientScale);
  const b1 = f32x4.splat(beta1);
  const c1 = f32x4.splat(1 - beta1);
  const b2 = f32x4.splat(beta2);
  const c2 = f32x4.splat(1 - beta2);
  const rate4 = f32x4.splat(rate);
  const root4 = f32x4.splat(inverseRoot);
  const eps4 = f32x4.splat(epsilon);
  const keep4 = f32x4.splat(keep);
  for (const end = p + ((<usize>count) << 2); p < end; p += 16, gradient += 16, m += 16, v += 16) {
    const g = f32x4.mul(v128.load(gradient), scale4);
    const first = f32x4.add(f32x4.mul(v128.load(m), b1), f32x4.mul(g, c1));
    const second = f32x4.add(f32x4.mul(v128.load(v), b2), f32x4.mul(f32x4.mul(g, g), c2));
    v128.store(m, first);
    v128.store(v, second);
    const step = f32x4.div(f32x4.mul(first, rate4), f32x4.add(f32x4.mul(f32x4.sqrt(second), root4), eps4));
    v128.store(p, f32x4.sub(f32x4.mul(v128.load(p), keep4), step));
  }
}

/**
 * Fills a dropout mask: 0 where 16 random bits are below `threshold`, else `keep`. The bits are a hash of seed, stream
 * and position (the "lowbias32" mixer of Chris Wellons), so a mask can be drawn again without a stored state.
 */
export function fillMask(to: usize, count: i32, seed: i32, stream: i32, threshold: i32, keep: f32): void {
  const keep4 = f32x4.splat(keep);
  const limit = i32x4.splat(threshold);
  const low = i32x4.splat(0xffff);
  const stream4 = i32x4.splat(stream);
  const eight = i32x4.splat(8);
  let counter = i32x4.add(i32x4.splat(seed), i32x4(0, 1, 2, 3));
  for (const end = to + ((<usize>count) << 2); to < end; to += 32) {
    let x = v128.xor(counter, i32x4.shr_u(counter, 16));
    x = i32x4.mul(x, i32x4.splat(0x7feb352d));
    x = v128.xor(v128.xor(x, i32x4.shr_u(x, 15)), stream4);
    x = i32x4.mul(x, i32x4.splat(0x846ca68b));
    x = v128.xor(x, i32x4.shr_u(x, 16));
    v128.store(to, v128.and(keep4, i32x4.ge_u(v128.and(x, low), limit)));
    if (to + 16 < end) v128.store(to + 16, v128.and(keep4, i32x4.ge_u(i32x4.shr_u(x, 16), limit)));
    counter = i32x4.add(counter, eight);
  }
}
