import { useEffect, useRef } from "preact/hooks";
import type { Scope } from "./scope";

const DRIFT_S = 0.4;

/** Begins with the session; seeking in it moves the replay, and the replay moves it. */
export function Video({ scope: { replay }, source }: { scope: Scope; source: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const atMs = replay.atMs.value;
  const isPlaying = replay.isPlaying.value;
  const speed = replay.speed.value;
  useEffect(() => {
    const player = video.current;
    if (player === null || atMs === null) return;
    if (Math.abs(player.currentTime - atMs / 1_000) > DRIFT_S) player.currentTime = atMs / 1_000;
  }, [atMs]);
  useEffect(() => {
    const player = video.current;
    if (player === null) return;
    player.playbackRate = Math.min(Math.max(speed, 0.25), 16);
    if (isPlaying) void player.play().catch(() => undefined);
    else player.pause();
  }, [isPlaying, speed]);
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
