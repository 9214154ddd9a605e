import { type ReactNode, useId } from "react";
import { Caret } from "../app/icon.tsx";
import { useOpening } from "../app/use-opening.ts";

interface Props {
  readonly className: string;
  /** What the button shows, and what it is called where that says too little. */
  readonly button: ReactNode;
  readonly label?: string;
  readonly disabled?: boolean;
  /** Called with how to close it again. */
  readonly children: (close: () => void) => ReactNode;
}

/** A button that opens a small pane below it; Esc and a press elsewhere close it. */
export function Popover({ className, button, label, disabled = false, children }: Props) {
  const { open, toggle, close, whole, button: handle } = useOpening();
  const pane = useId();
  const opened = open && !disabled;
  return (
    <div {...whole} className={`popover ${className}`}>
      <button
        ref={handle}
        type="button"
        className="button"
        aria-expanded={opened}
        aria-controls={opened ? pane : undefined}
        aria-label={label}
        disabled={disabled}
        onClick={toggle}
      >
        {button}
        <Caret />
      </button>
      {opened && (
        <div id={pane} className="card popover-pane">
          {children(close)}
        </div>
      )}
    </div>
  );
}
