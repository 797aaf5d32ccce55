import type { LogWrite } from "./records.ts";

/**
 * By what messages are counted that replay skips: level by level, because a deploy may change which levels a job keeps, and of
 * those that it does not keep none is written, nor skipped.
 */
export function toLogKey({ scope, level }: Pick<LogWrite, "scope" | "level">): string {
  return `${level} ${scope}`;
}
