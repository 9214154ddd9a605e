import { make } from "../../explain/viewer/elements.ts";
import { type Answer, attentionViews, type PageModel, type SearchOptions, TextError } from "../jumok.ts";
import { attentionPanel } from "./attention-panel.ts";
import { composer } from "./composer.ts";
import type { Tongue } from "./tongue.ts";
import { beginTurn, type Turn } from "./turn.ts";

/** Ways to search for an answer. */
const SEARCHES = {
  greedy: () => ({}),
  beam: () => ({ beam: 4, nBest: 4, lengthPenalty: "wu" }),
  sampling: () => ({ sampling: { temperature: 0.8, seed: crypto.getRandomValues(new Uint32Array(1))[0] } }),
} as const satisfies Record<string, () => SearchOptions>;

type SearchName = keyof typeof SEARCHES;

/** Shows a model that writes. */
export function conversation(model: PageModel, log: HTMLElement, tongue: Tongue): HTMLElement {
  const search = make("select", { id: "search" });
  for (const name of Object.keys(SEARCHES) as SearchName[]) {
    search.append(tongue.label(make("option", { value: name }), name));
  }
  const choice = make("label", { class: "choice" }, [tongue.label(make("span"), "search"), " ", search]);
  const answer = async (text: string, signal: AbortSignal) => {
    const turn = beginTurn(log, text, tongue);
    const written = make("p", { class: "answer", "aria-busy": "true" });
    turn.body.append(written);
    try {
      const options = { ...SEARCHES[search.value as SearchName](), attention: true, signal };
      show(await streamed(model.stream(text, options), written, turn), { written, turn });
    } catch (error) {
      if (signal.aborted) turn.note("stopped");
      else if (!(error instanceof TextError)) throw error;
      else if (error.tokens === undefined) turn.fail("noWords");
      else turn.fail("tooLong", model.maxLength);
    } finally {
      written.removeAttribute("aria-busy");
      turn.follow();
    }
  };

  const show = (answer: Answer, { written, turn }: { written: HTMLElement; turn: Turn }) => {
    if (answer.answer === "") tongue.label(written, "empty");
    else written.textContent = answer.answer;
    if (answer.nBest && answer.nBest.length > 1) turn.body.append(alternatives(answer.nBest));
    if (Object.keys(answer.attention[0] ?? {}).length > 0) {
      turn.body.append(attentionPanel(() => attentionViews(model.attentionOf(answer), { words: true })[0], tongue));
    }
    if (!answer.finished) turn.note("cutOff");
    turn.announce(answer.answer);
    turn.note("seconds", (answer.milliseconds / 1000).toFixed(2));
  };

  const alternatives = (all: NonNullable<Answer["nBest"]>) =>
    make("details", {}, [
      tongue.label(make("summary"), "alternatives"),
      make(
        "ol",
        {},
        all.map(({ answer, penalisedScore }) => {
          const score = tongue.label(make("small"), "score", penalisedScore.toFixed(2));
          return make("li", {}, [make("span", {}, [answer]), " ", score]);
        }),
      ),
    ]);

  return composer(tongue, answer, choice);
}

/** Shows the parts of an answer as they come, and gives the whole. */
async function streamed(parts: AsyncGenerator<string, Answer>, written: HTMLElement, turn: Turn): Promise<Answer> {
  for (;;) {
    const { done, value } = await parts.next();
    if (done === true) return value;
    written.append(value);
    turn.follow();
  }
}
