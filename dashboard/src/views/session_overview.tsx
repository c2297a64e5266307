import { Link } from "wouter-preact";
import type { Session } from "../api/types";
import { glanceOf } from "../model/environment";
import { START, placeHref } from "../model/place";
import { isLongReason } from "../model/story";
import { JsonView } from "../parts/json_view";

/** What stands beside the waterfall while no event is chosen. */
export function SessionOverview({ session }: { session: Session }) {
  const facts = glanceOf(session.host_env ?? {});
  const agents = session.agents ?? [];
  return (
    <div class="overview">
      {session.stats.events > 0 && (
        <p class="dim hint-line">
          Choose an event to see what went in and out: click it, or <kbd>j</kbd> and <kbd>k</kbd>.
        </p>
      )}
      {isLongReason(session.end_state_reason) && (
        <section class="msg bad">
          <h2>How it ended</h2>
          <JsonView value={session.end_state_reason.trim()} label="End state reason" />
        </section>
      )}
      {agents.length > 0 && (
        <section class="msg">
          <h2>Agents</h2>
          <ul>
            {agents.map((agent) => (
              <li key={agent.id}>{agent.name}</li>
            ))}
          </ul>
        </section>
      )}
      <section class="msg">
        <h2>
          Host environment
          {facts.length > 0 && (
            <Link href={placeHref(session.session_id, { ...START, tab: "environment" })} replace>
              All of it
            </Link>
          )}
        </h2>
        {facts.length === 0 ? (
          <p class="dim">The program sent none.</p>
        ) : (
          <dl class="pairs">
            {facts.map(({ name, value }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
      </section>
    </div>
  );
}
