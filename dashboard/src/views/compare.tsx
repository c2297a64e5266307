import { useEffect, useMemo, useState } from "preact/hooks";
import { Link, useSearch } from "wouter-preact";
import { navigate } from "wouter-preact/use-browser-location";
import { type EventContents, openContents } from "../api/event_contents";
import { type SessionFeed, followSession } from "../api/session_feed";
import { lastListHref, recentSessions } from "../api/session_list";
import { DIFFERENCE_WORDS, MOST_STEPS, type Pair, alignSteps, differencesOf } from "../model/alignment";
import { eventName, formatCount, nameOf } from "../model/story";
import { formatWhen } from "../model/time";
import { readField } from "../parts/form";
import { Failure, Notice } from "../parts/notice";
import { useFeed, useTitle } from "../parts/view_state";
import { CompareFacts } from "./compare_facts";
import { CompareRow } from "./compare_row";

const MOST_ROWS = 250;
const MOST_LOOKED_AT = 60;

/** Two sessions side by side: `/compare?a=<id>&b=<id>`. */
export function CompareView() {
  const query = new URLSearchParams(useSearch());
  const [a, b] = [query.get("a") ?? "", query.get("b") ?? ""];
  useTitle("Compare");
  return (
    <main class="compare">
      <div class="top">
        <h1>Compare</h1>
        <Choice key={`${a} ${b}`} a={a} b={b} />
      </div>
      {a !== "" && b !== "" ? (
        <Both key={`${a} ${b}`} a={a} b={b} />
      ) : (
        <Notice title="Which two sessions?">
          <p>
            Choose two in the list, with their boxes or with <kbd>x</kbd>, then Compare. Or give two ids or addresses
            above.
          </p>
          <Link class="btn" href={lastListHref()}>
            To the sessions
          </Link>
        </Notice>
      )}
    </main>
  );
}

function Choice({ a, b }: { a: string; b: string }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget;
    const read = (name: string) => encodeURIComponent(readField(form, name).replace(/^.*\/sessions\//, ""));
    navigate(`/compare?a=${read("a")}&b=${read("b")}`);
  };
  return (
    <form class="choice" onSubmit={submit}>
      <input
        name="a"
        aria-label="Id of one session"
        defaultValue={a}
        required
        placeholder="id of one session"
        list="recent"
      />
      <input
        name="b"
        aria-label="Id of the other session"
        defaultValue={b}
        required
        placeholder="id of the other"
        list="recent"
      />
      <datalist id="recent">
        {recentSessions().map((session) => (
          <option key={session.session_id} value={session.session_id}>
            {nameOf(session)}, {formatWhen(session.init_timestamp, Date.now())}
          </option>
        ))}
      </datalist>
      <button type="submit" class="btn main">
        Compare
      </button>
      {a !== "" && b !== "" && (
        <Link class="btn" href={`/compare?a=${b}&b=${a}`}>
          Swap
        </Link>
      )}
    </form>
  );
}

function Both({ a, b }: { a: string; b: string }) {
  const left = useFeed(() => followSession(a), a);
  const right = useFeed(() => followSession(b), b);
  const error = left.error.value ?? right.error.value;
  if (left.session.value === null || right.session.value === null) {
    if (error === null) return <div aria-busy="true" />;
    return (
      <Failure
        error={error}
        retry={() => {
          left.retry();
          right.retry();
        }}
      />
    );
  }
  return (
    <>
      <CompareFacts left={left.session.value} right={right.session.value} />
      {left.areEventsLoaded.value && right.areEventsLoaded.value ? (
        <Steps a={a} b={b} left={left} right={right} />
      ) : (
        <div aria-busy="true" />
      )}
    </>
  );
}

function Steps({ a, b, left, right }: { a: string; b: string; left: SessionFeed; right: SessionFeed }) {
  const pairs = useMemo(
    () => alignSteps(left.events.value, right.events.value),
    [left.events.value, right.events.value],
  );
  const leftContents = useFeed(() => openContents(a), a);
  const rightContents = useFeed(() => openContents(b), b);
  const [shown, setShown] = useState(MOST_ROWS);
  const parting = usePartingPoint(pairs, leftContents, rightContents);
  const cut = Math.max(left.events.value.length, right.events.value.length) > MOST_STEPS;
  return (
    <section class="steps" aria-label="Steps">
      <p class="parting-point" role="status" data-testid="parting">
        {parting.text}
        {cut && ` Only the first ${formatCount(MOST_STEPS)} steps of each are compared.`}
      </p>
      {pairs.slice(0, shown).map((pair, index) => (
        <CompareRow
          key={`${pair.left?.id ?? ""} ${pair.right?.id ?? ""}`}
          pair={pair}
          isParting={index === parting.index}
          leftContents={leftContents}
          rightContents={rightContents}
        />
      ))}
      {pairs.length > shown && (
        <button type="button" class="btn" onClick={() => setShown(shown + MOST_ROWS)}>
          {formatCount(pairs.length - shown)} more steps
        </button>
      )}
    </section>
  );
}

/** The first step that only one has, or that carried something else; what steps carry is read until it is found. */
function usePartingPoint(pairs: readonly Pair[], left: EventContents, right: EventContents) {
  const [looked, setLooked] = useState(0);
  const pair = pairs[looked];
  const isAlone = pair !== undefined && (pair.left === null || pair.right === null);
  const one = pair?.left && pair.right ? left.read(pair.left.id).value : null;
  const other = pair?.left && pair.right ? right.read(pair.right.id).value : null;
  const [carried, otherCarried] = [one?.content ?? null, other?.content ?? null];
  const isRead = carried !== null && otherCarried !== null;
  const isSame = isRead && differencesOf(carried, otherCarried).length === 0;
  useEffect(() => {
    if (isSame && looked < Math.min(pairs.length, MOST_LOOKED_AT)) setLooked(looked + 1);
  }, [isSame, looked]);
  if (pair === undefined) return { index: -1, text: "They went the same way to the end." };
  if (isAlone)
    return {
      index: looked,
      text: `They part at step ${formatCount(looked + 1)}, ${stepName(pair)}, which only one has.`,
    };
  if (isRead && !isSame) {
    const what = differencesOf(carried, otherCarried).map((key) => DIFFERENCE_WORDS[key].toLowerCase());
    return {
      index: looked,
      text: `They part at step ${formatCount(looked + 1)}, ${stepName(pair)}: another ${what.join(", another ")}.`,
    };
  }
  if (looked >= MOST_LOOKED_AT) {
    const alone = pairs.findIndex(({ left, right }) => left === null || right === null);
    const until = `Their first ${formatCount(MOST_LOOKED_AT)} steps are the same.`;
    if (alone === -1) return { index: -1, text: until };
    return { index: alone, text: `${until} From step ${formatCount(alone + 1)} on they have other steps.` };
  }
  return { index: -1, text: "Looking for the point where they part." };
}

function stepName({ left, right }: Pair): string {
  const event = left ?? right;
  return event === null ? "" : eventName(event);
}
