import type { ComponentChildren } from "preact";
import { Link } from "wouter-preact";
import { account, signOut } from "../api/account";
import { Mark } from "./mark";
import { nextTheme, theme } from "./theme";

/** The frame around every view of a reader who is signed in. */
export function Shell({ children }: { children: ComponentChildren }) {
  const project = account.value.state === "signed in" ? account.value.project.name : "";
  return (
    <div class="shell">
      <header class="nav">
        <Link href="/" class="brand">
          <Mark />
          AgentOps
        </Link>
        <nav aria-label="Main">
          <Link href="/" class="on">
            Sessions
          </Link>
        </nav>
        <div class="foot">
          <span class="project" title={`Project ${project}`} data-testid="project">
            {project}
          </span>
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
    </div>
  );
}
