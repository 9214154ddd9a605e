import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Candidate, NBest } from "../../src/studio/wire.ts";
import { announce } from "../app/announcer.tsx";
import { addWords } from "../app/language.ts";
import { askingFor, questionOf, USUAL_SEARCH } from "../app/question.ts";
import { select, selection } from "../app/selection.ts";
import { useStore } from "../app/store.ts";
import { useModel } from "../app/studio-context.tsx";
import en from "../locales/en/talk.json" with { type: "json" };
import ko from "../locales/ko/talk.json" with { type: "json" };
import { headsKindOf, meanAt, useHeads } from "./chosen-heads.ts";
import { Composer } from "./composer.tsx";
import { ask, conversation, forgetOthers, putOnStage, stop, type Turn } from "./conversation.ts";
import { pin, pinnedIn, usePeek } from "./focus.ts";
import { Inspector } from "./inspector.tsx";
import { PastTurns } from "./past-turns.tsx";
import { SearchCard } from "./search-card.tsx";
import { SearchSettings } from "./search-settings.tsx";
import { Stage } from "./stage.tsx";
import { Waiting } from "./waiting.tsx";
import { mostGathered, pictureOf } from "./written-words.ts";

addWords("talk", { ko, en });

/** The conversation, and what each word of an answer looked at. */
export function TalkView() {
  const { t } = useTranslation("talk");
  const { backend, model, there } = useModel();
  const address = useStore(selection);
  const { turns, onStage, coming } = useStore(conversation);
  const turn = turns.find(({ number }) => number === onStage);
  const answer = turn?.answer;
  const question = useMemo(() => questionOf(address, model), [address, model]);
  const key = JSON.stringify(question);

  // What the address asks is on the stage: asked now, or once more brought there; what broke off is asked again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the question
  useEffect(() => {
    forgetOthers(model.id);
    if (!question) return;
    const { turns, onStage, coming } = conversation.get();
    if (JSON.stringify(coming) === key) return;
    const asked = turns.filter((other) => JSON.stringify(other.answer.request) === key);
    const before = turns.find(({ number }) => number === onStage);
    const own = before && asked.includes(before) ? before : asked.at(-1);
    if (own && own !== before) putOnStage(own.number);
    if (!there || (own && own.answer.state !== "broken")) return;
    const instead = own ?? (before && isSameText(before, question.src, question.force) ? before : undefined);
    void ask(backend, question, { model: model.id, foundBy: own?.foundBy, instead: instead?.number });
  }, [key, backend, model.id, there]);

  const heads = useHeads(backend, answer?.done?.att, headsKindOf(model));
  const picture = useMemo(() => {
    if (!answer) return undefined;
    const { packet, chosen } = heads;
    return pictureOf(answer, { lookAt: packet && meanAt(packet, chosen), verdict: model.task === "classify" });
  }, [answer, heads, model.task]);

  const peek = usePeek();
  const pinned = picture && pinnedIn(address, picture);
  const usual = picture && picture.written.length > 0 ? usualFocus() : undefined;
  const peeked = peek.focus && picture?.[peek.focus.axis][peek.focus.index] ? peek.focus : undefined;
  const focus = peeked ?? pinned ?? usual;
  const inspected = focus?.axis === "written" ? focus.index : (pinned?.axis === "written" ? pinned : usual)?.index;

  const state = answer?.state;
  const count = answer?.done?.words.length;
  const stateBefore = useRef(state);
  useEffect(() => {
    if (state === "done" && stateBefore.current === "writing") announce(t("finished", { count }));
    stateBefore.current = state;
  }, [state, count, t]);

  const send = (text: string) => {
    const change = askingFor(text, model);
    const next = questionOf({ ...address, ...change }, model);
    if (next && JSON.stringify(next) === key) void ask(backend, next, { model: model.id });
    select(change);
  };
  const goOn = (place: number, [, , id]: Candidate) => {
    if (!answer) return;
    const force = [...answer.tokens.slice(0, place).map(({ tok }) => tok.id), id];
    select({
      force,
      row: picture?.written.findIndex(({ pieces }) => pieces.includes(place)),
      col: undefined,
      unit: "word",
    });
  };
  const choose = ({ ids }: NBest) => {
    if (!turn || !answer) return;
    const request = { ...answer.request, force: ids };
    void ask(backend, request, { model: model.id, foundBy: turn.foundBy ?? answer, instead: turn.number });
    select({ force: ids, row: undefined, col: undefined });
  };
  const open = ({ answer: { request } }: Turn) => {
    select({
      ...askingFor(request.src, model),
      force: request.force,
      beam: request.beam,
      lenPenalty: request.lenPenalty,
    });
  };

  const marked = focus?.axis === "written" ? (picture?.written[focus.index]?.pieces ?? []) : [];
  return (
    <div className="talk">
      <div className="talk-main">
        <div className="talk-head">
          <PastTurns
            turns={turns.filter(({ number }) => number !== onStage)}
            model={model}
            disabled={!there}
            onOpen={open}
            onExample={send}
          />
          {model.task !== "classify" && (
            <SearchSettings
              beam={address.beam ?? USUAL_SEARCH.beam}
              lenPenalty={address.lenPenalty ?? USUAL_SEARCH.lenPenalty}
              disabled={!there}
              onChange={(search) => select(search)}
            />
          )}
        </div>
        {answer?.source && picture ? (
          <Stage answer={answer} picture={picture} focus={focus} pinned={pinned} peek={peek} onPin={pin} />
        ) : answer && answer.state === "writing" ? (
          <Waiting text={answer.request.src} />
        ) : (
          <article className="card stage">
            <p className="says">{answer?.error ? <Failure error={answer.error} /> : t("nothing")}</p>
          </article>
        )}
        {model.task !== "classify" && answer && (
          <SearchCard
            answer={answer}
            search={turn?.foundBy ?? answer}
            marked={marked}
            disabled={!there}
            onChoose={choose}
          />
        )}
        <Composer
          task={model.task}
          disabled={!there}
          writing={answer?.state === "writing" || coming !== undefined}
          onSend={send}
          onStop={stop}
        />
      </div>
      {picture && (
        <Inspector
          picture={picture}
          index={inspected ?? 0}
          heads={heads}
          onContinue={model.task === "classify" || !there ? undefined : goOn}
        />
      )}
    </div>
  );

  /** While an answer is written, its newest word; then the one that tells most. */
  function usualFocus() {
    const index = answer?.state === "writing" ? picture!.written.length - 1 : mostGathered(picture!);
    return { axis: "written", index } as const;
  }
}

function isSameText({ answer: { request } }: Turn, src: string, force: readonly number[] | undefined): boolean {
  return request.src === src && JSON.stringify(request.force) === JSON.stringify(force);
}

function Failure({ error }: { readonly error: Readonly<Record<"ko" | "en", string>> }) {
  const { i18n } = useTranslation();
  return <span role="alert">{error[i18n.language === "ko" ? "ko" : "en"]}</span>;
}
