import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ExplainedText } from "../../src/explain/attention-map.ts";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import type { DrawnLines } from "../../src/explain/line-figure.ts";
import { announce } from "../app/announcer.tsx";
import { Copy } from "../app/copy.tsx";
import { useModel } from "../app/studio-context.tsx";
import { Popover } from "./popover.tsx";
import { Segmented } from "./segmented.tsx";

interface Props {
  readonly view: AttentionView;
  /** The text with all of its attention, fetched only when it is asked for. */
  readonly explain: (all: boolean) => Promise<ExplainedText>;
  readonly scale: "fixed" | "row";
  readonly words: boolean;
  /** What is drawn where lines are looked at. */
  readonly lines: DrawnLines | undefined;
}

const FORMATS = ["svg", "png", "json", "html"] as const;
type Format = (typeof FORMATS)[number];
const TYPES = { svg: "image/svg+xml", png: "image/png", json: "application/json", html: "text/html" } as const;

/** Saves what is looked at as a figure, an image, numbers or a page of one file, or copies its address. */
export function ExportMenu({ view, explain, scale, words, lines }: Props) {
  const { t, i18n } = useTranslation("attention");
  const { backend, model, there } = useModel();
  const [outline, setOutline] = useState(true);
  const [width, setWidth] = useState<"84" | "174">("174");
  const [told, setTold] = useState("");
  const say = (text: string) => {
    setTold(text);
    announce(text);
  };

  const save = async (format: Format) => {
    try {
      const { figure, numbers, page, picture } = await import("./exports.ts");
      const explained = await explain(format === "html");
      const language = i18n.language === "ko" ? ("ko" as const) : ("en" as const);
      const exported = { explained, view, model: model.name, language, scale, lines };
      const millimetres = width === "84" ? 84 : 174;
      const shapes = backend.offers.lettering ? "shapes" : undefined;
      const made = {
        svg: () => figure(exported, { millimetres, text: (outline && shapes) || "lettered" }, backend),
        png: async () =>
          picture(await figure(exported, { millimetres, text: shapes ?? "bare" }, backend), width === "84" ? 4 : 2),
        json: () => numbers(exported),
        html: () => page(explained, view, words),
      };
      const drawn = lines && (format === "svg" || format === "png") ? "-lines" : "";
      const name = `jumok-${nameOf(view)}${drawn}.${format}`;
      download(new Blob([await made[format]()], { type: TYPES[format] }), name);
      say(t("export.done", { name }));
    } catch (error) {
      say(t("export.failed", { why: error instanceof Error ? error.message : String(error) }));
    }
  };

  return (
    <Popover className="export-menu" button={t("export.title")} disabled={!there}>
      {() => (
        <>
          <ul>
            {FORMATS.map((format) => (
              <li key={format}>
                <button type="button" onClick={() => save(format)}>
                  {t(`export.${format}`)}
                </button>
              </li>
            ))}
            <li>
              <Copy text={() => window.location.href} copied={t("export.copied")}>
                {t("export.link")}
              </Copy>
            </li>
          </ul>
          {backend.offers.lettering ? (
            <label className="check">
              <input type="checkbox" checked={outline} onChange={(event) => setOutline(event.target.checked)} />
              {t("export.outline")}
            </label>
          ) : (
            <p className="note-text">{t("export.letters")}</p>
          )}
          <Segmented
            label={t("export.widths")}
            choices={[
              ["84", t("export.width", { mm: 84 })],
              ["174", t("export.width", { mm: 174 })],
            ]}
            chosen={width}
            choose={setWidth}
          />
          {told && <p className="note-text">{told}</p>}
        </>
      )}
    </Popover>
  );
}

function nameOf({ kind, layer, head, of }: AttentionView): string {
  if (kind === "alignment" || kind === "pooling") return kind;
  return `${kind}-${layer + 1}-${typeof head === "number" ? head + 1 : of === 1 ? 1 : head}`;
}

function download(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
