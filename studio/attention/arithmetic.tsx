import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import { percent } from "../drawing/numbers.ts";
import { maskAt, type Place, weightAt } from "./reading.ts";
import { usePhone } from "./use-room.ts";

interface Props {
  readonly view: AttentionView;
  readonly pinned: Place | undefined;
  /** The cell in one line, for the edge of a phone's sheet. */
  readonly short: string | undefined;
  /** Takes the focus when the arithmetic is opened from the map. */
  readonly heading: RefObject<HTMLHeadingElement | null>;
  readonly sheet: { readonly open: boolean; readonly set: (open: boolean) => void };
  readonly children: ReactNode;
}

const ARROW = "M1 5h17M14 1l4 4-4 4";

/** How the pinned cell came about: a column of its own, or a sheet to draw up on a phone. */
export function Arithmetic({ view, pinned, short, heading, sheet, children }: Props) {
  const { t } = useTranslation("attention");
  const phone = usePhone();
  const panel = useRef<HTMLElement>(null);
  const grip = useRef<HTMLButtonElement>(null);
  const [start, setStart] = useState<number>();
  const body = useId();
  const folded = phone && !sheet.open;
  const close = () => {
    sheet.set(false);
    grip.current?.focus({ preventScroll: true });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another cell is read from its first step on
  useEffect(() => {
    panel.current?.scrollTo?.(0, 0);
  }, [pinned?.row, pinned?.col, view]);
  return (
    <section
      ref={panel}
      className={`card arithmetic${sheet.open ? " open" : ""}`}
      aria-label={t("arithmetic.title")}
      onKeyDown={(event) => {
        if (event.key === "Escape" && phone && sheet.open) close();
      }}
    >
      <h2 ref={heading} tabIndex={-1}>
        {t("arithmetic.title")}
      </h2>
      {phone && (
        <button
          ref={grip}
          type="button"
          className="sheet-grip"
          aria-expanded={sheet.open}
          aria-controls={body}
          aria-label={t(sheet.open ? "arithmetic.close" : "arithmetic.open")}
          onClick={() => sheet.set(!sheet.open)}
          onPointerDown={(event) => setStart(event.clientY)}
          onPointerUp={(event) => {
            if (start !== undefined && Math.abs(event.clientY - start) > 24) sheet.set(event.clientY < start);
            setStart(undefined);
          }}
        />
      )}
      {pinned ? <Pair view={view} place={pinned} /> : <p className="note-text">{t("arithmetic.none")}</p>}
      {folded && pinned && short && <p className="sheet-short num">{short}</p>}
      <div id={body} hidden={folded}>
        {pinned && children}
      </div>
    </section>
  );
}

function Pair({ view, place }: { readonly view: AttentionView; readonly place: Place }) {
  const masked = maskAt(view, place) !== undefined;
  return (
    <p className="pair">
      <span className="asker">{view.queries.tokens[place.row].text}</span>
      <svg width="20" height="10" viewBox="0 0 20 10" aria-hidden="true">
        <path d={ARROW} fill="none" stroke="var(--ink3)" strokeWidth="1.6" />
      </svg>
      <span className="seen">{view.keys.tokens[place.col].text}</span>
      <b className="num">{masked ? "0%" : percent(weightAt(view, place))}</b>
    </p>
  );
}
