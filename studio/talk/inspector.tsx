import { useState } from "react";
import { useTranslation } from "react-i18next";
import { rampColour } from "../../src/explain/ramp.ts";
import type { Candidate } from "../../src/studio/wire.ts";
import { select } from "../app/selection.ts";
import { Sheet } from "../app/sheet.tsx";
import { useStore } from "../app/store.ts";
import { useModel } from "../app/studio-context.tsx";
import { theme as themes } from "../app/theme.ts";
import type { AttentionPacket } from "../attention/packet.ts";
import { languageOf } from "../drawing/language-of.ts";
import { percent } from "../drawing/numbers.ts";
import { Bar, Candidates } from "./candidates.tsx";
import { chosenByDefault, type HeadPlace, headsAsAddress, sameHead } from "./chosen-heads.ts";
import { HeadPicker } from "./head-picker.tsx";
import { useWordNames } from "./word-names.ts";
import type { Picture } from "./written-words.ts";

interface Props {
  readonly picture: Picture;
  /** The written word that is looked at closer. */
  readonly index: number;
  readonly heads: {
    readonly packet?: AttentionPacket;
    readonly chosen: readonly HeadPlace[];
    readonly choose: (heads: readonly HeadPlace[]) => void;
  };
  readonly onContinue: ((place: number, candidate: Candidate) => void) | undefined;
}

/** A written word in figures: how likely it was, what else might have come, and where it looked. */
export function Inspector({ picture, index, heads, onContinue }: Props) {
  const { t } = useTranslation("talk");
  const { model } = useModel();
  const theme = useStore(themes);
  const nameOf = useWordNames();
  const [pieceAt, setPieceAt] = useState({ index, piece: 0 });
  const word = picture.written[index];
  const piece = pieceAt.index === index ? Math.min(pieceAt.piece, (word?.tokens.length ?? 1) - 1) : 0;
  const token = word?.tokens[piece];
  const verdict = model.task === "classify";
  const text = word ? nameOf(word) : "";
  const looked = (word?.look ?? [])
    .map((share, at) => ({ share, at, text: nameOf(picture.source[at]) }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 5);
  return (
    <Sheet
      className="inspector"
      label={t("inspector.label")}
      grip={{ open: t("inspector.open"), close: t("inspector.close") }}
      peek={
        <div className="inspector-peek">
          {word && (
            <>
              <p className="caption only-wide">
                {verdict ? t("judged") : t("wordOf", { n: index + 1, of: picture.written.length })}
              </p>
              <p className="inspected">
                <span lang={languageOf(text)}>{text}</span>
                <span className="num">{percent(word.p)}</span>
              </p>
              <p className="runners num only-phone" aria-hidden="true">
                {token?.top
                  .filter(([, , id]) => id !== token.tok.id)
                  .map(([other, p, id]) => (
                    <span key={id} lang={languageOf(other)}>
                      {nameOf({ text: other, special: picture.specials.get(id) })} <b>{percent(p)}</b>
                    </span>
                  ))}
              </p>
            </>
          )}
        </div>
      }
    >
      {word && token && (
        <section>
          <h2>{t(verdict ? "verdicts" : "candidates")}</h2>
          {word.tokens.length > 1 && (
            <>
              {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is sent */}
              <div className="segmented pieces" role="group" aria-label={t("pieces.label")}>
                {word.tokens.map(({ tok, i }, at) => (
                  <button
                    key={i}
                    type="button"
                    aria-pressed={at === piece}
                    lang={languageOf(tok.t)}
                    onClick={() => setPieceAt({ index, piece: at })}
                  >
                    {tok.t}
                  </button>
                ))}
              </div>
              <p className="caption num">{t("pieces.product", { n: word.tokens.length, p: percent(word.p) })}</p>
            </>
          )}
          <Candidates
            token={token}
            specials={picture.specials}
            onContinue={onContinue && ((candidate) => onContinue(token.i, candidate))}
          />
          {onContinue && <p className="caption">{t("continueHint")}</p>}
        </section>
      )}
      {looked.length > 0 && (
        <section>
          <h2>{t("looks")}</h2>
          <ul className="bars num">
            {looked.map(({ share, at, text: source }) => (
              <li key={at}>
                <Bar text={source} p={share} colour={rampColour(Math.max(share, 0.2), theme)} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="through">
        {heads.packet && <HeadPicker packet={heads.packet} chosen={heads.chosen} onChoose={heads.choose} />}
        <div>
          <p className="through-what">{throughWhat()}</p>
          {model.kinds.length > 0 && (
            <button type="button" className="button" onClick={openAttention}>
              {t("openAttention")}
            </button>
          )}
        </div>
      </section>
    </Sheet>
  );

  /** The row of this word in the attention that is shown here; a verdict that no row stands for has none. */
  function openAttention() {
    const [kind] = model.kinds;
    const row = kind === "enc" ? undefined : index;
    const through = heads.packet && headsAsAddress(heads.packet, heads.chosen);
    select({ view: "attn", kind, row, col: undefined, unit: "word", ...through });
  }

  function throughWhat(): string {
    if (model.kinds.length === 0) return t("noAttention");
    if (!heads.packet) return model.heads > 1 ? t("heads.lastLayer") : t(verdict ? "heads.verdict" : "heads.none");
    const usual = chosenByDefault(heads.packet);
    const isUsual =
      usual.length === heads.chosen.length &&
      usual.every((head) => heads.chosen.some((other) => sameHead(other, head)));
    if (isUsual) return t("heads.lastLayer");
    const [only] = heads.chosen;
    return heads.chosen.length === 1
      ? t("heads.name", { layer: only.layer + 1, head: only.head + 1 })
      : t("heads.mean", { n: heads.chosen.length });
  }
}
