import { useQuery } from "@tanstack/react-query";
import { readSession, type Session } from "./session.ts";

const OPEN: Session = { isRequired: false, role: "full" };

/** Until the server has answered, nothing is hidden: it refuses what is not allowed anyway. */
export function useSession(): Session {
  const { data = OPEN } = useQuery({
    queryKey: ["session"],
    queryFn: ({ signal }) => readSession(signal),
    staleTime: 60_000,
    // Whoever comes back to this tab may have signed in or out in another.
    refetchOnWindowFocus: "always",
  });
  return data;
}

/** Whether buttons that change something are offered. */
export function useMayChange(): boolean {
  return useSession().role !== "read";
}
