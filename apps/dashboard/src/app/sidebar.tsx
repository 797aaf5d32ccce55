import { Link } from "@tanstack/react-router";
import { Activity, Boxes, Keyboard, ListVideo, Moon, Sun, SunMoon } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { SignOutButton } from "./sign-out-button.tsx";
import { chooseTheme, type Theme, useTheme } from "./theme.ts";

const PLACES = [
  { to: "/", label: "Overview", Icon: Activity },
  { to: "/jobs", label: "Jobs", Icon: Boxes },
  { to: "/runs", label: "Runs", Icon: ListVideo },
] as const;

const NEXT_THEME: Readonly<Record<Theme, { readonly next: Theme; readonly Icon: typeof Sun }>> = {
  system: { next: "light", Icon: SunMoon },
  light: { next: "dark", Icon: Sun },
  dark: { next: "system", Icon: Moon },
};

/** Beside the page; on a narrow screen, above it. */
export function Sidebar({ onShowKeys }: { readonly onShowKeys: () => void }) {
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-1 border-b bg-canvas px-3 py-2 md:w-52 md:flex-col md:flex-nowrap md:items-stretch md:border-r md:border-b-0 md:px-2.5 md:py-3">
      <Link to="/" className="flex items-center gap-2 px-2 font-semibold md:mb-4" aria-label="Beckon, overview">
        <img src="beckon.svg" alt="" className="size-5" />
        <span className="hidden md:inline">Beckon</span>
      </Link>
      <nav aria-label="Main" className="flex flex-1 gap-0.5 md:flex-col">
        {PLACES.map(({ to, label, Icon }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: to === "/", includeSearch: false }}
            className="flex h-8 items-center gap-2 rounded-[7px] px-2 text-ink-soft hover:bg-sunken hover:text-ink [&.active]:bg-accent-soft [&.active]:font-medium [&.active]:text-accent"
          >
            <Icon aria-hidden className="hidden size-4 sm:block" />
            {label}
          </Link>
        ))}
      </nav>
      <div className="flex items-center gap-0.5 md:px-0.5">
        <ThemeButton />
        <Button
          look="quiet"
          size="icon"
          onClick={onShowKeys}
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts"
        >
          <Keyboard />
        </Button>
        <SignOutButton />
      </div>
    </div>
  );
}

function ThemeButton() {
  const theme = useTheme();
  const { next, Icon } = NEXT_THEME[theme];
  const label = `Theme: ${theme}. Switch to ${next}`;
  return (
    <Button look="quiet" size="icon" onClick={() => chooseTheme(next)} aria-label={label} title={label}>
      <Icon />
    </Button>
  );
}
