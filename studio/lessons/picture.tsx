import { type ReactNode, useLayoutEffect, useRef, useState } from "react";

/** The room a picture has, in pixels of the screen: text keeps its size on every one. */
export interface Box {
  readonly width: number;
  readonly height: number;
  /** Whether it is a phone's. */
  readonly narrow: boolean;
}

interface Props {
  /** What the picture shows, for those who do not see it. */
  readonly label: string;
  readonly heights: { readonly wide: number; readonly narrow: number };
  readonly children: (box: Box) => ReactNode;
}

/** An SVG as wide as its place, drawn again when that changes. */
export function Picture({ label, heights, children }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = place.current!;
    const measure = () => setWidth(Math.floor(element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const narrow = width < 560;
  const height = narrow ? heights.narrow : heights.wide;
  return (
    <div className="lesson-picture" ref={place} style={{ height }}>
      {width > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be an SVG
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={label}>
          {children({ width, height, narrow })}
        </svg>
      )}
    </div>
  );
}
