import { useEffect } from "preact/hooks";
import { navigate } from "wouter-preact/use-browser-location";
import { followSessions } from "../api/session_list";
import { NO_SESSION_FILTER } from "../model/filter";
import { useFeed, useTitle } from "../parts/view_state";
import { FirstSession } from "./first_session";

/** Get started, in a project that may have sessions already: the next one that begins opens. */
export function StartView() {
  const since = useFeed(() => ({ text: new Date().toISOString(), stop: () => undefined }), "since").text;
  const list = useFeed(() => followSessions({ ...NO_SESSION_FILTER, since }), since);
  const first = list.loaded.value?.sessions[0];
  useTitle("Get started");
  useEffect(() => {
    if (first !== undefined) navigate(`/sessions/${first.session_id}`, { replace: true });
  }, [first?.session_id]);
  return (
    <main>
      <FirstSession isAlone />
    </main>
  );
}
