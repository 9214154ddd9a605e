import { applyTheme } from "./theme.ts";

// Run before anything is drawn, so that a dark page does not begin with a white one.
applyTheme();
