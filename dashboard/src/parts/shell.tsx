import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { account, signOut } from "../api/account";
import { openDialog } from "./dialogs";
import { useKeys } from "./keys";
import { Mark } from "./mark";
import { nextTheme, theme } from "./theme";

const PAGES: readonly { href: string; label: string }[] = [
  { href: "/", label: "Sessions" },
  { href: "/overview", label: "Overview" },
  { href: "/compare", label: "Compare" },
  { href: "/settings", label: "Settings" },
];

/** The frame around every view of a reader who is signed in. */
export function Shell({ children, dialog }: { children: ComponentChildren; dialog: ComponentChildren }) {
  const project = account.value.state === "signed in" ? account.value.project.name : "";
  const [path] = useLocation();
  useKeys({ "?": () => (openDialog.value = "keys") });
  usePaletteKey();
  return (
    <div class="shell">
      <header class="nav">
        <Link href="/" class="brand">
          <Mark />
          AgentOps
        </Link>
        <nav aria-label="Main">
          {PAGES.map(({ href, label }) => (
            <Link
              key={href}
              href={href}
              class={isOn(path, href) ? "on" : ""}
              aria-current={path === href ? "page" : undefined}
            >
              {label}
            </Link>
          ))}
        </nav>
        <div class="foot">
          <Link class="project" href="/settings" title={`Project ${project}: its settings`} data-testid="project">
            {project}
          </Link>
          <button type="button" class="anywhere" onClick={() => (openDialog.value = "palette")}>
            <kbd>Ctrl K</kbd> to go anywhere
          </button>
          <button type="button" onClick={nextTheme}>
            Theme: {theme.value}
          </button>
          <a href="/docs">API</a>
          <button type="button" onClick={() => void signOut()}>
            Sign out
          </button>
        </div>
      </header>
      {children}
      {dialog}
    </div>
  );
}

function isOn(path: string, href: string): boolean {
  return href === "/" ? path === "/" || path.startsWith("/sessions") : path.startsWith(href);
}

/** Ctrl+K works while the reader types, too. */
function usePaletteKey(): void {
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      openDialog.value = openDialog.value === "palette" ? null : "palette";
    };
    document.addEventListener("keydown", open);
    return () => document.removeEventListener("keydown", open);
  }, []);
}
