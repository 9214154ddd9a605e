import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

/** The stage before anything has come: blocks as long as the words that were sent; after three seconds it counts. */
export function Waiting({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const [tenths, setTenths] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTenths((count) => count + 1), 100);
    return () => clearInterval(timer);
  }, []);
  if (tenths < 2) return <article className="card stage" />;
  const words = text.trim().split(/\s+/);
  return (
    <article className="card stage waiting" aria-busy="true">
      <div className="words source" aria-hidden="true">
        {words.map((word, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word is its place
          <span key={index} className="word">
            <span>{word}</span>
          </span>
        ))}
      </div>
      <p className="says">{tenths < 30 ? t("state.working") : t("state.workingFor", { n: Math.floor(tenths / 10) })}</p>
    </article>
  );
}
