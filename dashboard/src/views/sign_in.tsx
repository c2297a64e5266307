import { useState } from "preact/hooks";
import { useSearch } from "wouter-preact";
import { signIn } from "../api/account";
import { asApiError } from "../api/client";
import { CopyButton } from "../parts/copy_button";
import { Mark } from "../parts/mark";
import { useTitle } from "../parts/view_state";

const CREATE_KEY = "agentops-server keys create --project my-project";

export function SignInView({ hasExpired }: { hasExpired: boolean }) {
  const isLinkSpent = new URLSearchParams(useSearch()).get("link") === "expired";
  useTitle("Sign in");
  return (
    <main class="sign-in">
      <div class="brand">
        <Mark />
        AgentOps
      </div>
      <h1>Sign in</h1>
      {hasExpired && <p class="hint">You have been signed out: the sign-in ended, or its key was revoked.</p>}
      {isLinkSpent && (
        <p class="hint">
          That login link was used before, or is too old. Sign in with an API key, or restart the server for a new link.
        </p>
      )}
      <KeyForm />
      <section aria-labelledby="no-key">
        <h2 id="no-key">No API key yet?</h2>
        <p>On the machine of the server, make a project and its key:</p>
        <div class="command">
          <code>{CREATE_KEY}</code>
          <CopyButton text={() => CREATE_KEY} label="Copy" />
        </div>
        <p>
          Or open the one-time login link that <code>agentops-server serve</code> prints when it starts.
        </p>
      </section>
    </main>
  );
}

function KeyForm() {
  const [key, setKey] = useState("");
  const [problem, setProblem] = useState("");
  const [isBusy, setIsBusy] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    setIsBusy(true);
    setProblem("");
    try {
      await signIn(key.trim());
    } catch (reason) {
      const error = asApiError(reason);
      setProblem(error.status === 401 ? "This key is unknown or was revoked." : error.message);
      setIsBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <label for="api-key">API key</label>
      <div class="field">
        <input
          id="api-key"
          name="api_key"
          type="password"
          autocomplete="current-password"
          autofocus
          required
          spellcheck={false}
          placeholder="00000000-0000-0000-0000-000000000000"
          value={key}
          onInput={(event) => setKey(event.currentTarget.value)}
          aria-invalid={problem !== ""}
          aria-describedby="key-problem"
        />
        <button type="submit" class="btn main" disabled={isBusy}>
          Sign in
        </button>
      </div>
      <p id="key-problem" class="problem" role="alert">
        {problem}
      </p>
    </form>
  );
}
