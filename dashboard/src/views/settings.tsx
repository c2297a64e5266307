import { account } from "../api/account";
import { fetchJson } from "../api/client";
import type { Key, Prices, Retention } from "../api/project_types";
import type { Projects } from "../api/projects";
import { type Loaded, isAnswered, useLoaded } from "../parts/loading";
import { useTitle } from "../parts/view_state";
import { KeySettings } from "./settings_keys";
import { PriceSettings } from "./settings_prices";
import { ProjectSettings } from "./settings_project";
import { ProjectList } from "./settings_projects";
import { RetentionSettings } from "./settings_retention";

/** What belongs to the project: its keys, its prices, how long it keeps what it has; and the other projects. */
export function SettingsView() {
  const project = account.value.state === "signed in" ? account.value.project : null;
  useTitle("Settings");
  const keys = useAnswer<{ keys: Key[] }>("/v2/keys");
  const prices = useAnswer<Prices>("/v2/prices");
  const retention = useAnswer<Retention>("/v2/retention");
  const projects = useAnswer<Projects>("/v2/projects");
  return (
    <main class="settings">
      <div class="top">
        <h1>Settings</h1>
        {project !== null && <span class="dim">of the project {project.name}</span>}
      </div>
      {/* Nobody knows how long the lists will be: they show together, so that none pushes away what is read already. */}
      {[keys, prices, retention, projects].every(isAnswered) ? (
        <div class="settings-body">
          <KeySettings loaded={keys} />
          <PriceSettings loaded={prices} />
          <div class="column">
            <RetentionSettings loaded={retention} />
            <ProjectList loaded={projects} />
            {project !== null && <ProjectSettings project={project} />}
          </div>
        </div>
      ) : (
        <p class="settings-to-come dim" aria-busy="true">
          …
        </p>
      )}
    </main>
  );
}

function useAnswer<T>(path: string): Loaded<T> {
  return useLoaded((signal) => fetchJson<T>(path, { signal }), path);
}
