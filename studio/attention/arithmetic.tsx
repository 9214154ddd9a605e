import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import { Sheet } from "../app/sheet.tsx";
import { percent } from "../drawing/numbers.ts";
import { maskAt, type Place, weightAt } from "./reading.ts";

interface Props {
  readonly view: AttentionView;
  readonly pinned: Place | undefined;
  /** The cell in one line, for the edge of a phone's sheet. */
  readonly short: string | undefined;
  readonly children: ReactNode;
}

/** How the pinned cell came about: a column of its own, or a sheet to draw up on a phone. */
export function Arithmetic({ view, pinned, short, children }: Props) {
  const { t } = useTranslation("attention");
  return (
    <Sheet
      className="arithmetic"
      label={t("arithmetic.title")}
      grip={{ open: t("arithmetic.open"), close: t("arithmetic.close") }}
      peek={
        <>
          <h2 id={ARITHMETIC} tabIndex={-1}>
            {t("arithmetic.title")}
          </h2>
          {pinned ? <Pair view={view} place={pinned} /> : <p className="note-text">{t("arithmetic.none")}</p>}
          {pinned && short && <p className="arithmetic-short num">{short}</p>}
        </>
      }
    >
      {pinned && children}
    </Sheet>
  );
}

const ARITHMETIC = "arithmetic";

/** Goes to the arithmetic: its heading, or on a phone its sheet, drawn up. */
export function openArithmetic(): void {
  const heading = document.getElementById(ARITHMETIC);
  const grip = heading?.closest(".sheet")?.querySelector<HTMLElement>('.sheet-grip[aria-expanded="false"]');
  if (grip) grip.click();
  else heading?.focus();
}

const ARROW = "M1 5h17M14 1l4 4-4 4";

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
