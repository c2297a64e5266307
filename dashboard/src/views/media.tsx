import { useEffect, useMemo, useRef } from "preact/hooks";
import type { EventRow } from "../api/types";
import { barOf } from "../model/axis";
import { formatDuration } from "../model/duration";
import { imageSource } from "../model/images";
import { eventName } from "../model/story";
import { Notice } from "../parts/notice";
import type { Scope } from "./scope";

const MOST_LOOKED_AT = 300;
const DRIFT_S = 0.4;

interface Shot {
  event: EventRow;
  source: string;
}

/** The video and the screenshots of a session, on the same time as everything else. */
export function MediaView({ scope }: { scope: Scope }) {
  const { session } = scope;
  const { shots, isLooking } = useShots(scope);
  const isOurs = session.video?.startsWith("/") === true;
  if (session.video === null && shots.length === 0) {
    return (
      <Notice title={isLooking ? "Looking for screenshots" : "No video, no screenshots"}>
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
      {shots.length > 0 && <Shots scope={scope} shots={shots} />}
    </div>
  );
}

/** Begins with the session; seeking in it moves the replay, and the replay moves it. */
function Video({ scope: { replay }, source }: { scope: Scope; source: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const atMs = replay.atMs.value;
  const isPlaying = replay.isPlaying.value;
  useEffect(() => {
    const player = video.current;
    if (player === null || atMs === null) return;
    if (Math.abs(player.currentTime - atMs / 1_000) > DRIFT_S) player.currentTime = atMs / 1_000;
  }, [atMs]);
  useEffect(() => {
    const player = video.current;
    if (player === null) return;
    player.playbackRate = Math.min(Math.max(replay.speed.peek(), 0.25), 16);
    if (isPlaying) void player.play().catch(() => undefined);
    else player.pause();
  }, [isPlaying]);
  return (
    <video
      ref={video}
      src={source}
      controls
      preload="metadata"
      aria-label="Video of the session"
      onSeeked={(event) => {
        const ms = event.currentTarget.currentTime * 1_000;
        if (!replay.isPlaying.peek() && Math.abs((replay.atMs.peek() ?? -1) - ms) > DRIFT_S * 1_000) replay.seek(ms);
      }}
    >
      <track kind="captions" />
    </video>
  );
}

function Shots({ scope, shots }: { scope: Scope; shots: readonly Shot[] }) {
  const atMs = scope.replay.atMs.value;
  const startOf = ({ event }: Shot) => barOf(event, scope.axis).startMs;
  const current = atMs === null ? shots.at(-1) : (shots.filter((shot) => startOf(shot) <= atMs).at(-1) ?? shots[0]);
  return (
    <section aria-label="Screenshots">
      {current !== undefined && (
        <img class="shot large" src={current.source} alt={`Screenshot of ${eventName(current.event)}`} />
      )}
      <ul class="shots">
        {shots.map((shot) => (
          <li key={shot.event.id}>
            <button
              type="button"
              aria-current={shot === current}
              onClick={() => {
                scope.replay.seek(startOf(shot));
                scope.choose(shot.event.id);
              }}
            >
              <img src={shot.source} alt="" loading="lazy" />
              <span>
                {eventName(shot.event)} <span class="dim">+{formatDuration(startOf(shot))}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Which actions have a screenshot only their contents tell. */
function useShots({ events, contents, session }: Scope): { shots: Shot[]; isLooking: boolean } {
  const actions = useMemo(
    () => events.filter((event) => event.event_type === "actions").slice(0, MOST_LOOKED_AT),
    [events],
  );
  const readings = actions.map((event) => ({ event, reading: contents.read(event.id).value }));
  const shots = readings.flatMap(({ event, reading }) => {
    const text = reading.content?.screenshot;
    const source = typeof text === "string" ? imageSource(text, session.session_id) : null;
    return source === null ? [] : [{ event, source }];
  });
  return { shots, isLooking: readings.some(({ reading }) => reading.content === null && reading.error === null) };
}
