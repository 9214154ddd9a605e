import { useSyncExternalStore } from "react";

const phone = window.matchMedia("(max-width: 760px)");
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

/** Whether the window is as narrow as a phone's. */
export function usePhone(): boolean {
  return useMedia(phone);
}

/** Whether whoever looks wants nothing to move by itself. */
export function useStill(): boolean {
  return useMedia(still);
}

function useMedia(query: MediaQueryList): boolean {
  return useSyncExternalStore(
    (listener) => {
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => query.matches,
  );
}
