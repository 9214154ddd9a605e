// The script of the page that `jumok export --to browser` writes: `npm run build` bundles it.
import { byId, make } from "../../explain/viewer/elements.ts";
import type { Language } from "../../explain/wording.ts";
import { kindOfModel, openClassifier, openModel } from "../jumok.ts";
import { conversation } from "./conversation.ts";
import { Tongue } from "./tongue.ts";
import { verdicts } from "./verdicts.ts";

const OTHER: Readonly<Record<Language, { language: Language; name: string }>> = {
  en: { language: "ko", name: "한국어" },
  ko: { language: "en", name: "English" },
};

const tongue = new Tongue();
const log = byId("log");
const state = byId("state");

const other = make("button", { type: "button", id: "language" });
other.addEventListener("click", () => tongue.speak(OTHER[tongue.language].language));
tongue.tell((_, language) => {
  other.textContent = OTHER[language].name;
  other.lang = OTHER[language].language;
});
byId("top").append(other);

/** Opens the model of this folder and shows what it is made for. */
async function open(): Promise<HTMLElement> {
  return (await kindOfModel()) === "classifier"
    ? verdicts(await openClassifier(undefined, { attention: true }), log, tongue)
    : conversation(await openModel(undefined, { attention: true }), log, tongue);
}

state.className = "";
const opening = tongue.label(make("p"), "opening");
state.replaceChildren(opening);
try {
  const form = await open();
  state.replaceChildren(tongue.label(make("p"), "welcome"));
  byId("bottom").replaceChildren(form);
  // On a phone the keyboard would cover the page.
  if (matchMedia("(pointer: fine)").matches) form.querySelector("textarea")?.focus();
} catch (error) {
  state.classList.add("failure");
  const reason = make("small", { lang: "en" }, [error instanceof Error ? error.message : String(error)]);
  state.replaceChildren(tongue.label(make("p"), "failed"), reason);
}
