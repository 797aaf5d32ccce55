import { inspect, styleText } from "node:util";
import type { RunEvent } from "@beckon/core";
import { bare } from "./bare.ts";

type Style = Parameters<typeof styleText>[0];

/** What a status looks like while a run is watched. Colours are left out where nobody would see them. */
const STATUS_STYLES: Readonly<Record<string, Style>> = {
  SUCCESS: "green",
  FAILURE: "red",
  TIMED_OUT: "red",
  CANCELED: "red",
  EXPIRED: "red",
};

const TASK_MARKS = {
  RUNNING: styleText("cyan", "▸"),
  WAITING: styleText("yellow", "…"),
  SUCCESS: styleText("green", "✓"),
  FAILURE: styleText("red", "✗"),
} as const;

const LOG_STYLES = { debug: "dim", info: "cyan", warn: "yellow", error: "red" } as const;

const BAR_WIDTH = 24;

/** Writes the events of one run, in their order, as lines for people; an event that would only repeat another gives none. */
export function createEventWriter(): (event: RunEvent) => string | null {
  const seen = new Set<string>();
  let startedAt: number | undefined;
  return (event) => {
    startedAt ??= event.at.getTime();
    const text = toText(event);
    // After each wait a run is QUEUED and EXECUTING again: its steps tell that better.
    if (text === null || (event.type === "status" && seen.has(event.status))) return null;
    if (event.type === "status") seen.add(event.status);
    const seconds = ((event.at.getTime() - startedAt) / 1_000).toFixed(1);
    return `${styleText("dim", `${seconds.padStart(7)} s`)}  ${text}`;
  };
}

/** What comes from payloads is `bare`: it may hold what a terminal takes for commands. */
function toText(event: RunEvent): string | null {
  switch (event.type) {
    case "status":
      return styleText(STATUS_STYLES[event.status] ?? "bold", event.status);
    case "task": {
      const { id, kind, name, status, attempt } = event.task;
      // What a `value` step keeps is shown as itself: a progress record, or a number in an output.
      if (kind === "value") return null;
      const depth = "  ".repeat(id.split("/").length - 1);
      return `${depth}${TASK_MARKS[status]} ${bare(toWords(name))}${attempt > 1 ? `, attempt ${attempt}` : ""}`;
    }
    case "log":
      return `${styleText(LOG_STYLES[event.level], event.level)} ${bare(event.message)}`;
    case "status-record":
      return `${styleText("bold", bare(event.record.label))} ${toProgress(event.record.data)}`;
  }
}

/** A step whose key is an array is named by its JSON. */
function toWords(name: string): string {
  const json = /\[.*\]$/.exec(name);
  if (json === null) return name;
  try {
    const words = JSON.parse(json[0]) as readonly unknown[];
    return (
      name.slice(0, json.index) +
      words.map((word) => (typeof word === "string" ? word : JSON.stringify(word))).join(" ")
    );
  } catch {
    // A name that happens to end like JSON is shown as it is.
    return name;
  }
}

/** A bar where the data is a number beside its `total`, and the data itself where it is anything else. */
function toProgress(data: unknown): string {
  if (data === undefined) return "";
  if (typeof data === "object" && data !== null && "total" in data) {
    const { total, ...rest } = data;
    const [done] = Object.values(rest);
    if (typeof total === "number" && typeof done === "number") return toBar(done, total);
  }
  return inspect(data, { depth: null, breakLength: Infinity, compact: true });
}

function toBar(done: number, total: number): string {
  // A job may count wrong, below nothing or above the total, and the line still has to be drawn.
  const share = Math.min(Math.max(total > 0 ? done / total : 1, 0), 1) || 0;
  const filled = Math.round(share * BAR_WIDTH);
  return `${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} ${done} of ${total}`;
}
