/** How well the classes of a set of texts were told. */
export interface ClassScores {
  /** Share of texts whose class was told right. */
  readonly accuracy: number;
  /** The mean of the F1 of the classes that are there or were told, each weighing the same. */
  readonly macroF1: number;
  /** By class. */
  readonly classes: readonly {
    /** Texts of this class. */
    readonly texts: number;
    /** Of those said to be of this class, the share that is; 0 where none was. */
    readonly precision: number;
    /** Of those of this class, the share that was found; 0 where there are none. */
    readonly recall: number;
    /** The harmonic mean of precision and recall; 0 where both are. */
    readonly f1: number;
  }[];
  /** `[class][told]`: how many texts of a class were told to be of which. */
  readonly confusion: readonly (readonly number[])[];
}

/**
 * Compares classes that were told with the true ones.
 *
 * @param told by number, one a text
 * @throws RangeError if there are no texts, not as many of both, or a number is none of the classes
 */
export function classScores(truth: ArrayLike<number>, told: ArrayLike<number>, classes: number): ClassScores {
  if (truth.length === 0 || truth.length !== told.length) {
    throw new RangeError(
      `classScores: ${truth.length} classes and ${told.length} told ones; wants as many, at least one`,
    );
  }
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) {
    if (!(confusion[truth[i]]?.[told[i]] >= 0)) {
      throw new RangeError(
        `classScores: text ${i} is of class ${truth[i]}, told ${told[i]}; classes are 0 … ${classes - 1}`,
      );
    }
    confusion[truth[i]][told[i]]++;
  }
  const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  const scores = confusion.map((row, i) => {
    const texts = row.reduce((sum, n) => sum + n, 0);
    const said = confusion.reduce((sum, other) => sum + other[i], 0);
    const right = row[i];
    return {
      texts,
      precision: ratio(right, said),
      recall: ratio(right, texts),
      f1: ratio(2 * right, texts + said),
    };
  });
  const right = confusion.reduce((sum, row, i) => sum + row[i], 0);
  const counted = scores.filter(({ texts }, i) => texts > 0 || confusion.some((row) => row[i] > 0));
  return {
    accuracy: right / truth.length,
    macroF1: counted.reduce((sum, { f1 }) => sum + f1, 0) / counted.length,
    classes: scores,
    confusion,
  };
}
