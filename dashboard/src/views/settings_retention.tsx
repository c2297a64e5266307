import { useState } from "preact/hooks";
import { asApiError, fetchJson } from "../api/client";
import type { Retention } from "../api/project_types";
import { readField } from "../parts/form";
import type { Loaded } from "../parts/loading";
import { Failure } from "../parts/notice";

/** For how long the project keeps what it has. */
export function RetentionSettings({ loaded: { value, error, reload } }: { loaded: Loaded<Retention> }) {
  if (value === null) return error === null ? null : <Failure error={error} retry={reload} />;
  return (
    <section aria-labelledby="retention">
      <h2 id="retention">Retention</h2>
      <p class="dim">After so many days what was recorded is deleted for ever; 0 keeps it.</p>
      <Form value={value} />
    </section>
  );
}

function Form({ value }: { value: Retention }) {
  const [answer, setAnswer] = useState("");
  const [problem, setProblem] = useState("");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget;
    setAnswer("");
    setProblem("");
    try {
      const body = {
        payload_days: Number(readField(form, "payload_days")),
        facts_days: Number(readField(form, "facts_days")),
      };
      await fetchJson("/v2/retention", { method: "PUT", body });
      setAnswer("Saved.");
    } catch (reason) {
      setProblem(asApiError(reason).message);
    }
  };
  return (
    <form class="filter-form wide" onSubmit={(event) => void submit(event)} aria-label="Retention">
      <label>
        <span>Prompts, completions, arguments: days</span>
        <input name="payload_days" type="number" min="0" required defaultValue={String(value.payload_days)} />
      </label>
      <label>
        <span>Whole sessions: days</span>
        <input name="facts_days" type="number" min="0" required defaultValue={String(value.facts_days)} />
      </label>
      <button type="submit" class="btn main">
        Save
      </button>
      <span role="status">{answer}</span>
      {problem !== "" && <span role="alert">{problem}</span>}
    </form>
  );
}
