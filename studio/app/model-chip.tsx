import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ModelCard } from "../../src/studio/wire.ts";
import { grouped } from "../drawing/numbers.ts";

interface Props {
  readonly model: ModelCard;
  readonly there: boolean;
}

/** The model by name; pressed, what it is made of. */
export function ModelChip({ model, there }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const chip = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const leave = (event: Event) => {
      if (!chip.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("focusin", leave);
    };
  }, [open]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape anywhere inside closes what the button opened
    <div
      className="model-chip"
      ref={chip}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        setOpen(false);
        button.current?.focus();
      }}
    >
      <button ref={button} type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={there ? "model-dot" : "model-dot off"} />
        <span>
          {model.heads > 1
            ? t("model.chip", { name: model.name, layers: model.layers, heads: model.heads })
            : `${model.name} · ${t(`archs.${model.arch}`)}`}
        </span>
        <svg width="10" height="6" viewBox="0 0 10 6" aria-hidden="true">
          <path d="M1 1l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.6" />
        </svg>
      </button>
      {open && (
        <section className="card model-card" aria-label={t("model.details")}>
          <h2>{model.name}</h2>
          <dl className="num">
            {factsOf(model, t).map(([name, value]) => (
              <div key={name} className="model-fact">
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </div>
  );
}

type Translate = ReturnType<typeof useTranslation>["t"];

function factsOf(model: ModelCard, t: Translate): [name: string, value: string][] {
  return [
    [t("model.task"), t(`model.tasks.${model.task}`)],
    [t("model.arch"), t(`archs.${model.arch}`)],
    [t("model.attention"), t(`attentions.${model.attn}`)],
    ...(model.heads > 1 ? [[t("model.shape"), `${model.layers} × ${model.heads}`] as [string, string]] : []),
    [t("model.width"), String(model.dModel)],
    [t("model.params"), grouped(model.params)],
    [t("model.reads"), t("model.pieces", { n: model.maxLen })],
  ];
}
