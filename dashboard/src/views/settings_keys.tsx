import { useState } from "preact/hooks";
import { asApiError, fetchJson } from "../api/client";
import type { Key, NewKey } from "../api/project_types";
import { CopyButton } from "../parts/copy_button";
import type { Loaded } from "../parts/loading";
import { Menu } from "../parts/menu";
import { Failure } from "../parts/notice";
import { When } from "../parts/when";

/** API keys: made here and shown once, revoked, and when each was used last. */
export function KeySettings({ loaded: { value, error, reload } }: { loaded: Loaded<{ keys: Key[] }> }) {
  const [made, setMade] = useState<NewKey | null>(null);
  if (value === null) return error === null ? null : <Failure error={error} retry={reload} />;
  return (
    <section aria-labelledby="keys">
      <h2 id="keys">API keys</h2>
      <NewKeyForm
        done={(key) => {
          setMade(key);
          reload();
        }}
      />
      {made !== null && <Shown made={made} />}
      <div class="scroll" tabIndex={0} role="group" aria-label="API keys">
        <table class="figures keyed">
          <thead>
            <tr>
              <th>Key</th>
              <th>Label</th>
              <th class="num">Made</th>
              <th class="num">Last used</th>
              <th class="num" />
            </tr>
          </thead>
          <tbody>
            {value.keys.map((key) => (
              <Row key={key.id} of={key} reload={reload} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Shown({ made }: { made: NewKey }) {
  return (
    <div class="snippet" role="status">
      <p>
        Copy it now, it is shown only this once: <code data-testid="new-key">{made.api_key}</code>
      </p>
      <CopyButton text={() => made.api_key} label="Copy" />
    </div>
  );
}

function NewKeyForm({ done }: { done: (made: NewKey) => void }) {
  const [label, setLabel] = useState("");
  const [problem, setProblem] = useState("");
  const make = async (event: Event) => {
    event.preventDefault();
    setProblem("");
    try {
      done(await fetchJson<NewKey>("/v2/keys", { method: "POST", body: { label } }));
      setLabel("");
    } catch (reason) {
      setProblem(asApiError(reason).message);
    }
  };
  return (
    <form class="inline" onSubmit={(event) => void make(event)}>
      <input
        aria-label="Label of the new key"
        placeholder="Label, such as worker-3"
        value={label}
        maxLength={200}
        onInput={(event) => setLabel(event.currentTarget.value)}
      />
      <button type="submit" class="btn main">
        Make a key
      </button>
      {problem !== "" && <span role="alert">{problem}</span>}
    </form>
  );
}

function Row({ of: key, reload }: { of: Key; reload: () => void }) {
  const [problem, setProblem] = useState("");
  const revoke = async () => {
    try {
      await fetchJson(`/v2/keys/${key.id}`, { method: "DELETE" });
      reload();
    } catch (reason) {
      setProblem(asApiError(reason).message);
    }
  };
  return (
    <tr data-testid="key">
      <td class="mono">…{key.hint}</td>
      <td>
        {key.label} {key.is_own && <span class="dim">signed in with it</span>}
      </td>
      <td class="num" data-label="Made">
        <When time={key.created_at} />
      </td>
      <td class="num" data-label="Last used">
        {key.last_used_at === null ? <span class="dim">never</span> : <When time={key.last_used_at} />}
      </td>
      <td class="num">
        {key.revoked_at !== null ? (
          <span class="dim">
            revoked <When time={key.revoked_at} />
          </span>
        ) : (
          <Menu label="Revoke">
            <div class="filter-form">
              <p>
                Refuse this key from now on, for ever?
                {key.is_own && " You are signed in with it, and will be signed out."}
              </p>
              <button type="button" class="btn danger" onClick={() => void revoke()}>
                Revoke …{key.hint}
              </button>
              {problem !== "" && <span role="alert">{problem}</span>}
            </div>
          </Menu>
        )}
      </td>
    </tr>
  );
}
