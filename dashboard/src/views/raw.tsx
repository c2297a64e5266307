import { exportPath } from "../api/session_feed";
import type { Json } from "../api/types";
import { formatCount } from "../model/story";
import { CopyButton } from "../parts/copy_button";
import { JsonTree } from "../parts/json_tree";
import type { Scope } from "./scope";

/** The session as the server gives it. */
export function RawView({ scope: { session, events } }: { scope: Scope }) {
  return (
    <div class="pane raw-view" data-testid="raw">
      <p class="bar">
        <CopyButton text={() => JSON.stringify(session, null, 2)} label="Copy the session" />
        <a class="btn" href={exportPath(session.session_id)} download={`session-${session.session_id}.json`}>
          Export all of it
        </a>
      </p>
      <h2>Session</h2>
      <JsonTree value={session as unknown as Json} label="Session as JSON" open={1} />
      <h2>{formatCount(events.length)} events, without what they carry</h2>
      <JsonTree value={events as unknown as Json} label="Events as JSON" open={1} />
    </div>
  );
}
