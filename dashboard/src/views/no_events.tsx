import type { Session } from "../api/types";
import { Notice } from "../parts/notice";

export function NoEvents({ session }: { session: Session }) {
  return (
    <Notice title="No events">
      {session.is_running ? (
        <p role="status">
          <span class="pulse" aria-hidden="true" /> Waiting for the first one.
        </p>
      ) : (
        <p>The session ended without recording anything.</p>
      )}
    </Notice>
  );
}
