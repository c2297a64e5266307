import { useState } from "preact/hooks";
import { signOut } from "../api/account";
import { asApiError, fetchJson } from "../api/client";
import type { Project } from "../api/types";
import { CopyButton } from "../parts/copy_button";
import { Menu } from "../parts/menu";

const ANOTHER = "agentops-server keys create --project another-project";

/** Which project this is, how to have another one, and the end of it. */
export function ProjectSettings({ project }: { project: Project }) {
  return (
    <section aria-labelledby="project">
      <h2 id="project">Project</h2>
      <dl class="pairs">
        <div>
          <dt>Name</dt>
          <dd>{project.name}</dd>
        </div>
        <div>
          <dt>Id</dt>
          <dd class="mono">{project.id}</dd>
        </div>
      </dl>
      <p class="dim">
        A project sees nothing of another one. On the machine of the server, this makes one with its first key; sign in
        with that key to open it:
      </p>
      <div class="snippet">
        <pre tabIndex={0} role="region" aria-label="Command">
          {ANOTHER}
        </pre>
        <CopyButton text={() => ANOTHER} label="Copy" />
      </div>
      <Menu label="Delete this project">
        <Deletion project={project} />
      </Menu>
    </section>
  );
}

function Deletion({ project }: { project: Project }) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState("");
  const remove = async (event: Event) => {
    event.preventDefault();
    try {
      const query = new URLSearchParams({ confirm: typed }).toString();
      await fetchJson(`/v2/project?${query}`, { method: "DELETE" });
      await signOut();
    } catch (reason) {
      setProblem(asApiError(reason).message);
    }
  };
  return (
    <form class="filter-form" onSubmit={(event) => void remove(event)}>
      <p>Its sessions, keys, prices and settings are deleted. That cannot be undone.</p>
      <label>
        <span>Type its name</span>
        <input value={typed} autocomplete="off" onInput={(event) => setTyped(event.currentTarget.value)} />
      </label>
      <button type="submit" class="btn danger" disabled={typed !== project.name}>
        Delete {project.name} for ever
      </button>
      {problem !== "" && <span role="alert">{problem}</span>}
    </form>
  );
}
