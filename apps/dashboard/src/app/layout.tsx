import { Outlet, useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { Notices } from "../ui/notices.tsx";
import { ShortcutSheet } from "./shortcut-sheet.tsx";
import { useShortcuts } from "./shortcuts.ts";
import { Sidebar } from "./sidebar.tsx";

/** What surrounds every page. */
export function Layout() {
  const [isSheetOpen, setSheetOpen] = useState(false);
  const navigate = useNavigate();
  const page = useRef<HTMLElement>(null);
  useShortcuts([
    { keys: "?", label: "Show this sheet", run: () => setSheetOpen(true) },
    { keys: "g o", label: "Go to the overview", run: () => void navigate({ to: "/" }) },
    { keys: "g j", label: "Go to the jobs", run: () => void navigate({ to: "/jobs" }) },
    { keys: "g r", label: "Go to the runs", run: () => void navigate({ to: "/runs" }) },
  ]);
  return (
    <div className="flex h-dvh flex-col md:flex-row">
      <a
        href="#page"
        // Followed by the browser it would lead to the document that `<base>` names, which is another page.
        onClick={(event) => {
          event.preventDefault();
          page.current?.focus();
        }}
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:rounded focus:bg-surface focus:p-2"
      >
        Skip to the page
      </a>
      <Sidebar onShowKeys={() => setSheetOpen(true)} />
      <main ref={page} id="page" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
        <Outlet />
      </main>
      <ShortcutSheet isOpen={isSheetOpen} onClose={() => setSheetOpen(false)} />
      <Notices />
    </div>
  );
}
