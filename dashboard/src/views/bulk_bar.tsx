import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { deleteSessions, tagSessions } from "../api/bulk";
import { asApiError } from "../api/client";
import { exportPath } from "../api/session_feed";
import type { SessionList } from "../api/session_list";
import { formatCount } from "../model/story";
import { Menu } from "../parts/menu";

interface Bulk {
  list: SessionList;
  chosen: ReadonlySet<string>;
  clear: () => void;
}

const BETWEEN_DOWNLOADS_MS = 400;

/** What can be done with the sessions that are chosen. */
export function BulkBar({ list, chosen, clear }: Bulk) {
  const [problem, setProblem] = useState("");
  const [tag, setTag] = useState("");
  const ids = [...chosen];
  const count = chosen.size === 1 ? "1 session" : `${formatCount(chosen.size)} sessions`;
  const act = async (work: () => Promise<void>) => {
    setProblem("");
    try {
      await work();
      clear();
    } catch (reason) {
      setProblem(asApiError(reason).message);
    }
  };
  const remove = async () => {
    await deleteSessions(ids);
    list.remove(ids);
  };
  const addTag = async (event: Event) => {
    event.preventDefault();
    if (tag.trim() === "") return;
    await act(() => tagSessions(ids, tag.trim()));
    list.retry();
  };
  return (
    <div class="bulk" role="region" aria-label="Chosen sessions">
      <b>{count} chosen</b>
      <Menu label="Tag">
        <form class="filter-form" onSubmit={(event) => void addTag(event)}>
          <label>
            <span>Add the tag</span>
            <input value={tag} maxLength={100} onInput={(event) => setTag(event.currentTarget.value)} />
          </label>
          <button type="submit" class="btn main">
            Add to {count}
          </button>
        </form>
      </Menu>
      <button type="button" class="btn" onClick={() => void downloadAll(ids)}>
        Export
      </button>
      {ids.length === 2 && (
        <Link class="btn" href={`/compare?a=${ids[0] ?? ""}&b=${ids[1] ?? ""}`}>
          Compare
        </Link>
      )}
      <Menu label="Delete">
        <div class="filter-form">
          <p>Delete {count} with everything they recorded? That cannot be undone.</p>
          <button type="button" class="btn danger" onClick={() => void act(remove)}>
            Delete {count}
          </button>
        </div>
      </Menu>
      <button type="button" class="btn" onClick={clear}>
        None
      </button>
      {problem !== "" && <span role="alert">{problem}</span>}
    </div>
  );
}

/** One file a session, with a pause between: browsers drop downloads that all begin at once. */
async function downloadAll(sessionIds: readonly string[]): Promise<void> {
  for (const id of sessionIds) {
    const link = document.createElement("a");
    link.href = exportPath(id);
    link.download = `session-${id}.json`;
    link.click();
    await new Promise((resolve) => window.setTimeout(resolve, BETWEEN_DOWNLOADS_MS));
  }
}
