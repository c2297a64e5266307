import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { type SessionFilter, isFiltered, listHref } from "../model/filter";
import { STATES } from "../model/state";
import { Menu } from "../parts/menu";
import { dropView, saveView, savedViews } from "../parts/saved_views";

/** Sessions by state, and the lists that the reader saved. */
export function SessionViews({ filter }: { filter: SessionFilter }) {
  const here = listHref(filter);
  return (
    <>
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
      {savedViews.value.length > 0 && (
        <nav class="views saved" aria-label="Saved views">
          {savedViews.value.map(({ name, href }) => (
            <Link
              key={name}
              href={href}
              class={href === here ? "on" : ""}
              aria-current={href === here ? "page" : undefined}
            >
              {name}
            </Link>
          ))}
        </nav>
      )}
      {(isFiltered(filter) || savedViews.value.length > 0) && (
        <Menu label="Views">
          <SaveForm href={here} />
        </Menu>
      )}
    </>
  );
}

function SaveForm({ href }: { href: string }) {
  const [name, setName] = useState("");
  const save = (event: Event) => {
    event.preventDefault();
    if (name.trim() === "") return;
    saveView({ name: name.trim(), href });
    setName("");
  };
  return (
    <div class="filter-form">
      <form onSubmit={save}>
        <label>
          <span>Save this list as</span>
          <input value={name} maxLength={40} onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <button type="submit" class="btn main">
          Save
        </button>
      </form>
      {savedViews.value.map((view) => (
        <p key={view.name} class="saved-view">
          <Link href={view.href} data-closes>
            {view.name}
          </Link>
          <button
            type="button"
            class="btn"
            onClick={() => dropView(view.name)}
            aria-label={`Remove the view ${view.name}`}
          >
            ×
          </button>
        </p>
      ))}
    </div>
  );
}
