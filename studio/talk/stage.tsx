import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { inkOn, rampColour } from "../../src/explain/ramp.ts";
import { announce } from "../app/announcer.tsx";
import { usePhone } from "../app/media.ts";
import { useStore } from "../app/store.ts";
import { useModel } from "../app/studio-context.tsx";
import { theme as themes } from "../app/theme.ts";
import { percent, wholePercent } from "../drawing/numbers.ts";
import type { Answer } from "./answer.ts";
import type { Focus, Peek } from "./focus.ts";
import { Says } from "./says.tsx";
import { useStageGeometry } from "./stage-geometry.ts";
import { StageRibbons } from "./stage-ribbons.tsx";
import { useWordNames } from "./word-names.ts";
import { WordRow, type WordTile } from "./word-row.tsx";
import type { Picture } from "./written-words.ts";

interface Props {
  readonly answer: Answer;
  readonly picture: Picture;
  readonly focus: Focus | undefined;
  readonly pinned: Focus | undefined;
  readonly peek: Peek;
  readonly onPin: (focus: Focus | undefined) => void;
}

/** What was read, what was written, and where the word that is looked at closer looked. */
export function Stage({ answer, picture, focus, pinned, peek, onPin }: Props) {
  const { t, i18n } = useTranslation("talk");
  const { model } = useModel();
  const theme = useStore(themes);
  const vertical = usePhone();
  const nameOf = useWordNames();
  const drawing = useRef<SVGSVGElement>(null);
  const source = useRef<HTMLDivElement>(null);
  const written = useRef<HTMLDivElement>(null);
  const elements = useMemo(() => ({ drawing, source, written }), []);
  const geometry = useStageGeometry(elements, vertical);
  const verdict = model.task === "classify";
  const mean = verdict && model.kinds[0] === "enc";
  const rowIs = mean ? "received" : verdict ? "verdict" : "row";
  const columnIs = mean ? "receivedBy" : "column";

  const row = focus?.axis === "written" ? picture.written[focus.index]?.look : undefined;
  const column = focus?.axis === "source" ? picture.written.map(({ look }) => look?.[focus.index] ?? 0) : undefined;
  const attends = picture.written.some(({ look }) => look);

  const sourceTiles = picture.source.map((word, index): WordTile => {
    const share = row?.[index];
    const text = nameOf(word);
    const shown = share !== undefined && share >= 0.005 ? wholePercent(share) : undefined;
    return {
      word,
      text,
      note: shown ?? "",
      name: t(shown ? "word.seenWith" : "word.seen", { text, n: index + 1, share: shown }),
      className: [word.special === "unk" && "unknown", column && focus?.index === index && "looked-from"]
        .filter(Boolean)
        .join(" "),
      ...(share !== undefined && { colours: { background: rampColour(share, theme), color: inkOn(share, theme) } }),
    };
  });
  const writtenTiles = picture.written.map((word, index): WordTile => {
    const share = column?.[index];
    const text = nameOf(word);
    return {
      word,
      text,
      ...(share !== undefined && { note: share >= 0.005 ? wholePercent(share) : "" }),
      name: t(verdict ? "word.verdict" : "word.written", { text, n: index + 1, p: percent(word.p) }),
      className: [row && focus?.index === index && "asking", share !== undefined && share >= 0.1 && "looks"]
        .filter(Boolean)
        .join(" "),
    };
  });

  const says = useRef<HTMLParagraphElement>(null);
  const pinnedKey = pinned && `${pinned.axis} ${pinned.index}`;
  useEffect(() => {
    if (pinnedKey && says.current) announce(says.current.textContent);
  }, [pinnedKey]);

  const shares = (row ?? column ?? [])
    .map((share, index) => ({ share, text: nameOf((row ? picture.source : picture.written)[index]) }))
    .sort((a, b) => b.share - a.share);
  const inFocus = focus && picture[focus.axis][focus.index];
  const stopOf = (axis: Focus["axis"]) => (focus?.axis === axis ? focus.index : 0);
  return (
    <article
      className={`card stage ${geometry?.crowded ? "crowded" : ""}`}
      aria-label={t("stage")}
      style={{ minHeight: geometry?.needed }}
    >
      <p className="role role-k stage-k">
        {t("looked")} <span>{t(`lookedIn.${model.task}`)}</span>
      </p>
      <WordRow
        axis="source"
        label={t("looked")}
        tiles={sourceTiles}
        stop={stopOf("source")}
        pinned={pinned?.axis === "source" ? pinned.index : undefined}
        peek={peek}
        onPin={onPin}
        vertical={vertical}
        rowRef={source}
      />
      <StageRibbons
        drawing={drawing}
        geometry={geometry}
        focus={focus}
        weights={row ?? column}
        vertical={vertical}
        theme={theme}
      />
      <WordRow
        axis="written"
        label={t(verdict ? "judged" : "writing")}
        tiles={writtenTiles}
        stop={stopOf("written")}
        pinned={pinned?.axis === "written" ? pinned.index : undefined}
        peek={peek}
        onPin={onPin}
        vertical={vertical}
        rowRef={written}
      >
        {(answer.state === "stopped" || answer.state === "broken") && <span className="stopped">{t("stopped")}</span>}
      </WordRow>
      <p className="role role-q stage-q">
        {t(verdict ? "judged" : "writing")} <span>{t(`writingIn.${model.task}`)}</span>
      </p>
      <div className="stage-says">
        <p className="says" ref={says}>
          {inFocus && shares.length > 0 && (
            <Says about={column ? columnIs : rowIs} word={nameOf(inFocus)} shares={shares} />
          )}
          {!attends && picture.written.length > 0 && t("noAttention")}
        </p>
        {picture.source.some(({ special }) => special === "unk") && <p className="caption">{t("unknown")}</p>}
        {(answer.source?.cut ?? 0) > 0 && <p className="caption">{t("cut", { n: answer.source?.cut })}</p>}
        {answer.error && (
          <p className="stage-error" role="alert">
            {answer.error[i18n.language === "ko" ? "ko" : "en"]}
          </p>
        )}
      </div>
    </article>
  );
}
