import { LogOut } from "lucide-react";
import { signOut } from "../api/session.ts";
import { queryClient } from "../api/trpc.ts";
import { useSession } from "../api/use-session.ts";
import { Button } from "../ui/button.tsx";
import { notify } from "../ui/notices.tsx";
import { messageOf } from "../ui/problem.tsx";

async function leave(): Promise<void> {
  try {
    await signOut();
  } catch (error) {
    return notify(`You are still signed in. ${messageOf(error)}`, { isProblem: true });
  }
  return queryClient.resetQueries();
}

/** Only where there is something to sign out of. */
export function SignOutButton() {
  const { isRequired, role } = useSession();
  if (!isRequired) return null;
  return (
    <>
      <Button look="quiet" size="icon" onClick={() => void leave()} aria-label="Sign out" title="Sign out">
        <LogOut />
      </Button>
      {role === "read" && <span className="px-1 text-2xs text-ink-faint">read only</span>}
    </>
  );
}
