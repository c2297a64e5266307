import { useState } from "preact/hooks";
import { loadAccount } from "../api/account";
import { asApiError } from "../api/client";
import {
  type ListedProject,
  type NewProject,
  type Projects,
  createProject,
  openProject,
  renameProject,
} from "../api/projects";
import { CopyButton } from "../parts/copy_button";
import { readField } from "../parts/form";
import type { Loaded } from "../parts/loading";
import { Menu } from "../parts/menu";
import { Failure } from "../parts/notice";
import { When } from "../parts/when";

const LONGEST_NAME = 100;

/** All projects of the server, for whoever came by its link: made, renamed, opened here. Others are told how to. */
export function ProjectList({ loaded: { value, error, reload } }: { loaded: Loaded<Projects> }) {
  const [made, setMade] = useState<NewProject | null>(null);
  if (value === null) return error === null ? null : <Failure error={error} retry={reload} />;
  if (!value.is_operator) return <HowToSeeAll />;
  return (
    <section aria-labelledby="projects">
      <h2 id="projects">Projects</h2>
      <p class="dim">You came by the link of the server, so that all its projects are open to you.</p>
      <NewProjectForm
        done={(project) => {
          setMade(project);
          reload();
        }}
      />
      {made !== null && <Shown made={made} />}
      <div class="scroll" tabIndex={0} role="group" aria-label="Projects">
        <table class="figures keyed">
          <thead>
            <tr>
              <th>Project</th>
              <th class="num">Made</th>
              <th class="num" />
            </tr>
          </thead>
          <tbody>
            {value.projects.map((project) => (
              <Row key={project.id} of={project} reload={reload} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function HowToSeeAll() {
  return (
    <section aria-labelledby="projects">
      <h2 id="projects">Other projects</h2>
      <p class="dim">
        You are signed in with an API key, which opens its own project and no other. To see, make and rename all
        projects, open the one-time link that <code>agentops-server serve</code> prints when it starts, or use{" "}
        <code>agentops-server keys create --project NAME</code> on its machine.
      </p>
    </section>
  );
}

function Shown({ made }: { made: NewProject }) {
  return (
    <div class="snippet" role="status">
      <p>
        The first API key of {made.project.name}. Copy it now, it is shown only this once:{" "}
        <code data-testid="new-project-key">{made.api_key}</code>
      </p>
      <CopyButton text={() => made.api_key} label="Copy" />
    </div>
  );
}

function NewProjectForm({ done }: { done: (made: NewProject) => void }) {
  const [name, setName] = useState("");
  const [problem, setProblem] = useState("");
  const make = async (event: Event) => {
    event.preventDefault();
    setProblem("");
    try {
      done(await createProject(name));
      setName("");
    } catch (reason) {
      setProblem(asApiError(reason).message);
    }
  };
  return (
    <form class="inline" onSubmit={(event) => void make(event)}>
      <input
        aria-label="Name of the new project"
        placeholder="Name, such as support-bot"
        value={name}
        required
        maxLength={LONGEST_NAME}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <button type="submit" class="btn main">
        Make a project
      </button>
      {problem !== "" && <span role="alert">{problem}</span>}
    </form>
  );
}

function Row({ of: project, reload }: { of: ListedProject; reload: () => void }) {
  const [problem, setProblem] = useState("");
  const attempt = async (action: () => Promise<unknown>) => {
    setProblem("");
    try {
      await action();
    } catch (reason) {
      setProblem(asApiError(reason).message);
    }
  };
  const rename = (event: SubmitEvent) => {
    event.preventDefault();
    const name = readField(event.currentTarget, "name");
    void attempt(async () => {
      await renameProject(project.id, name);
      if (project.is_own) await loadAccount();
      reload();
    });
  };
  return (
    <tr data-testid="listed-project">
      <td>
        {project.name} {project.is_own && <span class="dim">shown now</span>}
      </td>
      <td class="num" data-label="Made">
        <When time={project.created_at} />
      </td>
      <td class="num">
        <span class="actions">
          {!project.is_own && (
            <button type="button" class="btn" onClick={() => void attempt(() => openProject(project.id))}>
              Open<span class="unseen"> {project.name}</span>
            </button>
          )}
          <Menu
            label={
              <>
                Rename<span class="unseen"> {project.name}</span>
              </>
            }
          >
            {project.is_fixed ? (
              <p>
                The setting <code>AGENTOPS_INIT_PROJECT</code> of the server names this project: change that first.
              </p>
            ) : (
              <form class="filter-form" onSubmit={rename}>
                <label>
                  <span>New name</span>
                  <input name="name" required maxLength={LONGEST_NAME} defaultValue={project.name} autocomplete="off" />
                </label>
                <button type="submit" class="btn main">
                  Rename
                </button>
              </form>
            )}
          </Menu>
        </span>
        {problem !== "" && <p role="alert">{problem}</p>}
      </td>
    </tr>
  );
}
