import { useState } from "preact/hooks";
import { Link, useSearch } from "wouter-preact";
import { type SessionList, followSessions } from "../api/session_list";
import { type SessionFilter, isFiltered, listHref, readFilter } from "../model/filter";
import { formatCount } from "../model/story";
import { useKeys } from "../parts/keys";
import { Failure, Notice, Stale } from "../parts/notice";
import { useFeed, useTitle } from "../parts/view_state";
import { BulkBar } from "./bulk_bar";
import { FirstSession } from "./first_session";
import { Pulse } from "./pulse";
import { SessionFilters } from "./session_filters";
import { SessionTable } from "./session_table";
import { SessionViews } from "./session_views";

export function SessionsView() {
  const filter = readFilter(useSearch());
  const href = listHref(filter);
  const list = useFeed(() => followSessions(filter), href);
  useTitle("Sessions");
  useKeys({ "/": () => document.querySelector<HTMLElement>("[data-search]")?.focus() });
  return (
    <main class="sessions">
      <div class="top">
        <h1>Sessions</h1>
        <SessionViews filter={filter} />
        <Loaded list={list} />
      </div>
      <SessionFilters filter={filter} />
      <Content key={href} list={list} filter={filter} />
    </main>
  );
}

/** How many there are, as far as it is known. */
function Loaded({ list }: { list: SessionList }) {
  const loaded = list.loaded.value;
  if (loaded === null || loaded.sessions.length === 0) return null;
  const count = loaded.sessions.length;
  const text = count === 1 ? "1 session" : `${formatCount(count)} sessions`;
  return <span class="loaded dim">{loaded.nextCursor === null ? text : `first ${text} loaded`}</span>;
}

function Content({ list, filter }: { list: SessionList; filter: SessionFilter }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
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
      {filter.text === "" && <Pulse filter={filter} />}
      {chosen.size > 0 && <BulkBar list={list} chosen={chosen} clear={() => setChosen(new Set())} />}
      <SessionTable loaded={loaded} filter={filter} loadMore={list.loadMore} chosen={chosen} setChosen={setChosen} />
    </>
  );
}

function NoMatch() {
  return (
    <Notice title="No session like this">
      <p>None matches all of these filters.</p>
      <Link href="/" class="btn">
        Show all sessions
      </Link>
    </Notice>
  );
}
