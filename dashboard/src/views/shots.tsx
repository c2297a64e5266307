import type { EventRow } from "../api/types";
import { barOf } from "../model/axis";
import { formatDuration } from "../model/duration";
import { imageSource } from "../model/images";
import { shotAt, shotsAround } from "../model/shots";
import { eventName, formatCount } from "../model/story";
import type { Scope } from "./scope";

const IN_STRIP = 15;

/** The screenshot of the moment, and those around it; choosing one moves the replay to it. */
export function Shots({ scope, shots }: { scope: Scope; shots: readonly EventRow[] }) {
  const index = shotAt(shots, scope.axis, scope.replay.atMs.value);
  const current = shots[index];
  const show = (shot: EventRow | undefined) => {
    if (shot === undefined) return;
    scope.replay.seek(barOf(shot, scope.axis).startMs);
    scope.choose(shot.id);
  };
  if (current === undefined) return null;
  return (
    <section aria-label="Screenshots">
      <Large key={current.id} scope={scope} shot={current} />
      <p class="pager">
        <button type="button" class="btn" disabled={index === 0} onClick={() => show(shots[index - 1])}>
          Earlier
        </button>
        <span class="dim">
          Screenshot {formatCount(index + 1)} of {formatCount(shots.length)}
        </span>
        <button type="button" class="btn" disabled={index + 1 === shots.length} onClick={() => show(shots[index + 1])}>
          Later
        </button>
      </p>
      <ul class="shots">
        {shotsAround(shots, index, IN_STRIP).map((shot) => (
          <li key={shot.id}>
            <button type="button" aria-current={shot === current} onClick={() => show(shot)}>
              <Small scope={scope} shot={shot} />
              <span>
                {eventName(shot)} <span class="dim">+{formatDuration(barOf(shot, scope.axis).startMs)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Large({ scope, shot }: { scope: Scope; shot: EventRow }) {
  const { source, address, error } = useImage(scope, shot);
  if (error !== null) return <p role="alert">{error}</p>;
  if (source !== null) return <img class="shot large" src={source} alt={`Screenshot of ${eventName(shot)}`} />;
  if (address === null) return <p class="shot large dim">Loading</p>;
  return (
    <p class="elsewhere dim">
      A screenshot elsewhere, which this page does not load: <span class="mono">{address.slice(0, 200)}</span>
    </p>
  );
}

function Small({ scope, shot }: { scope: Scope; shot: EventRow }) {
  const { source } = useImage(scope, shot);
  return source === null ? <span class="no-image" /> : <img src={source} alt="" loading="lazy" />;
}

/** Where the image of an event is; `address` is what was recorded, null until it is read. */
function useImage({ contents, session }: Scope, shot: EventRow) {
  const { content, error } = contents.read(shot.id).value;
  const address = typeof content?.screenshot === "string" ? content.screenshot : null;
  const source = address === null ? null : imageSource(address, session.session_id);
  return { source, address, error: error?.message ?? null };
}
