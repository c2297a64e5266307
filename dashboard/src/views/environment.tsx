import { groupsOf } from "../model/environment";
import { Notice } from "../parts/notice";
import { ProcessTable } from "./process_table";
import type { Scope } from "./scope";

/** The processes of a session and the host that it ran on, all that is known of them. */
export function Environment({ scope: { session, events } }: { scope: Scope }) {
  const groups = groupsOf(session.host_env ?? {});
  return (
    <div class="environment" tabIndex={0} role="region" aria-label="Host environment">
      <ProcessTable events={events} />
      {groups.length === 0 && (
        <Notice title="No host environment">
          <p>
            The program sent none: it opted out (<code>AGENTOPS_ENV_DATA_OPT_OUT</code>), or ended before it could.
          </p>
        </Notice>
      )}
      {groups.map(({ name, facts }) => (
        <section key={name}>
          <h2>
            {name} {facts.length > 8 && <span class="dim">{facts.length}</span>}
          </h2>
          <dl class="pairs">
            {facts.map((fact) => (
              <div key={fact.name}>
                <dt>{fact.name === "" ? name : fact.name}</dt>
                <dd class="mono">{fact.value}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
