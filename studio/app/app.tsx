import { type ComponentType, lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Backend } from "../backend/backend.ts";
import { Waiting } from "../talk/waiting.tsx";
import { token } from "./access.ts";
import type { View } from "./address.ts";
import { Announcer, announce } from "./announcer.tsx";
import { Brand } from "./brand.tsx";
import { type Connection, type Loaded, watchBackend } from "./connection.ts";
import { Loading } from "./loading.tsx";
import { ModelChip } from "./model-chip.tsx";
import { NoModel } from "./no-model.tsx";
import { NotOpened } from "./not-opened.tsx";
import { Options } from "./options.tsx";
import { OtherModel } from "./other-model.tsx";
import { selection } from "./selection.ts";
import { Store, useStore } from "./store.ts";
import { StudioContext } from "./studio-context.tsx";
import { Unlock } from "./unlock.tsx";
import { ViewBoundary } from "./view-boundary.tsx";
import { ViewsBar } from "./views-bar.tsx";

const COMPONENTS: Readonly<Record<View, ComponentType>> = {
  talk: lazy(async () => ({ default: (await import("../talk/talk-view.tsx")).TalkView })),
  attn: lazy(async () => ({ default: (await import("../attention/attention-view.tsx")).AttentionView })),
  train: lazy(async () => ({ default: (await import("../training/training-view.tsx")).TrainingView })),
  how: lazy(async () => ({ default: (await import("../lessons/lessons-view.tsx")).LessonsView })),
};

/** Views that show nothing of their own without a model. */
const NEEDS_MODEL: readonly View[] = ["talk", "attn"];

const BEGUN: Connection = { there: true, model: { state: "loading" } };

/** What is shown in place of a view until there is a model. */
function Instead({ model, backend }: { readonly model: Loaded; readonly backend: Backend }) {
  const { t } = useTranslation();
  const { text } = useStore(selection);
  if (model.state === "none") return <NoModel />;
  if (model.state === "broken") return <NotOpened error={model.error} />;
  return backend.progress ? <Loading progress={backend.progress} /> : <Waiting text={text ?? t("state.working")} />;
}

/** The whole page: its bars, and the view that the address names. */
export function App({ backend }: { readonly backend: Backend }) {
  const { t } = useTranslation();
  const [connection] = useState(() => new Store<Connection>(BEGUN));
  const { there, model } = useStore(connection);
  const { view: chosen } = useStore(selection);
  const view = chosen === "train" && backend.offers.training === "none" ? "talk" : chosen;
  const main = useRef<HTMLElement>(null);
  const access = useStore(token);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew with another token
  useEffect(() => {
    connection.set(BEGUN);
    return watchBackend(backend, connection);
  }, [backend, connection, access]);

  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: told when it changes, not when the language does
  useEffect(() => {
    if (!first.current) announce(there ? t("state.back") : t("state.gone"));
    first.current = false;
  }, [there]);

  useEffect(() => {
    document.title = `${t(`views.${view}`)} · 주목 jumok`;
  }, [t, view]);

  const card = model.state === "ready" ? model.card : undefined;
  const studio = useMemo(() => ({ backend, model: card, there }), [backend, card, there]);
  const Shown = COMPONENTS[view];
  const locked = model.state === "locked" && view !== "how";
  const waits = NEEDS_MODEL.includes(view) && !card;
  return (
    <StudioContext value={studio}>
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        {t("skip")}
      </button>
      <header className="top-bar">
        <div className="top-start">
          <Brand />
          {card && <ModelChip model={card} there={there} />}
        </div>
        <ViewsBar />
        <Options />
      </header>
      <div>
        {!there && <p className="notice">{t("state.gone")}</p>}
        {card && <OtherModel card={card} />}
      </div>
      <main id="main" tabIndex={-1} ref={main}>
        <h1 className="unseen">{t(`views.${view}`)}</h1>
        <ViewBoundary key={view}>
          {locked ? (
            <Unlock />
          ) : waits ? (
            <Instead model={model} backend={backend} />
          ) : (
            <Suspense fallback={null}>
              <Shown />
            </Suspense>
          )}
        </ViewBoundary>
      </main>
      <Announcer />
    </StudioContext>
  );
}
