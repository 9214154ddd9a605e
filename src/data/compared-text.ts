/**
 * A text as texts are compared for sameness: letter case folded, compatible forms united (NFKC), without blanks and
 * punctuation (`~` and `^` count as punctuation). A text of nothing else stays as it is.
 */
export function comparedText(text: string): string {
  const folded = text.normalize("NFKC").toLowerCase();
  return folded.replace(/[\s\p{P}\p{C}~^]+/gu, "") || folded.trim();
}
