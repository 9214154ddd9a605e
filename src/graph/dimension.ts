/**
 * The length of one axis: a number, or an expression over named dimensions in canonical form: `"batch"`,
 * `"batch*time"`, `"2*time+1"`. Canonical means that two equal expressions are the same string, so `===` compares.
 */
export type Dimension = number | string;

/** The lengths of a tensor's axes, outermost first. */
export type Shape = readonly Dimension[];

/** A polynomial with whole coefficients: sorted factors joined by `*` (`""` is the constant) → coefficient. */
type Polynomial = Map<string, number>;

/** The product of dimensions; 1 for none. */
export function productOf(dimensions: Iterable<Dimension>): Dimension {
  let product: Polynomial = new Map([["", 1]]);
  for (const dimension of dimensions) product = multiply(product, parse(dimension));
  return format(product);
}

/** The sum of dimensions. */
export function sumOf(...dimensions: Dimension[]): Dimension {
  const sum: Polynomial = new Map();
  for (const dimension of dimensions) addInto(sum, parse(dimension));
  return format(sum);
}

/** `a − b`. */
export function difference(a: Dimension, b: Dimension): Dimension {
  return format(addInto(new Map(parse(a)), parse(b), -1));
}

/** The names in a dimension: `"2*batch*time+1"` has `batch` and `time`. */
export function namesIn(dimension: Dimension): string[] {
  const names = new Set<string>();
  for (const monomial of parse(dimension).keys()) for (const name of factors(monomial)) names.add(name);
  return [...names];
}

/**
 * The terms of a dimension: what a run-time evaluation adds up.
 *
 * @returns for each term its whole coefficient and the names multiplied in it
 */
function termsOf(dimension: Dimension): { coefficient: number; names: string[] }[] {
  return [...parse(dimension)].map(([monomial, coefficient]) => ({ coefficient, names: factors(monomial) }));
}

/** The value of a dimension where every name has a value. Throws for a name that has none. */
export function evaluate(dimension: Dimension, values: ReadonlyMap<string, number>): number {
  if (typeof dimension === "number") return dimension;
  let total = 0;
  for (const { coefficient, names } of termsOf(dimension)) {
    let term = coefficient;
    for (const name of names) {
      const value = values.get(name);
      if (value === undefined) throw new Error(`dimension ${dimension}: ${name} has no value here`);
      term *= value;
    }
    total += term;
  }
  return total;
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

function factors(monomial: string): string[] {
  return monomial === "" ? [] : monomial.split("*");
}

function parse(dimension: Dimension): Polynomial {
  if (typeof dimension === "number") {
    if (!Number.isInteger(dimension)) throw new Error(`dimension ${dimension} is not a whole number`);
    return new Map(dimension === 0 ? [] : [["", dimension]]);
  }
  const polynomial: Polynomial = new Map();
  for (const term of dimension.match(/[+-]?[^+-]+/g) ?? []) {
    let coefficient = term.startsWith("-") ? -1 : 1;
    const names: string[] = [];
    for (const factor of term.replace(/^[+-]/, "").split("*")) {
      if (/^\d+$/.test(factor)) coefficient *= Number(factor);
      else if (/^[A-Za-z_]\w*$/.test(factor)) names.push(factor);
      else
        throw new Error(`dimension ${JSON.stringify(dimension)}: ${JSON.stringify(factor)} is no number and no name`);
    }
    addInto(polynomial, new Map([[names.sort().join("*"), coefficient]]));
  }
  return polynomial;
}

function addInto(sum: Polynomial, other: Polynomial, sign = 1): Polynomial {
  for (const [monomial, coefficient] of other) {
    const total = (sum.get(monomial) ?? 0) + sign * coefficient;
    if (total === 0) sum.delete(monomial);
    else sum.set(monomial, total);
  }
  return sum;
}

function multiply(a: Polynomial, b: Polynomial): Polynomial {
  const product: Polynomial = new Map();
  for (const [x, m] of a) {
    for (const [y, n] of b) {
      addInto(product, new Map([[[...factors(x), ...factors(y)].sort().join("*"), m * n]]));
    }
  }
  return product;
}

function format(polynomial: Polynomial): Dimension {
  const terms = [...polynomial].sort(([a], [b]) => (a === "" ? 1 : b === "" ? -1 : a < b ? -1 : 1));
  if (terms.length === 0) return 0;
  if (terms.length === 1 && terms[0][0] === "") return terms[0][1];
  return terms
    .map(([monomial, coefficient], index) => {
      const sign = coefficient < 0 ? "-" : index > 0 ? "+" : "";
      const size = Math.abs(coefficient);
      return sign + (monomial === "" ? size : size === 1 ? monomial : `${size}*${monomial}`);
    })
    .join("");
}
