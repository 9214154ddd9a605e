import type { Theme } from "../../src/explain/ramp.ts";
import { remember, remembered } from "./remembered.ts";
import { Store } from "./store.ts";

function firstTheme(): Theme {
  const chosen = remembered("theme");
  if (chosen === "light" || chosen === "dark") return chosen;
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Light or dark; the first time as the system has it. */
export const theme = new Store<Theme>(firstTheme());

/** Makes the document follow the theme. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = theme.get();
}

export function chooseTheme(chosen: Theme): void {
  remember("theme", chosen);
  // Before views draw anew, which read their colours from the page.
  document.documentElement.dataset.theme = chosen;
  theme.set(chosen);
}
