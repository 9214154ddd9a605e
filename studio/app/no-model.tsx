import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TrainingState } from "../../src/studio/training-wire.ts";
import type { Backend } from "../backend/backend.ts";
import { Copy } from "./copy.tsx";
import { Mark } from "./mark.tsx";
import { addressOf } from "./selection.ts";
import { useStudio } from "./studio-context.tsx";

const COMMANDS = ["npx jumok demo", "npx jumok train data/small-talk.ko.tsv --out model --studio"];

/** What to do where no model has been trained yet, or where to watch it while it is. */
export function NoModel() {
  const { t } = useTranslation();
  const { backend } = useStudio();
  const trains = useTrains(backend);
  return (
    <section className="instead no-model">
      <Mark size={56} />
      {trains ? (
        <>
          <p>{t("state.training")}</p>
          <a className="button" href={addressOf("train")}>
            {t("state.seeTraining")}
          </a>
        </>
      ) : (
        <>
          <p>{t("state.noModel")}</p>
          <Commands />
        </>
      )}
    </section>
  );
}

function Commands() {
  const { t } = useTranslation();
  return (
    <ul>
      {COMMANDS.map((command) => (
        <li key={command}>
          <code lang="en">{command}</code>
          <Copy className="button" text={() => command} copied={t("state.copied")}>
            {t("state.copy")}
          </Copy>
        </li>
      ))}
    </ul>
  );
}

const UNDER_WAY: readonly TrainingState[] = ["starting", "run", "stopping"];
/** How often a run is asked after, in milliseconds. */
const BEAT = 2000;

/** Whether the model is being trained right now. */
function useTrains(backend: Backend): boolean {
  const [trains, setTrains] = useState(false);
  useEffect(() => {
    const life = new AbortController();
    const look = () =>
      backend.trainingStatus(life.signal).then(
        ({ state }) => setTrains(UNDER_WAY.includes(state)),
        // A server that does not tell now may do so at the next beat.
        () => {},
      );
    void look();
    const timer = setInterval(look, BEAT);
    return () => {
      clearInterval(timer);
      life.abort();
    };
  }, [backend]);
  return trains;
}
