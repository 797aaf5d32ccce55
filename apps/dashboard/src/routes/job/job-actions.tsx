import type { CatalogDetail } from "@beckon/core/runtime";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { FlaskConical, Pause, Play } from "lucide-react";
import { api, queryClient } from "../../api/trpc.ts";
import { useMayChange } from "../../api/use-session.ts";
import { useShortcuts } from "../../app/shortcuts.ts";
import { Button, buttonClass } from "../../ui/button.tsx";
import { notify } from "../../ui/notices.tsx";
import { messageOf } from "../../ui/problem.tsx";

/** Test it, pause it. */
export function JobActions({ job }: { readonly job: CatalogDetail }) {
  const navigate = useNavigate();
  const mayChange = useMayChange();
  const told = {
    onError: (error: unknown) => notify(messageOf(error), { isProblem: true }),
    onSettled: () => queryClient.invalidateQueries(),
  };
  const pause = useMutation({ ...api.catalog.pause.mutationOptions(), ...told });
  const resume = useMutation({ ...api.catalog.resume.mutationOptions(), ...told });
  useShortcuts([
    {
      keys: "t",
      label: "Test the job",
      run: () => void navigate({ to: "/jobs/$jobId/test", params: { jobId: job.id } }),
    },
  ]);
  return (
    <>
      {mayChange && (
        <Button
          disabled={pause.isPending || resume.isPending}
          onClick={() => (job.isPaused ? resume : pause).mutate({ id: job.id })}
        >
          {job.isPaused ? <Play aria-hidden /> : <Pause aria-hidden />}
          {job.isPaused ? "Resume" : "Pause"}
        </Button>
      )}
      <Link to="/jobs/$jobId/test" params={{ jobId: job.id }} className={buttonClass("primary")}>
        <FlaskConical aria-hidden />
        Test
      </Link>
    </>
  );
}
