import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "./announcer.tsx";

interface Props {
  readonly className?: string;
  /** What is copied, made when it is asked for. */
  readonly text: () => string;
  /** What the button says before it is pressed, and after. */
  readonly children: ReactNode;
  readonly copied: string;
}

/** Copies a text. Pages that come over plain HTTP from elsewhere may not: there it is shown, selected, with how to take it. */
export function Copy({ className, text, children, copied }: Props) {
  const { t } = useTranslation();
  const [state, setState] = useState<"copied" | { readonly byHand: string }>();
  const copy = async () => {
    const wanted = text();
    const done = await written(wanted);
    setState(done ? "copied" : { byHand: wanted });
    announce(done ? copied : t("state.copyByHand"));
  };
  return (
    <>
      <button type="button" className={className} onClick={copy}>
        {state === "copied" ? copied : children}
      </button>
      {typeof state === "object" && <ByHand text={state.byHand} />}
    </>
  );
}

function ByHand({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text is selected anew
  useEffect(() => field.current?.select(), [text]);
  return (
    <label className="copy-by-hand">
      <span className="caption">{t("state.copyByHand")}</span>
      <textarea ref={field} readOnly rows={2} value={text} />
    </label>
  );
}

/** Whether the browser let the page copy it; one that came over plain HTTP has no clipboard at all. */
async function written(text: string): Promise<boolean> {
  try {
    await (navigator.clipboard as Clipboard | undefined)?.writeText(text);
    return navigator.clipboard !== undefined;
  } catch {
    return false;
  }
}
