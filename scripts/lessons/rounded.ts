/** Numbers with so many digits as a picture needs. */
export function rounded(values: ArrayLike<number>, digits = 4): number[] {
  return Array.from(values, (value) => Number(value.toPrecision(digits)));
}

/** A matrix that lies row after row, as rows, with so many digits. */
export function roundedRows(values: ArrayLike<number>, columns: number, digits = 3): number[][] {
  return Array.from({ length: values.length / columns }, (_, row) =>
    rounded(
      Array.from({ length: columns }, (_, column) => values[row * columns + column]),
      digits,
    ),
  );
}
