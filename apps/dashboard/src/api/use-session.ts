import { useQuery } from "@tanstack/react-query";
import { readSession, type Session } from "./session.ts";

const OPEN: Session = { isRequired: false, role: "full" };

/** Until the server has answered, nothing is hidden: it refuses what is not allowed anyway. */
export function useSession(): Session {
  const { data = OPEN } = useQuery({ queryKey: ["session"], queryFn: readSession, staleTime: 60_000 });
  return data;
}

/** Whether buttons that change something are offered. */
export function useMayChange(): boolean {
  return useSession().role !== "read";
}
