import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { navigate } from "wouter-preact/use-browser-location";
import {
  NO_SESSION_FILTER,
  SORTS,
  SORT_WORDS,
  type SessionFilter,
  TEXT_FIELDS,
  type TextField,
  isFiltered,
  listHref,
  sortedBy,
  withTag,
  withoutTag,
} from "../model/filter";
import { formatExact } from "../model/time";
import { fetchJson } from "../api/client";
import type { Overview } from "../api/project_types";
import { recentSessions } from "../api/session_list";
import { readField } from "../parts/form";
import { useLoaded } from "../parts/loading";
import { Menu } from "../parts/menu";

const HOUR_MS = 3_600_000;
const SUGGESTED_MS = 720 * HOUR_MS;
const HAS_ERRORS = [
  ["", "either"],
  ["true", "yes"],
  ["false", "no"],
] as const;
const RANGES: [string, number][] = [
  ["Last hour", HOUR_MS],
  ["Last 24 hours", 24 * HOUR_MS],
  ["Last 7 days", 168 * HOUR_MS],
  ["Last 30 days", 720 * HOUR_MS],
];

/** Search, what is filtered by, and the way to more of it. Everything is in the URL. */
export function SessionFilters({ filter }: { filter: SessionFilter }) {
  return (
    <div class="filters">
      <Search filter={filter} />
      <Chips filter={filter} />
      <Menu label="+ Filter">
        <FilterForm key={listHref(filter)} filter={filter} />
      </Menu>
      <span class="sort-menu">
        <Menu label={`Sort: ${SORT_WORDS[filter.sort]} ${filter.isAscending ? "↑" : "↓"}`}>
          <ul class="sorts">
            {SORTS.map((sort) => (
              <li key={sort}>
                <Link class="btn" data-closes href={listHref(sortedBy(filter, sort))}>
                  {SORT_WORDS[sort]}
                </Link>
              </li>
            ))}
          </ul>
        </Menu>
      </span>
      {isFiltered(filter) && (
        <Link class="btn" href={listHref({ ...NO_SESSION_FILTER, sort: filter.sort, isAscending: filter.isAscending })}>
          Clear
        </Link>
      )}
    </div>
  );
}

function Search({ filter }: { filter: SessionFilter }) {
  const [text, setText] = useState(filter.text);
  useEffect(() => setText(filter.text), [filter.text]);
  const search = (event: Event) => {
    event.preventDefault();
    navigate(listHref({ ...filter, text: text.trim() }));
  };
  return (
    <form class="search" role="search" aria-label="Sessions" onSubmit={search}>
      <input
        type="search"
        aria-label="Search prompts, completions, tools, errors"
        placeholder="Search prompts, completions, tools, errors"
        data-search
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}

function Chips({ filter }: { filter: SessionFilter }) {
  const fields = TEXT_FIELDS.filter(({ field }) => filter[field] !== "" && field !== "text");
  return (
    <>
      {filter.tags.map((tag) => (
        <Chip key={tag} label="Tag" value={tag} without={withoutTag(filter, tag)} />
      ))}
      {fields.map(({ field, label }) => (
        <Chip key={field} label={label} value={shownValue(field, filter[field])} without={{ ...filter, [field]: "" }} />
      ))}
    </>
  );
}

function shownValue(field: TextField, value: string): string {
  if (field === "hasErrors") return value === "true" ? "yes" : "no";
  return field === "since" || field === "until" ? formatExact(value) : value;
}

function Chip({ label, value, without }: { label: string; value: string; without: SessionFilter }) {
  return (
    <span class="filter">
      <span>{label}</span>
      <b>{value}</b>
      <Link href={listHref(without)} aria-label={`Remove the filter ${value}`}>
        ×
      </Link>
    </span>
  );
}

function FilterForm({ filter }: { filter: SessionFilter }) {
  const [isUsed, setIsUsed] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget;
    const read = (name: string) => readField(form, name);
    const texts = Object.fromEntries(TEXT_FIELDS.map(({ field }) => [field, read(field)]));
    const next = { ...filter, ...texts, text: filter.text, since: asTime(read("since")), until: asTime(read("until")) };
    const tag = read("tag");
    navigate(listHref(tag === "" ? next : withTag(next, tag)));
  };
  const since = (ms: number) =>
    listHref({ ...filter, since: new Date(Math.floor((Date.now() - ms) / 60_000) * 60_000).toISOString(), until: "" });
  return (
    <form class="filter-form" onSubmit={submit} onFocusIn={() => setIsUsed(true)} data-submit-closes>
      {isUsed && <Suggestions />}
      <p class="ranges">
        {RANGES.map(([label, ms]) => (
          <Link key={label} href={since(ms)} class="btn" data-closes>
            {label}
          </Link>
        ))}
      </p>
      <label>
        <span>Tag</span>
        <input name="tag" autocomplete="off" list="known-tag" />
      </label>
      {TEXT_FIELDS.filter(({ field }) => field !== "text").map(({ field, label }) => (
        <label key={field}>
          <span>{label}</span>
          {field === "hasErrors" ? (
            <select name={field}>
              {HAS_ERRORS.map(([value, shown]) => (
                // Not by the select's own value, which each drawing would put back over what was chosen since.
                <option key={value} value={value} selected={filter[field] === value}>
                  {shown}
                </option>
              ))}
            </select>
          ) : (
            <input
              name={field}
              defaultValue={asInput(field, filter[field])}
              list={`known-${field}`}
              {...kindOf(field)}
            />
          )}
        </label>
      ))}
      <button type="submit" class="btn main">
        Apply
      </button>
    </form>
  );
}

/** Names that the project's last sessions have, once somebody is about to type one. */
function Suggestions() {
  const since = new Date(Date.now() - SUGGESTED_MS).toISOString().slice(0, 10);
  const path = `/v2/overview?since=${since}T00:00:00Z&part=models&part=agents&part=tags&part=errors`;
  const { value } = useLoaded((signal) => fetchJson<Overview>(path, { signal }), path);
  if (value === null) return null;
  const known: Record<string, readonly (string | null)[]> = {
    model: value.models.map((one) => one.model),
    agent: value.agents.map((one) => one.agent),
    tag: value.tags.map((one) => one.tag),
    error: value.errors.map((one) => one.error_type),
    host: recentSessions().flatMap((session) => session.hosts),
  };
  return (
    <>
      {Object.entries(known).map(([field, names]) => (
        <datalist key={field} id={`known-${field}`}>
          {[...new Set(names)].map((name) => name !== null && <option key={name} value={name} />)}
        </datalist>
      ))}
    </>
  );
}

function kindOf(field: TextField) {
  if (field === "since" || field === "until") return { type: "datetime-local" };
  if (field.startsWith("m") && field !== "model") return { type: "number", min: 0, step: "any" };
  return { type: "text", autocomplete: "off" };
}

/** What the API takes, in UTC, as a field shows it: in the reader's zone. */
function asInput(field: TextField, value: string): string {
  if ((field !== "since" && field !== "until") || value === "") return value;
  const moment = new Date(value);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function asTime(local: string): string {
  return local === "" ? "" : new Date(local).toISOString();
}
