import { useMemo } from "preact/hooks";
import { shotsOf } from "../model/shots";
import { Notice } from "../parts/notice";
import { Pending } from "./pending";
import type { Scope } from "./scope";
import { Shots } from "./shots";
import { Video } from "./video";

/** The video and the screenshots of a session, on the same time as everything else. */
export function MediaView({ scope }: { scope: Scope }) {
  const { session, events, areLoaded } = scope;
  const shots = useMemo(() => shotsOf(events), [events]);
  const isOurs = session.video?.startsWith("/") === true;
  if (session.video === null && shots.length === 0) {
    if (!areLoaded) return <Pending />;
    return (
      <Notice title="No video, no screenshots">
        <p>
          A program adds them with <code>session.set_video(…)</code>, or as the <code>screenshot</code> of an action.
        </p>
      </Notice>
    );
  }
  return (
    <div class="pane media" data-testid="media">
      {session.video !== null &&
        (isOurs ? (
          <Video scope={scope} source={session.video} />
        ) : (
          <p>
            The video is elsewhere, and this page loads nothing from there:{" "}
            <a href={session.video} target="_blank" rel="noreferrer noopener">
              {session.video}
            </a>
          </p>
        ))}
      <Shots scope={scope} shots={shots} />
    </div>
  );
}
