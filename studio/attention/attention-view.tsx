import { useTranslation } from "react-i18next";
import { addWords } from "../app/language.ts";
import { questionOf } from "../app/question.ts";
import { selection } from "../app/selection.ts";
import { useStore } from "../app/store.ts";
import { useModel } from "../app/studio-context.tsx";
import { BackendError } from "../backend/backend-error.ts";
import en from "../locales/en/attention.json" with { type: "json" };
import ko from "../locales/ko/attention.json" with { type: "json" };
import { Explorer } from "./explorer.tsx";
import { PacketError } from "./packet.ts";
import { SentencePicker } from "./sentence-picker.tsx";
import { useAnswer } from "./use-answer.ts";
import { usePacket } from "./use-packet.ts";

addWords("attention", { ko, en });

/** All layers and heads of an answer, one of them enlarged, and how one cell came about. */
export function AttentionView() {
  const { t } = useTranslation("attention");
  const { model } = useModel();
  const address = useStore(selection);
  const attends = model.kinds.length > 0;
  const question = attends ? questionOf(address, model) : undefined;
  const { answering, again } = useAnswer(question);
  const answer = answering.state === "ready" ? answering.answer : undefined;
  const kind = model.kinds.find((kind) => kind === address.kind) ?? model.kinds[0];
  const loaded = usePacket(answer?.att, kind, again);

  if (!attends) return <p className="failure">{t("none")}</p>;
  if (question === undefined) {
    return (
      <div className="failure">
        <p>{t("sentence.none")}</p>
        <SentencePicker text={undefined} />
      </div>
    );
  }
  const failed = answering.state === "failed" ? answering : loaded.state === "failed" ? loaded : undefined;
  if (failed) return <Failure error={failed.error} again={again} text={question.src} />;
  if (!answer || loaded.state !== "ready") return <Working text={question.src} />;
  return <Explorer key={answer.att} answer={answer} packet={loaded.packet} again={again} />;
}

/** The panes as they will be, empty. */
function Working({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  return (
    <div className="attention waiting" aria-busy="true">
      <div className="attention-tools">
        <SentencePicker text={text} />
      </div>
      <p className="unseen">{t("state.working")}</p>
      <div className="attention-left">
        <div className="card" />
        <div className="card" />
      </div>
      <div className="card" />
      <div className="card" />
    </div>
  );
}

function Failure({
  error,
  again,
  text,
}: {
  readonly error: unknown;
  readonly again: () => void;
  readonly text: string;
}) {
  const { t, i18n } = useTranslation("attention");
  const why =
    error instanceof BackendError
      ? error.texts[i18n.language === "ko" ? "ko" : "en"]
      : error instanceof PacketError
        ? error.message
        : "";
  return (
    <div className="failure">
      <p role="alert">{t("failed", { why })}</p>
      <button type="button" className="button" onClick={again}>
        {t("retry")}
      </button>
      <SentencePicker text={text} />
    </div>
  );
}
