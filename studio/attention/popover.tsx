import { type ReactNode, useEffect, useId, useRef, useState } from "react";

interface Props {
  readonly className: string;
  /** What the button shows, and what it is called where that says too little. */
  readonly button: ReactNode;
  readonly label?: string;
  /** Called with how to close it again. */
  readonly children: (close: () => void) => ReactNode;
}

/** A button that opens a small pane below it; Esc and a press elsewhere close it. */
export function Popover({ className, button, label, children }: Props) {
  const [open, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const handle = useRef<HTMLButtonElement>(null);
  const pane = useId();
  useEffect(() => {
    if (!open) return;
    const leave = (event: Event) => {
      if (!whole.current?.contains(event.target as Node)) setOpen(false);
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
    handle.current?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape anywhere inside closes what the button opened
    <div
      ref={whole}
      className={`popover ${className}`}
      onKeyDown={(event) => {
        if (event.key === "Escape" && open) close();
      }}
    >
      <button
        ref={handle}
        type="button"
        className="button"
        aria-expanded={open}
        aria-controls={open ? pane : undefined}
        aria-label={label}
        onClick={() => setOpen(!open)}
      >
        {button}
        <svg width="10" height="6" viewBox="0 0 10 6" aria-hidden="true">
          <path d="M1 1l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.6" />
        </svg>
      </button>
      {open && (
        <div id={pane} className="card popover-pane">
          {children(close)}
        </div>
      )}
    </div>
  );
}
