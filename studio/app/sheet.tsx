import { type ReactNode, useRef, useState } from "react";
import { usePhone } from "./media.ts";

interface Props {
  readonly className: string;
  readonly label: string;
  /** What the grip does, for who cannot see it. */
  readonly grip: { readonly open: string; readonly close: string };
  /** What is seen of a closed sheet. */
  readonly peek: ReactNode;
  readonly children: ReactNode;
}

/** How far a finger has to go for a swipe, in pixels. */
const SWIPE = 24;

/** A card beside the rest; on phones a sheet at the lower edge, drawn up or pressed to see it whole. */
export function Sheet({ className, label, grip, peek, children }: Props) {
  const phone = usePhone();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const inside = useRef<HTMLDivElement>(null);
  const began = useRef<number>(undefined);
  const swiped = useRef(false);
  const toggle = (wanted: boolean) => {
    setOpen(wanted);
    if (wanted) requestAnimationFrame(() => inside.current?.focus({ preventScroll: true }));
    else button.current?.focus();
  };
  return (
    <section
      className={`card sheet ${className}`}
      aria-label={label}
      data-open={phone && open}
      onKeyDown={(event) => {
        if (event.key === "Escape" && phone && open) toggle(false);
      }}
    >
      {phone && (
        <button
          ref={button}
          type="button"
          className="sheet-grip"
          aria-expanded={open}
          aria-label={open ? grip.close : grip.open}
          onPointerDown={(event) => {
            began.current = event.clientY;
            swiped.current = false;
            event.currentTarget.setPointerCapture(event.pointerId);
          }}
          onPointerMove={(event) => {
            if (began.current === undefined) return;
            const gone = event.clientY - began.current;
            if (Math.abs(gone) < SWIPE || gone > 0 !== open) return;
            swiped.current = true;
            began.current = undefined;
            toggle(!open);
          }}
          onClick={() => {
            if (!swiped.current) toggle(!open);
          }}
        />
      )}
      <div className="sheet-scroll">
        {peek}
        <div className="sheet-inside" ref={inside} tabIndex={-1} inert={phone && !open}>
          {children}
        </div>
      </div>
    </section>
  );
}
