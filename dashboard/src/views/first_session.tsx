import { useState } from "preact/hooks";
import { asApiError, fetchJson } from "../api/client";
import type { NewKey } from "../api/project_types";
import { CopyButton } from "../parts/copy_button";
import { Notice } from "../parts/notice";

const INSTALL = "pip install agentops";
const NO_KEY = "<your API key>";

/** What to do in a project that has no session yet: lines to copy, with a key in them when the reader wants one. */
export function FirstSession({ isAlone = false }: { isAlone?: boolean }) {
  const [apiKey, setApiKey] = useState(NO_KEY);
  const [problem, setProblem] = useState("");
  const program = `import agentops

agentops.init(
    api_key="${apiKey}",
    endpoint="${location.origin}",
)
# … your agent …
agentops.end_session("Success")`;
  const make = async () => {
    try {
      setApiKey((await fetchJson<NewKey>("/v2/keys", { method: "POST", body: { label: "get started" } })).api_key);
    } catch (reason) {
      setProblem(asApiError(reason).message);
    }
  };
  return (
    <Notice title={isAlone ? "Get started" : "No sessions yet"} isAlone={isAlone}>
      <p>Run an agent program with these lines, and its session appears here while it runs.</p>
      <div class="snippet">
        <pre>{INSTALL}</pre>
        <CopyButton text={() => INSTALL} label="Copy" />
      </div>
      <div class="snippet">
        <pre tabIndex={0} role="region" aria-label="Program">
          {program}
        </pre>
        <CopyButton text={() => program} label="Copy" />
      </div>
      {apiKey === NO_KEY ? (
        <button type="button" class="btn" onClick={() => void make()}>
          Make a key for these lines
        </button>
      ) : (
        <p class="dim">
          The key is in the lines above, and shown only this once. It is in the settings as “get started”.
        </p>
      )}
      {problem !== "" && <p role="alert">{problem}</p>}
      <p class="dim" role="status">
        <span class="pulse" aria-hidden="true" /> Waiting for your {isAlone ? "next" : "first"} session
      </p>
    </Notice>
  );
}
