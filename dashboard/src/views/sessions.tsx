import { Link, useSearch } from "wouter-preact";
import { type SessionList, followSessions } from "../api/session_list";
import { type SessionFilter, isFiltered, listHref, readFilter, withoutTag } from "../model/filter";
import { STATES } from "../model/state";
import { formatCount } from "../model/story";
import { Failure, Notice, Stale } from "../parts/notice";
import { useFeed, useTitle } from "../parts/view_state";
import { FirstSession } from "./first_session";
import { SessionTable } from "./session_table";

export function SessionsView() {
  const filter = readFilter(useSearch());
  const href = listHref(filter);
  const list = useFeed(() => followSessions(filter), href);
  useTitle("Sessions");
  return (
    <main class="sessions">
      <div class="top">
        <h1>Sessions</h1>
        <StateViews filter={filter} />
        <Loaded list={list} />
      </div>
      {filter.tags.length > 0 && <TagFilters filter={filter} />}
      <Content key={href} list={list} filter={filter} />
    </main>
  );
}

function StateViews({ filter }: { filter: SessionFilter }) {
  return (
    <nav class="views" aria-label="Sessions by state">
      {[null, ...STATES].map((state) => (
        <Link
          key={state}
          href={listHref({ ...filter, state })}
          class={filter.state === state ? "on" : ""}
          aria-current={filter.state === state ? "page" : undefined}
        >
          {state ?? "All"}
        </Link>
      ))}
    </nav>
  );
}

function TagFilters({ filter }: { filter: SessionFilter }) {
  return (
    <div class="filters">
      {filter.tags.map((tag) => (
        <span class="filter" key={tag}>
          <span>Tag</span>
          <b>{tag}</b>
          <Link href={listHref(withoutTag(filter, tag))} aria-label={`Remove the filter ${tag}`}>
            ×
          </Link>
        </span>
      ))}
    </div>
  );
}

/** How many there are, as far as it is known. */
function Loaded({ list }: { list: SessionList }) {
  const loaded = list.loaded.value;
  if (loaded === null || loaded.sessions.length === 0) return null;
  const count = loaded.sessions.length;
  const text = count === 1 ? "1 session" : `${formatCount(count)} sessions`;
  return <span class="loaded dim">{loaded.nextCursor === null ? text : `newest ${text} loaded`}</span>;
}

function Content({ list, filter }: { list: SessionList; filter: SessionFilter }) {
  const loaded = list.loaded.value;
  const error = list.error.value;
  if (loaded === null)
    return error === null ? (
      <div class="table waiting" aria-busy="true" />
    ) : (
      <Failure error={error} retry={list.retry} />
    );
  if (loaded.sessions.length === 0) return isFiltered(filter) ? <NoMatch /> : <FirstSession />;
  return (
    <>
      <Stale error={error} />
      <SessionTable loaded={loaded} filter={filter} loadMore={list.loadMore} />
    </>
  );
}

function NoMatch() {
  return (
    <Notice title="No session like this">
      <p>None has this state and all of these tags.</p>
      <Link href="/" class="btn">
        Show all sessions
      </Link>
    </Notice>
  );
}
