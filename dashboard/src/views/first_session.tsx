import { CopyButton } from "../parts/copy_button";
import { Notice } from "../parts/notice";

/** What to do in a project that has no session yet. */
export function FirstSession() {
  const program = `import agentops

agentops.init(api_key="<your API key>", endpoint="${location.origin}")
# … your agent …
agentops.end_session("Success")`;
  return (
    <Notice title="No sessions yet">
      <p>Run an agent program with these lines, and its session appears here while it runs.</p>
      <div class="snippet">
        <pre tabIndex={0} role="region" aria-label="Program">
          {program}
        </pre>
        <CopyButton text={() => program} label="Copy" />
      </div>
      <p class="dim" role="status">
        <span class="pulse" aria-hidden="true" /> Waiting for the first session
      </p>
    </Notice>
  );
}
