/** Which looks stand beside that at `place`: at most so many, evenly spaced back to the first. */
export function columnsUpTo(place: number, most: number): number[] {
  if (place < 0) return [];
  const count = Math.min(most, place + 1);
  if (count === 1) return [place];
  return Array.from({ length: count }, (_, i) => Math.round((i * place) / (count - 1)));
}
