import { applyTheme } from "./theme.ts";

// Run before anything is drawn, so that a dark page does not begin with a white one.
applyTheme();

// Modules do not load from a file, so the page that was exported says what to do.
document.documentElement.dataset.from = window.location.protocol;
