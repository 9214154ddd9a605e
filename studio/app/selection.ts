import { type Address, formatAddress, parseAddress, type View } from "./address.ts";
import { Store } from "./store.ts";

/** What is looked at: one for all views, kept in the address of the window. */
export const selection = new Store<Address>(parseAddress(window.location.hash));

window.addEventListener("hashchange", () => {
  const address = parseAddress(window.location.hash);
  if (formatAddress(address) !== formatAddress(selection.get())) selection.set(address);
});

/** Changes parts of what is looked at; the window's history keeps only changes of view. */
export function select(change: Partial<Address>): void {
  const before = selection.get();
  const after = { ...before, ...change };
  const hash = formatAddress(after);
  if (hash === formatAddress(before)) return;
  if (after.view === before.view) history.replaceState(history.state, "", hash);
  else history.pushState(null, "", hash);
  selection.set(after);
}

/** The address of a view with all that is looked at now. */
export function addressOf(view: View): string {
  return formatAddress({ ...selection.get(), view });
}
