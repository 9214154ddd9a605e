import type { Kernels } from "../runtime/kernels.ts";

/** The Euclidean norm of all gradients together. */
export function gradientNorm(kernels: Kernels, gradients: Float32Array): number {
  return Math.sqrt(kernels.sumOfSquares(gradients.byteOffset, gradients.length));
}

/** What gradients of this norm are multiplied by so that it is at most `limit` (Pascanu, Mikolov and Bengio 2013). */
export function clipFactor(norm: number, limit: number): number {
  return norm > limit ? limit / norm : 1;
}
