import { byId, make } from "../../explain/viewer/elements.ts";
import type { Tongue } from "./tongue.ts";
import type { PageWording } from "./wording.ts";

/** What was typed, and below it what the model makes of it. */
export interface Turn {
  /** What follows the typed text. */
  readonly body: HTMLElement;
  /** A line below, in small letters. */
  note(phrase: keyof PageWording, number?: number | string): void;
  /** A line that says what is wrong. */
  fail(phrase: keyof PageWording, number?: number): void;
  /** Says the result once to those who listen to the page. */
  announce(result: string): void;
  /** Brings the end of the turn into sight, if the reader has not gone elsewhere. */
  follow(): void;
}

/** Begins a turn at the end of the log. */
export function beginTurn(log: HTMLElement, text: string, tongue: Tongue): Turn {
  const body = make("div", { class: "body" });
  const who = tongue.label(make("span", { class: "unseen" }), "said");
  const turn = make("article", { class: "turn" }, [make("p", { class: "said" }, [who, text]), body]);
  log.append(turn);
  turn.scrollIntoView({ block: "end" });
  const line = (name: string, phrase: keyof PageWording, number?: number | string) => {
    body.append(tongue.label(make("p", { class: name }), phrase, number));
  };
  return {
    body,
    note: (phrase, number) => line("note", phrase, number),
    fail: (phrase, number) => line("failure", phrase, number),
    announce: (result) => {
      byId("news").textContent = result;
    },
    follow: () => {
      const { bottom } = turn.getBoundingClientRect();
      if (bottom < 1.5 * window.innerHeight) turn.scrollIntoView({ block: "end" });
    },
  };
}
