interface SparklineProps {
  /** null: a gap. */
  readonly values: readonly (number | null)[];
  readonly label: string;
}

const WIDTH = 96;
const HEIGHT = 22;

/** A small line of how a number went; where there is none, there is no line. */
export function Sparkline({ values, label }: SparklineProps) {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return <span className="text-ink-faint">–</span>;
  const top = Math.max(...known, 1);
  const step = WIDTH / Math.max(values.length - 1, 1);
  const points = values.map((value, index) =>
    value === null ? null : ([index * step, HEIGHT - 2 - (value / top) * (HEIGHT - 4)] as const),
  );
  return (
    <svg role="img" aria-label={label} width={WIDTH} height={HEIGHT} className="overflow-visible text-accent">
      <title>{label}</title>
      <path d={toPath(points)} fill="none" stroke="currentColor" strokeWidth="1.25" strokeLinejoin="round" />
      {points.filter(isAlone).map((point) => (
        <circle key={point?.[0]} cx={point?.[0]} cy={point?.[1]} r="1.25" fill="currentColor" />
      ))}
    </svg>
  );
}

type Point = readonly [x: number, y: number] | null;

/** A point that no line leads to would not be seen. */
function isAlone(point: Point, index: number, all: readonly Point[]): boolean {
  return point !== null && (all[index - 1] ?? null) === null && (all[index + 1] ?? null) === null;
}

/** Neighbors are joined; over a gap nothing is drawn. */
function toPath(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      if (point === null) return "";
      const isJoined = index > 0 && points[index - 1] !== null;
      return `${isJoined ? "L" : "M"}${point[0].toFixed(1)} ${point[1].toFixed(1)}`;
    })
    .join("");
}
