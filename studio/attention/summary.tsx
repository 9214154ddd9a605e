import { useEffect } from "react";
import { Trans, useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import { announce } from "../app/announcer.tsx";
import { type Store, useStore } from "../app/store.ts";
import { percent } from "../drawing/numbers.ts";
import { Figure, NoWrap, Quoted } from "../drawing/phrase.tsx";
import { has, looksOf, maskAt, type Place, type ShownView, weightAt } from "./reading.ts";

interface Props {
  /** The map, or the part of it that can be pointed at. */
  readonly view: ShownView;
  readonly whole: AttentionView;
  readonly pinned: Place | undefined;
  readonly peeked: Store<Place | undefined>;
}

/** The map in one sentence: the row that is pinned, or the cell that is pointed at. */
export function Summary({ view, whole, pinned, peeked }: Props) {
  const { t } = useTranslation("attention");
  const peek = useStore(peeked);
  const pointed = peek && has(view, peek) ? peek : undefined;
  const told = pointed ? cellSentence(view, pointed) : pinned && rowSentence(whole, pinned);
  const pinnedTold = pinned && has(whole, pinned) ? plain(rowSentence(whole, pinned), t) : "";
  useEffect(() => {
    if (pinnedTold) announce(pinnedTold);
  }, [pinnedTold]);
  if (!told) return <p className="says quiet">{t("unpinned")}</p>;
  const { key, asker, seen, second, share, share2 } = told;
  return (
    <p className="says num">
      <Trans
        t={t}
        i18nKey={key}
        components={{
          share: <Figure text={share} strong />,
          share2: <Figure text={share2} />,
          nowrap: <NoWrap />,
          // biome-ignore lint/a11y/useValidAriaRole: the part of a word, no role of ARIA
          asker: <Quoted role="asker" text={asker} />,
          // biome-ignore lint/a11y/useValidAriaRole: the part of a word, no role of ARIA
          seen: <Quoted role="seen" text={seen} />,
          // biome-ignore lint/a11y/useValidAriaRole: the part of a word, no role of ARIA
          second: <Quoted role="seen" text={second} />,
        }}
      />
    </p>
  );
}

interface Sentence {
  readonly key: SentenceKey;
  readonly asker: string;
  readonly seen: string;
  readonly second: string;
  readonly share: string;
  readonly share2: string;
}

type Writing = "writing" | "asking" | "judging" | "most" | "rolled";
type SentenceKey = `says.${Writing}.${"two" | "one"}` | "says.masked.future" | "says.masked.padding";

const WRITING = {
  cross: "writing",
  alignment: "writing",
  encoder: "asking",
  decoder: "asking",
  pooling: "judging",
} as const satisfies Record<AttentionView["kind"], Writing>;

/** What the numbers of a map are: one head's attention or a mean of it, the most of several heads, or many layers together. */
function wordingOf({ kind, head, of }: AttentionView): Writing {
  if (head === "rollout") return "rolled";
  return head === "max" && of > 1 ? "most" : WRITING[kind];
}

function rowSentence(view: AttentionView, { row }: Place): Sentence | undefined {
  const [first, second] = looksOf(view, row);
  if (!first) return undefined;
  return {
    key: `says.${wordingOf(view)}.${second && second.weight >= 0.005 ? "two" : "one"}`,
    asker: view.queries.tokens[row].text,
    seen: first.token.text,
    second: second?.token.text ?? "",
    share: percent(first.weight),
    share2: second ? percent(second.weight) : "",
  };
}

function cellSentence(view: ShownView, place: Place): Sentence {
  const mask = maskAt(view, place);
  return {
    key: mask ? `says.masked.${mask}` : `says.${wordingOf(view)}.one`,
    asker: view.queries.tokens[place.row].text,
    seen: view.keys.tokens[place.col].text,
    second: "",
    share: percent(weightAt(view, place)),
    share2: "",
  };
}

type Translate = ReturnType<typeof useTranslation<"attention">>["t"];

/** The sentence without its colours, to be read out. */
function plain(sentence: Sentence | undefined, t: Translate): string {
  if (!sentence) return "";
  const { key, asker, seen, second, share, share2 } = sentence;
  const told = { asker: `‘${asker}’`, seen: `‘${seen}’`, second: `‘${second}’`, share, share2 };
  return t(key)
    .replace(/<\/?nowrap>/g, "")
    .replace(/<(\w+)\/>/g, (_, name: keyof typeof told) => told[name]);
}
