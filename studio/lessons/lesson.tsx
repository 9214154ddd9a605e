import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { LessonName } from "./lesson-names.ts";
import { type Box, Picture } from "./picture.tsx";

/** A number that follows the handle. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly role?: "q" | "k" | "v" | "danger";
}

interface Props {
  readonly name: LessonName;
  /** Of the picture. */
  readonly heights: { readonly wide: number; readonly narrow: number };
  readonly figures: readonly Figure[];
  /** The picture in one sentence, with its numbers. */
  readonly says: string;
  /** The value of the handle, to be typed, and what else can be chosen. */
  readonly controls: ReactNode;
  /** Where the numbers come from. */
  readonly source: string;
  /** What is said beside the formula. Default: the text of the screen. */
  readonly about?: string;
  /** Where the loaded model has the part: whether its numbers are shown, and how to change that. */
  readonly own?: { readonly shown: boolean; readonly change: (shown: boolean) => void };
  readonly children: (box: Box) => ReactNode;
}

/** A screen: the picture with its handle, its numbers and its sentence, and the formula folded away. */
export function Lesson({ name, heights, figures, says, controls, source, about, own, children }: Props) {
  const { t } = useTranslation("lessons");
  return (
    <>
      <Picture label={says} heights={heights}>
        {children}
      </Picture>
      <div className="lesson-controls">{controls}</div>
      <dl className="lesson-figures">
        {figures.map(({ label, value, role }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="num" style={role && { color: `var(--${role})` }}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      <p className="lesson-idea">{t(`${name}.idea`)}</p>
      <p className="lesson-says num">{says}</p>
      <div className="lesson-foot">
        <details>
          <summary>{t("formula")}</summary>
          <p className="lesson-formula">{t(`${name}.formula`)}</p>
          <p className="caption">{about ?? t(`${name}.about`)}</p>
        </details>
        {own && (
          <button type="button" className="button" aria-pressed={own.shown} onClick={() => own.change(!own.shown)}>
            {t(own.shown ? "withTiny" : "withMine")}
          </button>
        )}
        <p className="caption">{source}</p>
      </div>
    </>
  );
}
