import type { LogView } from "@beckon/core/runtime";
import { useCallback, useEffect, useRef, useState } from "react";
import { beckon } from "../../api/jobs-client.ts";

const PAGE = 1_000;
const AGAIN_MS = 5_000;

export interface Logs {
  readonly messages: readonly LogView[];
  /** There are none beyond, as of the last reading. */
  readonly isComplete: boolean;
  /** null: the last reading went well. Else it is done again by itself. */
  readonly problem: unknown;
  /** Nothing while there is a problem: the list asks with each drawing, and a refusal is drawn. */
  readonly readMore: () => void;
  /** Reads what could not be read, without waiting until that is done by itself. */
  readonly retry: () => void;
}

/** A run's messages from the first on, page after page. A new `version` says that there may be more. */
export function useLogs(runId: string, version: number): Logs {
  const [messages, setMessages] = useState<readonly LogView[]>([]);
  const [isComplete, setComplete] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const after = useRef(0);
  const isReading = useRef(false);
  /** There were news while a page was being read, which may have been read before them. */
  const hasNews = useRef(false);
  const readMore = useCallback(async () => {
    if (isReading.current) return;
    isReading.current = true;
    do {
      hasNews.current = false;
      try {
        const page = await beckon.runs.logs({ id: runId, after: after.current, limit: PAGE });
        after.current = page.at(-1)?.seq ?? after.current;
        if (page.length > 0) setMessages((before) => [...before, ...page]);
        setComplete(page.length < PAGE);
        setProblem(null);
      } catch (error) {
        setProblem(error);
      }
    } while (hasNews.current);
    isReading.current = false;
  }, [runId]);
  const isAtEnd = isComplete || messages.length === 0;
  const known = useRef(-1);
  useEffect(() => {
    // Each version is looked at once: only news are a reason to read on at the end.
    if (known.current === version || !isAtEnd) return;
    known.current = version;
    hasNews.current = isReading.current;
    void readMore();
  }, [version, isAtEnd, readMore]);
  useAnotherTry(problem, readMore);
  const retry = (): void => void readMore();
  return { messages, isComplete, problem, readMore: () => problem === null && retry(), retry };
}

/** Each failure is one more error, and has one more try. */
function useAnotherTry(problem: unknown, readMore: () => Promise<void>): void {
  useEffect(() => {
    if (problem === null) return undefined;
    const timer = setTimeout(() => void readMore(), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [problem, readMore]);
}
