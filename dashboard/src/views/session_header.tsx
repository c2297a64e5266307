import { Link } from "wouter-preact";
import { exportPath } from "../api/session_feed";
import type { EventRow, Session } from "../api/types";
import { NO_SESSION_FILTER, listHref } from "../model/filter";
import { isObject } from "../model/messages";
import { START, placeHref } from "../model/place";
import { stateOf } from "../model/state";
import { isLongReason, nameOf } from "../model/story";
import { CopyButton } from "../parts/copy_button";
import { JsonView } from "../parts/json_view";
import { StateBadge } from "../parts/state_badge";
import { useMedia } from "../parts/view_state";
import { When } from "../parts/when";
import { Processes } from "./processes";
import { Why } from "./why";

interface Header {
  id: string;
  session: Session | null;
  events: readonly EventRow[];
  areLoaded: boolean;
}

export function SessionHeader({ id, session, events, areLoaded }: Header) {
  const isNarrow = useMedia("(max-width: 900px)"); // there is no overview beside the waterfall
  return (
    <header class="session-head" aria-busy={session === null}>
      <h1>
        <span class="name">{session === null ? "…" : nameOf(session)}</span>
        {session !== null && <StateBadge state={stateOf(session)} />}
      </h1>
      <div class="actions">
        <Link class="btn" href={`/compare?a=${id}`}>
          Compare
        </Link>
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
      <div class="meta">
        {session === null ? <span>&nbsp;</span> : <Meta session={session} events={events} areLoaded={areLoaded} />}
      </div>
    </header>
  );
}

function Meta({ session, events, areLoaded }: { session: Session; events: readonly EventRow[]; areLoaded: boolean }) {
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
          href={listHref({ ...NO_SESSION_FILTER, tags: [tag] })}
          title={`Sessions with the tag ${tag}`}
        >
          {tag}
        </Link>
      ))}
      {areLoaded && <Processes session={session} events={events} host={typeof host === "string" ? host : ""} />}
      {session.video !== null && <Link href={placeHref(session.session_id, { ...START, tab: "media" })}>Video</Link>}
      <span class="mono dimmer" data-testid="session-id">
        {session.session_id}
      </span>
    </>
  );
}
