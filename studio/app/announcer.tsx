import { useEffect, useState } from "react";
import { Store, useStore } from "./store.ts";

/** A text to be read out, with a number so that the same one can be read twice. */
const announced = new Store({ text: "", number: 0 });

/** Has a screen reader say a text when it comes to it; of several in 400 ms only the last. */
export function announce(text: string): void {
  announced.set({ text, number: announced.get().number + 1 });
}

/** The one live region of the page. */
export function Announcer() {
  const { text, number } = useStore(announced);
  const [said, setSaid] = useState({ text: "", number: 0 });
  useEffect(() => {
    const timer = setTimeout(() => setSaid({ text, number }), 400);
    return () => clearTimeout(timer);
  }, [text, number]);
  return (
    <div className="unseen" role="status" aria-live="polite">
      <span key={said.number}>{said.text}</span>
    </div>
  );
}
