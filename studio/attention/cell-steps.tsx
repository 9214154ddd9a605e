import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AttentionKind, SentenceToken } from "../../src/explain/attention-map.ts";
import type { Cell } from "../../src/studio/wire.ts";
import { percent, signed } from "../drawing/numbers.ts";
import { type Step, stepsOf } from "./arithmetic-steps.ts";
import { digits } from "./digits.ts";
import type { Place } from "./reading.ts";
import { RowBars } from "./row-bars.tsx";
import type { Shades } from "./shades.ts";
import { StepTable } from "./step-table.tsx";
import { useTextWidth } from "./use-room.ts";
import { VectorBars } from "./vector-bars.tsx";

interface Props {
  readonly cell: Cell;
  readonly kind: AttentionKind;
  readonly place: Place;
  readonly asker: string;
  readonly seen: string;
  readonly keys: readonly SentenceToken[];
  readonly shades: Shades;
}

const ROLES = {
  query: "q",
  turned: "q",
  state: "q",
  key: "k",
  seen: "k",
  squashed: "ink",
  product: "ink",
  energy: "ink",
  value: "v",
} as const;

/** The steps of a cell from its two vectors to what is carried over, each with its numbers to unfold. */
export function CellSteps({ cell, kind, place, asker, seen, keys, shades }: Props) {
  const { t } = useTranslation("attention");
  const [lit, setLit] = useState<number>();
  const [open, setOpen] = useState<ReadonlySet<Step["name"]>>(new Set());
  const list = useRef<HTMLOListElement>(null);
  const measure = useTextWidth(12, 650);
  const steps = stepsOf(cell, place.col);
  const toggle = (name: Step["name"]) => {
    const next = new Set(open);
    if (!next.delete(name)) next.add(name);
    setOpen(next);
  };
  const walk = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const buttons = [...list.current!.querySelectorAll<HTMLElement>(".step-head")];
    const to = buttons[buttons.indexOf(event.target as HTMLElement) + by];
    if (!to) return;
    event.preventDefault();
    to.focus();
  };
  const label = (step: Step) =>
    t(`steps.${labelled(step, kind)}`, {
      asker,
      seen,
      d: cell.d,
      count: step.name === "counted" ? step.count : 0,
      root: step.name === "scale" ? digits(step.root) : "",
      share: step.name === "value" ? percent(step.weight) : "",
    });
  return (
    <ol className="steps" ref={list}>
      {steps.map((step) => (
        <li key={step.name}>
          <button
            type="button"
            className="step-head"
            aria-expanded={"parts" in step || step.name === "softmax" ? open.has(step.name) : undefined}
            onClick={() => toggle(step.name)}
            onKeyDown={walk}
          >
            <span className="step-name">
              <Named text={label(step)} />
            </span>
            <span className={step.name === "softmax" ? "step-value seen num" : "step-value num"}>
              {lit !== undefined && "bars" in step ? (
                <span className="caption">
                  {t("dimension", { n: lit + 1 })} <b>{digits(step.bars[lit] ?? 0)}</b>
                </span>
              ) : (
                resultOf(step)
              )}
            </span>
          </button>
          {"bars" in step && (
            <VectorBars
              numbers={step.bars}
              behind={step.name === "value" ? step.behind : undefined}
              role={ROLES[step.name]}
              lit={lit}
              point={setLit}
            />
          )}
          {step.name === "softmax" && (
            <RowBars
              weights={step.row.map(([, weight]) => weight)}
              tokens={keys}
              col={step.col}
              shades={shades}
              measure={measure}
            />
          )}
          {open.has(step.name) && <StepTable step={step} kind={kind} place={place} keys={keys} />}
        </li>
      ))}
    </ol>
  );
}

function labelled(step: Step, kind: AttentionKind) {
  if (step.name === "mask") return step.mask ? "masked" : "unmasked";
  return step.name === "state" && kind === "pooling" ? "pooled" : step.name;
}

/** A label whose part before the dot is its name. */
function Named({ text }: { readonly text: string }) {
  const [name, ...rest] = text.split(" · ");
  return (
    <>
      <b>{name}</b>
      {rest.length > 0 && ` · ${rest.join(" · ")}`}
    </>
  );
}

function resultOf(step: Step): string {
  if (step.name === "product" || step.name === "energy") return signed(step.value);
  if (step.name === "scale" || step.name === "counted") return signed(step.value);
  if (step.name === "mask") return step.mask ? "− ∞" : "+ 0";
  return step.name === "softmax" ? percent(step.value) : "";
}
