import { useTitle } from "../parts/view_state";
import { KeySettings } from "./settings_keys";
import { ProjectSettings } from "./settings_project";
import { PriceSettings } from "./settings_prices";
import { RetentionSettings } from "./settings_retention";
import { account } from "../api/account";

/** What belongs to the project: its keys, its prices, how long it keeps what it has. */
export function SettingsView() {
  const project = account.value.state === "signed in" ? account.value.project : null;
  useTitle("Settings");
  return (
    <main class="settings">
      <div class="top">
        <h1>Settings</h1>
        {project !== null && <span class="dim">of the project {project.name}</span>}
      </div>
      <div class="settings-body">
        <KeySettings />
        <PriceSettings />
        <div class="column">
          <RetentionSettings />
          {project !== null && <ProjectSettings project={project} />}
        </div>
      </div>
    </main>
  );
}
