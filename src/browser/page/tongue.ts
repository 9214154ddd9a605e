import { LANGUAGES, type Language } from "../../explain/wording.ts";
import { PAGE_WORDING, type PageWording } from "./wording.ts";

const REMEMBERED = "jumok.language";

/** Puts words on something; called again when the language changes. */
type Telling = (wording: PageWording, language: Language) => void;

/** The language of the page: the one chosen last, or else the browser's. */
export class Tongue {
  #language: Language;
  readonly #tellings: Telling[] = [];

  constructor() {
    const spoken: Language = navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en";
    this.#language = LANGUAGES.find((known) => known === remembered()) ?? spoken;
    document.documentElement.lang = this.#language;
  }

  get language(): Language {
    return this.#language;
  }

  get wording(): PageWording {
    return PAGE_WORDING[this.#language];
  }

  /** Tells something now, and anew in every language that follows. */
  tell(telling: Telling): void {
    this.#tellings.push(telling);
    telling(this.wording, this.#language);
  }

  /** An element whose text is a phrase. */
  label<E extends HTMLElement>(element: E, phrase: keyof PageWording, number?: number | string): E {
    this.tell((wording) => {
      element.textContent = wording[phrase].replace("{n}", String(number ?? ""));
    });
    return element;
  }

  speak(language: Language): void {
    this.#language = language;
    document.documentElement.lang = language;
    remember(language);
    for (const telling of this.#tellings) telling(this.wording, language);
  }
}

// A page may be forbidden to remember.

function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(REMEMBERED, language);
  } catch {
    // told anew the next time
  }
}
