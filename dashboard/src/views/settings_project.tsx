import { useState } from "preact/hooks";
import { account, signOut } from "../api/account";
import { asApiError, fetchJson } from "../api/client";
import { openProject, readProjects } from "../api/projects";
import type { Project } from "../api/types";
import { Menu } from "../parts/menu";

/** Which project this is, and the end of it. */
export function ProjectSettings({ project }: { project: Project }) {
  return (
    <section aria-labelledby="project">
      <h2 id="project">This project</h2>
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
      <Menu label="Delete this project">
        <Deletion project={project} />
      </Menu>
    </section>
  );
}

/** On to another project for whoever may see one; else out. */
async function leave(): Promise<void> {
  const now = account.peek();
  const next = now.state === "signed in" && now.isOperator ? (await readProjects()).projects[0] : undefined;
  await (next === undefined ? signOut() : openProject(next.id));
}

function Deletion({ project }: { project: Project }) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState("");
  const remove = async (event: Event) => {
    event.preventDefault();
    try {
      const query = new URLSearchParams({ confirm: typed }).toString();
      await fetchJson(`/v2/project?${query}`, { method: "DELETE" });
      await leave();
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
