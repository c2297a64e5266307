import { useMemo } from "preact/hooks";
import { Link } from "wouter-preact";
import { barOf } from "../model/axis";
import { formatDuration } from "../model/duration";
import { type ErrorCase, type ErrorGroup, groupErrors } from "../model/error_groups";
import { NO_SESSION_FILTER, listHref } from "../model/filter";
import { eventName, formatCount } from "../model/story";
import { Glyph } from "../parts/glyph";
import { Notice } from "../parts/notice";
import { Pending } from "./pending";
import type { Scope } from "./scope";

const MOST_CASES = 50;

/** What went wrong, the same faults together, each with the event that triggered it. */
export function ErrorsView({ scope }: { scope: Scope }) {
  const groups = useMemo(() => groupErrors(scope.events), [scope.events]);
  if (groups.length === 0 && !scope.areLoaded) return <Pending />;
  if (groups.length === 0) {
    return <Notice title="No errors">{<p>Nothing that the session recorded says that it went wrong.</p>}</Notice>;
  }
  return (
    <div class="pane errors" data-testid="errors">
      {groups.map((group) => (
        <Group key={group.fingerprint} scope={scope} group={group} />
      ))}
    </div>
  );
}

function Group({ scope, group: { name, text, cases } }: { scope: Scope; group: ErrorGroup }) {
  const left = cases.length - MOST_CASES;
  return (
    <section class="msg bad">
      <h2>
        <span>
          {name} {cases.length > 1 && <span class="count">× {formatCount(cases.length)}</span>}
        </span>
        <Link href={listHref({ ...NO_SESSION_FILTER, error: name })}>Sessions with it</Link>
      </h2>
      {text !== "" && <p class="mono wrap">{text}</p>}
      <ul class="cases">
        {cases.slice(0, MOST_CASES).map((one, index) => (
          <Case key={one.error.id} scope={scope} one={one} index={index} of={cases.length} />
        ))}
        {left > 0 && <li class="dim">and {formatCount(left)} more</li>}
      </ul>
    </section>
  );
}

function Case({
  scope,
  one: { error, origin },
  index,
  of,
}: {
  scope: Scope;
  one: ErrorCase;
  index: number;
  of: number;
}) {
  return (
    <li>
      <button type="button" class="link" onClick={() => scope.choose(error.id)}>
        <Glyph kind="error" /> +{formatDuration(barOf(error, scope.axis).startMs)}
      </button>
      {origin === null ? (
        <span class="dim">in no event that is known</span>
      ) : (
        <>
          <span class="dim">in</span>
          <button type="button" class="link" onClick={() => scope.choose(origin.id)}>
            <Glyph kind={origin.kind} /> {eventName(origin)}
          </button>
        </>
      )}
      {of > 1 && (
        <span class="dim spring num">
          {formatCount(index + 1)} of {formatCount(of)}
        </span>
      )}
    </li>
  );
}
