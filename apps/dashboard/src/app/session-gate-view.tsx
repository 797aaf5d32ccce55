import { Activity, type ReactNode, useState } from "react";
import { useSessionGate } from "../api/session-gate.ts";
import { signIn } from "../api/session.ts";
import { queryClient } from "../api/trpc.ts";
import { useSession } from "../api/use-session.ts";
import { Button } from "../ui/button.tsx";
import { messageOf } from "../ui/problem.tsx";

/**
 * Shows the pages, or the sign-in where the server wants a key first. A session that ends by itself leaves the pages
 * as they are below the sign-in, asking for nothing: what was being written there is not lost. Signing out ends them.
 */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const gate = useSessionGate();
  const { isRequired, role } = useSession();
  if (gate === "left") return <SignIn />;
  const isOpen = gate === "open" && !(isRequired && role === null);
  return (
    <>
      <Activity mode={isOpen ? "visible" : "hidden"}>{children}</Activity>
      {!isOpen && <SignIn />}
    </>
  );
}

function SignIn() {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (form: HTMLFormElement) => {
    setBusy(true);
    setProblem(null);
    try {
      const key = new FormData(form).get("key");
      await signIn(typeof key === "string" ? key : "");
      // Not reset: pages without their data would be left for a moment, and with them what was being written.
      await queryClient.invalidateQueries();
    } catch (error) {
      setProblem(messageOf(error));
    }
    setBusy(false);
  };
  return (
    <main className="flex min-h-dvh items-center justify-center p-4">
      <form
        className="card flex w-full max-w-sm flex-col gap-3 p-6"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(event.currentTarget);
        }}
      >
        <Welcome />
        <KeyField problem={problem} />
        <Button type="submit" look="primary" disabled={isBusy}>
          Sign in
        </Button>
      </form>
    </main>
  );
}

/**
 * Whoever sees this page came to enter a key, and reads nothing before: no other control is passed over. Not `autoFocus`,
 * which would do so anywhere it is put.
 */
function focusField(field: HTMLInputElement | null): void {
  field?.focus();
}

function KeyField({ problem }: { readonly problem: string | null }) {
  return (
    <>
      <label htmlFor="key" className="font-medium">
        API key
      </label>
      <input
        ref={focusField}
        id="key"
        name="key"
        type="password"
        required
        autoComplete="current-password"
        className="field font-mono"
        aria-invalid={problem !== null}
        aria-describedby="key-problem"
      />
      <p id="key-problem" role="alert" className="text-failure empty:hidden">
        {problem}
      </p>
    </>
  );
}

function Welcome() {
  return (
    <>
      <img src="beckon.svg" alt="" className="size-8" />
      <h1>Sign in to Beckon</h1>
      <p className="text-ink-soft">
        This server asks for its API key. The key is traded for a session that ends by itself; your browser does not
        keep it.
      </p>
    </>
  );
}
