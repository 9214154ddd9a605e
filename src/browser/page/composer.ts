import { make } from "../../explain/viewer/elements.ts";
import type { Tongue } from "./tongue.ts";
import type { PageWording } from "./wording.ts";

/**
 * The field at the bottom of the page. Enter sends, Shift and Enter makes a new line; while a text is answered the button
 * stops it.
 *
 * @param answer answers a text until the signal stops it
 * @param choice what stands above the field
 */
export function composer(
  tongue: Tongue,
  answer: (text: string, signal: AbortSignal) => Promise<void>,
  choice?: HTMLElement,
): HTMLFormElement {
  const field = make("textarea", { id: "text", rows: 1, autocomplete: "off", enterkeyhint: "send" });
  const button = make("button", { type: "submit", id: "send" });
  const form = make("form", { id: "composer" }, [
    ...(choice ? [choice] : []),
    make("div", { class: "field" }, [field, button]),
  ]);
  let running: AbortController | undefined;
  tongue.tell(({ prompt }) => {
    field.placeholder = prompt;
    field.setAttribute("aria-label", prompt);
  });
  const name = ({ send, stop }: PageWording) => {
    button.textContent = running ? stop : send;
  };
  tongue.tell(name);

  const run = async (text: string) => {
    running = new AbortController();
    name(tongue.wording);
    try {
      await answer(text, running.signal);
    } finally {
      running = undefined;
      name(tongue.wording);
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (running) running.abort();
    else if (text !== "") {
      field.value = "";
      void run(text);
    }
  });
  field.addEventListener("keydown", (event) => {
    // While an input method puts a syllable together, Enter belongs to it; Safari tells that by the key code alone.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (!running) form.requestSubmit();
  });
  return form;
}
