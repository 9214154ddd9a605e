import { Grip, type Handle } from "./grip.tsx";
import { nearestStop } from "./stops.ts";

interface Props extends Handle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** What is written under some stops. Default: the first and the last number. */
  readonly marks?: Readonly<Record<number, string>>;
}

/** A handle on a straight track of evenly spaced stops. */
export function Track({ x, y, width, marks, ...handle }: Props) {
  const { stops, value } = handle;
  const at = (stop: number) => x + (width * stops.indexOf(stop)) / (stops.length - 1);
  const shown = marks ?? { [stops[0]]: String(stops[0]), [stops[stops.length - 1]]: String(stops[stops.length - 1]) };
  return (
    <g>
      <line className="track" x1={x} x2={x + width} y1={y} y2={y} />
      <line className="track-done" x1={x} x2={at(nearestStop(stops, value))} y1={y} y2={y} />
      {Object.entries(shown).map(([stop, mark]) => (
        <text key={stop} className="tick" x={at(Number(stop))} y={y + 30} textAnchor="middle">
          {mark}
        </text>
      ))}
      <Grip
        {...handle}
        place={(stop) => [at(stop), y]}
        area={{ x: x - 12, y: y - 22, width: width + 24, height: 44 }}
      />
    </g>
  );
}
