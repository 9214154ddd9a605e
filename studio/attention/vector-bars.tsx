interface Props {
  readonly numbers: readonly number[];
  /** Paler bars behind them, on the same scale. */
  readonly behind?: readonly number[];
  readonly role: "q" | "k" | "v" | "ink";
  /** The dimension that is pointed at in any of the vectors. */
  readonly lit: number | undefined;
  readonly point: (dimension: number | undefined) => void;
}

const WIDTH = 320;
const HALF = 17;

/** A vector as bars up and down from a line: the sign is a direction, not a colour. */
export function VectorBars({ numbers, behind = [], role, lit, point }: Props) {
  const most = Math.max(1e-12, ...numbers.map(Math.abs), ...behind.map(Math.abs));
  const step = WIDTH / numbers.length;
  // Narrow bars would blur into their gaps.
  const gap = step < 3 ? 0 : Math.min(2, 0.15 * step);
  const bar = (value: number, i: number, className: string) => {
    const height = Math.max(0.8, ((HALF - 1) * Math.abs(value)) / most);
    return (
      <rect
        key={`${className}${i}`}
        className={className}
        x={i * step + gap}
        y={value >= 0 ? HALF - height : HALF}
        width={step - 2 * gap}
        height={height}
        rx={Math.min(1.5, 0.2 * step)}
      />
    );
  };
  return (
    <svg
      className={`vector ${role}`}
      viewBox={`0 0 ${WIDTH} ${2 * HALF}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      onPointerMove={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        const at = Math.floor(((event.clientX - box.left) / box.width) * numbers.length);
        point(Math.min(numbers.length - 1, Math.max(0, at)));
      }}
      onPointerLeave={() => point(undefined)}
    >
      {lit !== undefined && lit < numbers.length && (
        <rect className="vector-lit" x={lit * step} y={0} width={step} height={2 * HALF} />
      )}
      <path className="vector-zero" d={`M0 ${HALF}H${WIDTH}`} />
      {behind.map((value, i) => bar(value, i, "pale"))}
      {numbers.map((value, i) => bar(value, i, ""))}
    </svg>
  );
}
