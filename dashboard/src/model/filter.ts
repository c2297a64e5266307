/** The filter of the list of sessions, as the page's URL carries it. */

import { type State, findState } from "./state";

export interface SessionFilter {
  state: State | null;
  tags: readonly string[];
}

export function readFilter(search: string): SessionFilter {
  const query = new URLSearchParams(search);
  return { state: findState(query.get("end_state")), tags: [...new Set(query.getAll("tag"))] };
}

/** The query of a filter: the same keys as the API's. */
export function filterQuery({ state, tags }: SessionFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (state !== null) query.set("end_state", state);
  for (const tag of tags) query.append("tag", tag);
  return query;
}

export function listHref(filter: SessionFilter): string {
  const query = filterQuery(filter).toString();
  return query === "" ? "/" : `/?${query}`;
}

export function withTag(filter: SessionFilter, tag: string): SessionFilter {
  return filter.tags.includes(tag) ? filter : { ...filter, tags: [...filter.tags, tag] };
}

export function withoutTag(filter: SessionFilter, tag: string): SessionFilter {
  return { ...filter, tags: filter.tags.filter((one) => one !== tag) };
}

export function isFiltered({ state, tags }: SessionFilter): boolean {
  return state !== null || tags.length > 0;
}
