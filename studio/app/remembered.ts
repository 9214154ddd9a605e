/** Reads what a visitor chose before; nothing where the browser keeps nothing. */
export function remembered(name: string): string | undefined {
  try {
    return window.localStorage.getItem(`jumok.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(name: string, value: string): void {
  try {
    window.localStorage.setItem(`jumok.${name}`, value);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}
