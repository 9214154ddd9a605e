import { useTranslation } from "react-i18next";
import type { ModelCard } from "../../src/studio/wire.ts";
import { grouped } from "../drawing/numbers.ts";
import { Caret } from "./icon.tsx";
import { useOpening } from "./use-opening.ts";

interface Props {
  readonly model: ModelCard;
  readonly there: boolean;
}

/** The model by name; pressed, what it is made of. */
export function ModelChip({ model, there }: Props) {
  const { t } = useTranslation();
  const { open, toggle, whole, button } = useOpening();
  return (
    <div {...whole} className="model-chip">
      <button ref={button} type="button" aria-expanded={open} onClick={toggle}>
        <span className={there ? "model-dot" : "model-dot off"} />
        <span>
          {model.heads > 1
            ? t("model.chip", { name: model.name, layers: model.layers, heads: model.heads })
            : `${model.name} · ${t(`archs.${model.arch}`)}`}
        </span>
        <Caret />
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
