import { parameter } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Initializer } from "./initializers.ts";

/** A learned value: a tensor of the graph, and how it starts. */
export class Parameter {
  readonly shape: readonly number[];
  readonly tensor: Tensor;
  readonly initializer: Initializer;

  constructor(shape: readonly number[], initializer: Initializer) {
    this.shape = shape;
    this.initializer = initializer;
    this.tensor = parameter(shape);
  }

  get size(): number {
    return this.shape.reduce((a, b) => a * b, 1);
  }
}

/**
 * A part of a model: an object whose properties are parameters, modules, and arrays of them. A parameter is called by
 * its path in this tree, such as `encoder.layers.0.selfAttention.query.weight`; one that stands in several places
 * (a tied embedding) by its first.
 */
export abstract class Module {
  /** All parameters under here by path, each once. */
  parameters(): Map<string, Parameter> {
    const found = new Map<string, Parameter>();
    const seen = new Set<Parameter>();
    const visit = (path: string, value: unknown): void => {
      if (value instanceof Parameter) {
        if (!seen.has(value)) found.set(path, value);
        seen.add(value);
      } else if (value instanceof Module || Array.isArray(value)) {
        for (const [key, child] of Object.entries(value)) visit(path === "" ? key : `${path}.${key}`, child);
      }
    };
    visit("", this);
    return found;
  }

  /** The names of all parameters by their tensors, as a program wants them. */
  names(): Map<Tensor, string> {
    return new Map([...this.parameters()].map(([name, { tensor }]) => [tensor, name]));
  }
}
