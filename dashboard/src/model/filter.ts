/** The filter and the order of the list of sessions, as the page's URL carries it: the same keys as the API's. */

import { type State, findState } from "./state";

export const SORTS = [
  "started",
  "state",
  "name",
  "duration",
  "cost",
  "tokens",
  "llms",
  "tools",
  "errors",
  "events",
  "actions",
  "agents",
  "tags",
  "host",
  "ended",
  "last_activity",
] as const;
export type Sort = (typeof SORTS)[number];
export const SORT_WORDS: Record<Sort, string> = {
  started: "started",
  state: "state",
  name: "name",
  duration: "duration",
  cost: "cost",
  tokens: "tokens",
  llms: "LLM calls",
  tools: "tools",
  errors: "errors",
  events: "events",
  actions: "actions",
  agents: "agents",
  tags: "tags",
  host: "host",
  ended: "ended",
  last_activity: "last activity",
};
const TEXT_SORTS: readonly Sort[] = ["name", "tags", "host"];

export interface SessionFilter {
  state: State | null;
  tags: readonly string[];
  /** Words in prompts, completions, tools and errors. */
  text: string;
  model: string;
  agent: string;
  tool: string;
  /** The type of an error. */
  error: string;
  /** The name of a host. */
  host: string;
  /** Bounds as the API takes them: US dollars, seconds, ISO 8601. Empty stands for none. */
  minCost: string;
  maxCost: string;
  minDuration: string;
  maxDuration: string;
  hasErrors: string;
  since: string;
  until: string;
  sort: Sort;
  isAscending: boolean;
}

export const NO_SESSION_FILTER: SessionFilter = {
  state: null,
  tags: [],
  text: "",
  model: "",
  agent: "",
  tool: "",
  error: "",
  host: "",
  minCost: "",
  maxCost: "",
  minDuration: "",
  maxDuration: "",
  hasErrors: "",
  since: "",
  until: "",
  sort: "started",
  isAscending: false,
};

/** The fields that are one text each, with their key in the query and what the page calls them. */
export const TEXT_FIELDS = [
  { field: "text", key: "q", label: "Text" },
  { field: "model", key: "model", label: "Model" },
  { field: "agent", key: "agent", label: "Agent" },
  { field: "tool", key: "tool", label: "Tool" },
  { field: "error", key: "error_type", label: "Error type" },
  { field: "host", key: "host", label: "Host" },
  { field: "minCost", key: "min_cost", label: "Cost from, $" },
  { field: "maxCost", key: "max_cost", label: "Cost to, $" },
  { field: "minDuration", key: "min_duration_s", label: "Duration from, s" },
  { field: "maxDuration", key: "max_duration_s", label: "Duration to, s" },
  { field: "hasErrors", key: "has_errors", label: "Has errors" },
  { field: "since", key: "since", label: "Started since" },
  { field: "until", key: "until", label: "Started before" },
] as const;
export type TextField = (typeof TEXT_FIELDS)[number]["field"];

export function readFilter(search: string): SessionFilter {
  const query = new URLSearchParams(search);
  const texts = Object.fromEntries(TEXT_FIELDS.map(({ field, key }) => [field, query.get(key) ?? ""]));
  return {
    ...NO_SESSION_FILTER,
    ...texts,
    state: findState(query.get("end_state")),
    tags: [...new Set(query.getAll("tag"))],
    sort: SORTS.find((sort) => sort === query.get("sort")) ?? "started",
    isAscending: query.get("order") === "asc",
  };
}

/** The query of a filter. */
export function filterQuery(filter: SessionFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (filter.state !== null) query.set("end_state", filter.state);
  for (const tag of filter.tags) query.append("tag", tag);
  for (const { field, key } of TEXT_FIELDS) if (filter[field] !== "") query.set(key, filter[field]);
  if (filter.sort !== "started") query.set("sort", filter.sort);
  if (filter.isAscending) query.set("order", "asc");
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

/** Sorted by a column: figures the highest first, names from A; then the other way round, then as it was. */
export function sortedBy(filter: SessionFilter, sort: Sort): SessionFilter {
  const isAscending = TEXT_SORTS.includes(sort);
  if (filter.sort !== sort) return { ...filter, sort, isAscending };
  if (filter.isAscending === isAscending) return { ...filter, isAscending: !isAscending };
  return { ...filter, sort: "started", isAscending: false };
}

export function isFiltered(filter: SessionFilter): boolean {
  return listHref({ ...filter, sort: "started", isAscending: false }) !== "/";
}
