import { type KeyboardEvent, type ReactNode, type Ref, useRef } from "react";
import { languageOf } from "../drawing/language-of.ts";
import type { Word } from "../drawing/words.ts";
import type { Focus, Peek } from "./focus.ts";

export interface WordTile {
  readonly word: Word;
  readonly text: string;
  readonly name: string;
  readonly className?: string;
  readonly colours?: { readonly background: string; readonly color: string };
  readonly note?: string;
}

interface Props {
  readonly axis: Focus["axis"];
  readonly label: string;
  readonly tiles: readonly WordTile[];
  /** The tile that Tab comes to. */
  readonly stop: number;
  readonly pinned: number | undefined;
  readonly peek: Peek;
  readonly onPin: (focus: Focus | undefined) => void;
  /** Whether words stand one below another. */
  readonly vertical: boolean;
  readonly rowRef: Ref<HTMLDivElement>;
  readonly children?: ReactNode;
}

/** Words to point at and to press: one stop of the Tab key, arrows go from word to word and to the other row. */
export function WordRow({ axis, label, tiles, stop, pinned, peek, onPin, vertical, rowRef, children }: Props) {
  const own = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = stepOf(event.key, vertical);
    if (event.key === "Escape") onPin(undefined);
    else if (step?.along) goTo(own.current!, (index) => index + step.along!);
    else if (step?.across === (axis === "written" ? -1 : 1)) goAcross(own.current!, axis);
    else if (event.key === "Home") goTo(own.current!, () => 0);
    else if (event.key === "End") goTo(own.current!, (_, last) => last);
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is sent
    <div
      ref={(element) => {
        own.current = element;
        if (typeof rowRef === "function") rowRef(element);
        else if (rowRef) rowRef.current = element;
      }}
      role="group"
      className={`words ${axis}`}
      aria-label={label}
      data-axis={axis}
      onKeyDown={onKeyDown}
      onPointerLeave={() => peek.rest(undefined)}
    >
      {tiles.map(({ word, text, name, className = "", colours, note }, index) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: a word is its place
          key={index}
          type="button"
          className={`word ${word.special && word.special !== "unk" ? "mark" : ""} ${className}`}
          style={colours}
          lang={word.special ? undefined : languageOf(text)}
          aria-pressed={pinned === index}
          tabIndex={index === stop ? 0 : -1}
          onPointerEnter={(event) => {
            if (event.pointerType === "mouse") peek.rest({ axis, index });
          }}
          onFocus={(event) => {
            if (event.currentTarget.matches(":focus-visible")) peek.now({ axis, index });
          }}
          onBlur={() => peek.now(undefined)}
          onClick={() => {
            const here = { axis, index };
            // What is pinned is what is told of, whatever the pointer came over on its way.
            peek.now(pinned === index ? here : undefined);
            onPin(pinned === index ? undefined : here);
          }}
        >
          <span className="unseen">{name}</span>
          <span aria-hidden="true">{text}</span>
          {note !== undefined && (
            <small className="num" aria-hidden="true">
              {note}
            </small>
          )}
        </button>
      ))}
      {children}
    </div>
  );
}

interface Step {
  readonly along?: number;
  readonly across?: number;
}

/** Written words are below the source, or before it where words stand one below another. */
function stepOf(key: string, vertical: boolean): Step | undefined {
  const steps: Record<string, Step> = vertical
    ? { ArrowUp: { along: -1 }, ArrowDown: { along: 1 }, ArrowLeft: { across: 1 }, ArrowRight: { across: -1 } }
    : { ArrowLeft: { along: -1 }, ArrowRight: { along: 1 }, ArrowUp: { across: -1 }, ArrowDown: { across: 1 } };
  return steps[key];
}

function goTo(row: HTMLElement, next: (index: number, last: number) => number): void {
  const buttons = [...row.querySelectorAll<HTMLButtonElement>("button.word")];
  const index = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons[Math.min(buttons.length - 1, Math.max(0, next(index, buttons.length - 1)))]?.focus();
}

function goAcross(row: HTMLElement, axis: Focus["axis"]): void {
  const other = axis === "written" ? "source" : "written";
  row.parentElement?.querySelector<HTMLButtonElement>(`.words.${other} button[tabindex="0"]`)?.focus();
}
