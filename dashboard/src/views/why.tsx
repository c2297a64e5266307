import { Link } from "wouter-preact";
import type { EventRow, Session } from "../api/types";
import { START, placeHref } from "../model/place";
import { eventName, findLastError, findLatest, formatCount, reasonLine } from "../model/story";

/** The sentence that a session opens with: why it ended so, or what it is doing. */
export function Why({ session, events }: { session: Session; events: readonly EventRow[] }) {
  return (
    <p class={`why ${session.is_running ? "" : session.end_state.toLowerCase()}`} data-testid="why">
      {session.is_running ? <Doing session={session} events={events} /> : <Ending session={session} />}
      <LastError session={session} events={events} />
    </p>
  );
}

function Ending({ session }: { session: Session }) {
  const reason = reasonLine(session.end_state_reason);
  if (reason !== null) return <b>{/[.!?…]$/.test(reason) ? reason : `${reason}.`}</b>;
  if (session.end_state === "Success") return <>Ended by itself, without a note.</>;
  if (session.end_state === "Failure") return <>Ended as a failure; no reason was given.</>;
  return <>The process ended without saying how.</>;
}

function Doing({ session, events }: { session: Session; events: readonly EventRow[] }) {
  const latest = findLatest(events);
  if (latest === null) return <>Running; no event has arrived yet.</>;
  return (
    <>
      Running; {latest.end_timestamp === null ? "now in" : "its last event:"}{" "}
      <EventLink session={session} event={latest} />.
    </>
  );
}

/** What went wrong, with the way to it: a reason alone rarely says where. */
function LastError({ session, events }: { session: Session; events: readonly EventRow[] }) {
  const story = findLastError(events);
  if (story === null) return null;
  const { error, origin, count } = story;
  return (
    <>
      {" "}
      <span class="last-error">
        {count === 1 ? "Its one error: " : `The last of its ${formatCount(count)} errors: `}
        <EventLink session={session} event={error} />
        {origin !== null && (
          <>
            {" in "}
            <EventLink session={session} event={origin} />
          </>
        )}
        .
      </span>
    </>
  );
}

function EventLink({ session, event }: { session: Session; event: EventRow }) {
  return (
    <Link href={placeHref(session.session_id, { ...START, eventId: event.id })} replace>
      {eventName(event)}
    </Link>
  );
}
