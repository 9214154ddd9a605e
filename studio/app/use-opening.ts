import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";

/** What a button opens below it. */
export interface Opening {
  readonly open: boolean;
  toggle(): void;
  /** Closes it and goes back to the button. */
  close(): void;
  /** Around the button and what it opens. */
  readonly whole: {
    readonly ref: RefObject<HTMLDivElement | null>;
    onKeyDown(event: KeyboardEvent): void;
  };
  readonly button: RefObject<HTMLButtonElement | null>;
}

/** Esc closes what is open, and a press or focus elsewhere does. */
export function useOpening(): Opening {
  const [open, setOpen] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const leave = (event: Event) => {
      if (!ref.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("focusin", leave);
    };
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === "Escape" && open) close();
  };
  return { open, toggle: () => setOpen(!open), close, whole: { ref, onKeyDown }, button };
}
