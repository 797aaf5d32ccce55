import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { notify } from "../../ui/notices.tsx";
import { messageOf } from "../../ui/problem.tsx";

interface MadeRun {
  /** Opens it. */
  readonly open: (runId: string) => Promise<void>;
  /** It was not made. */
  readonly tellFailure: (error: unknown) => void;
}

/**
 * What comes of a run that is asked for here. The answer may arrive when whoever asked has gone on and writes something
 * else: then he is told of it, and stays where he is. `what` begins that sentence.
 */
export function useMadeRun(what: string): MadeRun {
  const navigate = useNavigate();
  const isShown = useRef(false);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  return {
    open: async (runId) => {
      if (!isShown.current) return notify(`${what} is made.`, { runId });
      return navigate({ to: "/runs/$runId", params: { runId } });
    },
    tellFailure: (error) => {
      if (!isShown.current) notify(`${what} is not made. ${messageOf(error)}`, { isProblem: true, isKept: true });
    },
  };
}
