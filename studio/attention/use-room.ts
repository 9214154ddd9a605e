import { type RefObject, useEffect, useLayoutEffect, useState } from "react";

/** The size of an element in pixels, followed as it changes; nothing before it is there. */
export function useRoom(element: RefObject<HTMLElement | null>): { readonly width: number; readonly height: number } {
  const [room, setRoom] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const watched = element.current;
    if (!watched) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = watched;
      setRoom((before) => (before.width === width && before.height === height ? before : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  return room;
}

/** Measures text in the typeface of the page, in pixels; again once the typeface is loaded. */
export function useTextWidth(size: number, weight: number): (text: string) => number {
  const [font, setFont] = useState(() => ({ measure: measurer(size, weight) }));
  useEffect(() => {
    let gone = false;
    const measured = () => !gone && setFont({ measure: measurer(size, weight) });
    measured();
    document.fonts.addEventListener("loadingdone", measured);
    return () => {
      gone = true;
      document.fonts.removeEventListener("loadingdone", measured);
    };
  }, [size, weight]);
  return font.measure;
}

function measurer(size: number, weight: number): (text: string) => number {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) return (text) => 0.9 * size * text.length;
  pen.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
  return (text) => pen.measureText(text).width;
}
