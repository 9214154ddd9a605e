import { Store } from "./store.ts";

const NAME = "jumok.token";

/** What opens a server that wants its token; kept while the tab is open, and sent as a header only. */
export const token = new Store<string | undefined>(fromAddress() ?? kept());

window.addEventListener("hashchange", () => {
  const given = fromAddress();
  if (given !== undefined) token.set(given);
});

/** Tries a token from now on. */
export function tryToken(given: string): void {
  keep(given);
  token.set(given);
}

/** What every request of the page says of who asks. */
export function authorization(): Readonly<Record<string, string>> {
  const known = token.get();
  return known === undefined ? {} : { authorization: `Bearer ${known}` };
}

/** Whether a text can be a token: what HTTP takes in a header. */
export function canBeToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** The token that the server printed behind `#token=`; it is taken out of the address, so that a copy does not hold it. */
function fromAddress(): string | undefined {
  const [, written] = /^#token=(.+)$/.exec(window.location.hash) ?? [];
  if (written === undefined) return undefined;
  window.history.replaceState(window.history.state, "", window.location.pathname);
  const given = decoded(written);
  if (!canBeToken(given)) return undefined;
  keep(given);
  return given;
}

function decoded(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

function keep(given: string): void {
  try {
    window.sessionStorage.setItem(NAME, given);
  } catch {
    // A browser that keeps nothing asks again after a reload.
  }
}

function kept(): string | undefined {
  try {
    return window.sessionStorage.getItem(NAME) ?? undefined;
  } catch {
    return undefined;
  }
}
