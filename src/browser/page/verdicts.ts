import type { AttentionView } from "../../explain/attention-view.ts";
import { make } from "../../explain/viewer/elements.ts";
import { percentOf, WORDING } from "../../explain/wording.ts";
import { type JudgedText, type PageClassifier, TextError } from "../jumok.ts";
import { attentionMap } from "./attention-panel.ts";
import { composer } from "./composer.ts";
import type { Tongue } from "./tongue.ts";
import { beginTurn } from "./turn.ts";

/** Shows a classifier. */
export function verdicts(model: PageClassifier, log: HTMLElement, tongue: Tongue): HTMLElement {
  return composer(tongue, async (text) => {
    const turn = beginTurn(log, text, tongue);
    try {
      const judged = await model.judge(text);
      const { label, probability } = judged;
      turn.announce(`${label} ${percentOf(probability)}`);
      turn.body.append(
        make("p", { class: "answer" }, [make("strong", {}, [label]), ` ${percentOf(probability)}`]),
        bars(judged, model.labels),
      );
      if (judged.attention) turn.body.append(attentionMap(viewOf(judged, judged.attention), tongue));
      if (judged.cut > 0) {
        const cut = make("p", { class: "note" });
        tongue.tell((_, language) => {
          cut.textContent = WORDING[language].cut.replace("{n}", String(judged.cut));
        });
        turn.body.append(cut);
      }
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      turn.fail("noWords");
    } finally {
      turn.follow();
    }
  });
}

/** A bar for the probability of each class, the likeliest first. */
function bars({ logProbabilities }: JudgedText, labels: readonly string[]): HTMLElement {
  const classes = labels.map((label, i) => ({ label, probability: Math.exp(logProbabilities[i]) }));
  return make(
    "ul",
    { class: "bars" },
    classes
      .sort((a, b) => b.probability - a.probability)
      .map(({ label, probability }) => {
        const bar = make("i", { "aria-hidden": "true" });
        bar.style.width = `${100 * probability}%`;
        return make("li", {}, [
          make("span", {}, [label]),
          make("b", {}, [bar]),
          make("span", {}, [percentOf(probability)]),
        ]);
      }),
  );
}

/** The attention of a judgement on the words of its text, or where these cannot be told apart on its pieces. */
function viewOf({ words, tokens, label }: JudgedText, attention: Float32Array): AttentionView {
  const shown = words?.map(({ word }) => word) ?? tokens;
  const sentence = (texts: readonly string[]) => ({
    words: texts,
    tokens: texts.map((text, word) => ({ piece: text, text, word, special: false })),
  });
  return {
    kind: "pooling",
    layer: 0,
    heads: 1,
    head: "mean",
    of: 1,
    queries: sentence([label]),
    keys: sentence(shown),
    weights: words ? Float32Array.from(words, ({ weight }) => weight) : attention,
  };
}
