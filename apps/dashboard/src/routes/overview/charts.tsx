import type { ActivityView, QueueSample } from "@beckon/core/runtime";
import { Area, AreaChart, Bar, BarChart, CartesianGrid, Line, LineChart, Tooltip, XAxis, YAxis } from "recharts";
import { formatCount, formatDuration } from "../../ui/format-duration.ts";
import { ChartFrame, type Series } from "./chart-frame.tsx";
import { toClock, toTooltip } from "./chart-texts.tsx";

interface ChartsProps {
  readonly activity: ActivityView;
  readonly samples: readonly QueueSample[];
}

const ENDED: readonly Series[] = [
  { key: "succeeded", name: "Succeeded", color: "var(--success)" },
  { key: "failed", name: "Failed", color: "var(--failure)" },
  { key: "canceled", name: "Canceled", color: "var(--idle)" },
];

const DURATIONS: readonly Series[] = [
  { key: "p50", name: "50 %", color: "var(--accent)" },
  { key: "p95", name: "95 %", color: "var(--waiting)" },
  { key: "p99", name: "99 %", color: "var(--warning)" },
];

const DEPTHS: readonly Series[] = [
  { key: "QUEUED", name: "Queued", color: "var(--idle)" },
  { key: "EXECUTING", name: "Executing", color: "var(--executing)" },
  { key: "WAITING", name: "Waiting", color: "var(--waiting)" },
  { key: "DELAYED", name: "Delayed", color: "var(--delayed)" },
];

const AXIS = { tickLine: false, axisLine: false, tick: { fill: "var(--ink-soft)", fontSize: 11 } } as const;
const time = { dataKey: "at", tickFormatter: toClock, minTickGap: 48, ...AXIS } as const;
const grid = <CartesianGrid vertical={false} stroke="var(--line)" />;

/** What ended, how long it took, and how full the queues were, over time. */
export function Charts({ activity, samples }: ChartsProps) {
  const stretches = activity.stretches.map(({ from, ...rest }) => ({ at: from.getTime(), ...rest }));
  const depths = samples.map(({ at, live }) => ({ at: at.getTime(), ...live }));
  return (
    <>
      <EndedChart data={stretches} />
      <DurationChart data={stretches} />
      <DepthChart data={depths} />
    </>
  );
}

interface ChartProps {
  readonly data: readonly Readonly<Record<string, unknown>>[];
}

function EndedChart({ data }: ChartProps) {
  return (
    <ChartFrame title="Runs that ended" series={ENDED} data={data} format={formatCount}>
      <BarChart data={[...data]} accessibilityLayer>
        {grid}
        <XAxis {...time} />
        <YAxis width={40} allowDecimals={false} tickFormatter={formatCount} {...AXIS} />
        <Tooltip content={toTooltip(formatCount)} cursor={{ fill: "var(--sunken)" }} />
        {ENDED.map(({ key, name, color }) => (
          <Bar key={key} dataKey={key} name={name} fill={color} stackId="ended" isAnimationActive={false} />
        ))}
      </BarChart>
    </ChartFrame>
  );
}

function DurationChart({ data }: ChartProps) {
  return (
    <ChartFrame title="How long they took" series={DURATIONS} data={data} format={formatDuration}>
      <LineChart data={[...data]} accessibilityLayer>
        {grid}
        <XAxis {...time} />
        <YAxis width={52} tickFormatter={formatDuration} {...AXIS} />
        <Tooltip content={toTooltip(formatDuration)} />
        {DURATIONS.map(({ key, name, color }) => (
          <Line
            key={key}
            dataKey={key}
            name={name}
            stroke={color}
            strokeWidth={1.5}
            dot={{ r: 1.5, fill: color }}
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ChartFrame>
  );
}

function DepthChart({ data }: ChartProps) {
  return (
    <ChartFrame title="Unfinished runs" series={DEPTHS} data={data} format={formatCount} isWide>
      <AreaChart data={[...data]} accessibilityLayer>
        {grid}
        <XAxis {...time} />
        <YAxis width={40} allowDecimals={false} tickFormatter={formatCount} {...AXIS} />
        <Tooltip content={toTooltip(formatCount)} />
        {DEPTHS.map(({ key, name, color }) => (
          <Area
            key={key}
            dataKey={key}
            name={name}
            stroke={color}
            fill={color}
            fillOpacity={0.12}
            strokeWidth={1.5}
            isAnimationActive={false}
          />
        ))}
      </AreaChart>
    </ChartFrame>
  );
}
