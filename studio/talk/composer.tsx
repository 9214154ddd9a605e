import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ModelCard } from "../../src/studio/wire.ts";

interface Props {
  readonly task: ModelCard["task"];
  readonly disabled: boolean;
  /** Whether an answer is being written. */
  readonly writing: boolean;
  readonly onSend: (text: string) => void;
  readonly onStop: () => void;
}

/** Where a text is typed: Enter sends, Shift+Enter begins a new line, and an Enter that ends a composed letter does neither. */
export function Composer({ task, disabled, writing, onSend, onStop }: Props) {
  const { t } = useTranslation("talk");
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const element = field.current!;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, 110)}px`;
  }, [text]);
  const send = () => {
    if (disabled || text.trim() === "") return;
    onSend(text.trim());
    setText("");
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        if (writing) onStop();
        else send();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        value={text}
        aria-label={t(`placeholder.${task}`)}
        placeholder={t(`placeholder.${task}`)}
        enterKeyHint="send"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          // 229 is what browsers say of keys that an input method has taken.
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229) return;
          event.preventDefault();
          send();
        }}
      />
      <button type="submit" className="send" disabled={!writing && disabled} aria-label={t(writing ? "stop" : "send")}>
        <svg width="18" height="18" viewBox="0 0 24 24" aria-hidden="true">
          {writing ? (
            <rect x="6" y="6" width="12" height="12" rx="2" fill="currentColor" />
          ) : (
            <path
              d="M12 20V5M5 12l7-7 7 7"
              fill="none"
              stroke="currentColor"
              strokeWidth="2.4"
              strokeLinecap="round"
              strokeLinejoin="round"
            />
          )}
        </svg>
      </button>
    </form>
  );
}
