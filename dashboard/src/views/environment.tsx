import type { Session } from "../api/types";
import { groupsOf } from "../model/environment";
import { Notice } from "../parts/notice";

/** The host that a session ran on, all that is known of it. */
export function Environment({ session }: { session: Session }) {
  const groups = groupsOf(session.host_env ?? {});
  if (groups.length === 0) {
    return (
      <Notice title="No host environment">
        <p>
          The program sent none: it opted out (<code>AGENTOPS_ENV_DATA_OPT_OUT</code>), or ended before it could.
        </p>
      </Notice>
    );
  }
  return (
    <div class="environment" tabIndex={0} role="region" aria-label="Host environment">
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
