import { Link } from "wouter-preact";
import { exportPath } from "../api/session_feed";
import type { EventRow, Session } from "../api/types";
import { listHref } from "../model/filter";
import { isObject } from "../model/messages";
import { placeHref } from "../model/place";
import { stateOf } from "../model/state";
import { isLongReason, nameOf } from "../model/story";
import { CopyButton } from "../parts/copy_button";
import { JsonView } from "../parts/json_view";
import { StateBadge } from "../parts/state_badge";
import { useMedia } from "../parts/view_state";
import { When } from "../parts/when";
import { Why } from "./why";

interface Header {
  id: string;
  session: Session | null;
  events: readonly EventRow[];
}

export function SessionHeader({ id, session, events }: Header) {
  const isNarrow = useMedia("(max-width: 900px)"); // there is no overview beside the waterfall
  return (
    <header class="session-head" aria-busy={session === null}>
      <h1>
        <span class="name">{session === null ? "…" : nameOf(session)}</span>
        {session !== null && <StateBadge state={stateOf(session)} />}
      </h1>
      <div class="actions">
        <a class="btn" href={exportPath(id)} download={`session-${id}.json`}>
          Export
        </a>
        <CopyButton text={() => location.href} label="Copy link" />
      </div>
      {session === null ? <p class="why">&nbsp;</p> : <Why session={session} events={events} />}
      {isNarrow && session !== null && isLongReason(session.end_state_reason) && (
        <details class="whole">
          <summary>How it ended, whole</summary>
          <JsonView value={session.end_state_reason.trim()} label="End state reason" />
        </details>
      )}
      <div class="meta">{session === null ? <span>&nbsp;</span> : <Meta session={session} />}</div>
    </header>
  );
}

function Meta({ session }: { session: Session }) {
  const system = session.host_env?.OS;
  const host = isObject(system) ? system.Hostname : undefined;
  return (
    <>
      <span>
        Started <When time={session.init_timestamp} />
      </span>
      {session.tags.map((tag) => (
        <Link
          key={tag}
          class="tag"
          href={listHref({ state: null, tags: [tag] })}
          title={`Sessions with the tag ${tag}`}
        >
          {tag}
        </Link>
      ))}
      {typeof host === "string" && host !== "" && (
        <Link href={placeHref(session.session_id, { tab: "environment", eventId: null })} replace>
          on {host}
        </Link>
      )}
      {session.video !== null && (
        <a href={session.video} target="_blank" rel="noreferrer noopener">
          Video
        </a>
      )}
      <span class="mono dimmer" data-testid="session-id">
        {session.session_id}
      </span>
    </>
  );
}
