import { useState } from "preact/hooks";
import { asApiError, fetchJson } from "../api/client";
import type { PriceOverride, Prices } from "../api/project_types";
import { readField } from "../parts/form";
import { type Loaded, useLoaded } from "../parts/loading";
import { Failure } from "../parts/notice";

const UNITS = [
  { unit: "input", label: "Input, $ per million tokens" },
  { unit: "output", label: "Output, $ per million tokens" },
  { unit: "cache_read", label: "Cached input, $ per million tokens" },
] as const;

const BY_THOUSAND = ["requests", "web_searches"];

/** The price list in force, and the prices that the project set itself. */
export function PriceSettings({ loaded: { value, error, reload } }: { loaded: Loaded<Prices> }) {
  if (value === null) return error === null ? null : <Failure error={error} retry={reload} />;
  const { overrides } = value;
  return (
    <section aria-labelledby="prices">
      <h2 id="prices">Prices</h2>
      <p class="dim">Price list in force: {value.price_list}</p>
      <p class="dim">A price of your own stands in its place for the models that it names.</p>
      {overrides.length > 0 && (
        <div class="scroll" tabIndex={0} role="group" aria-label="Prices of your own">
          <table class="figures keyed">
            <thead>
              <tr>
                <th>Model</th>
                <th>Prices</th>
                <th class="num">From</th>
                <th class="num" />
              </tr>
            </thead>
            <tbody>
              {overrides.map((one) => (
                <Row key={one.id} of={one} reload={reload} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <PriceLookup />
      <h3>A price of your own</h3>
      <PriceForm done={reload} />
    </section>
  );
}

function Row({ of, reload }: { of: PriceOverride; reload: () => void }) {
  const remove = async () => {
    await fetchJson(`/v2/prices/${of.id}`, { method: "DELETE" }).catch(() => undefined);
    reload();
  };
  return (
    <tr data-testid="price">
      <td>
        {of.model} {of.provider !== null && <span class="dim">{of.provider}</span>}
      </td>
      <td>
        {Object.entries(of.prices)
          .map(([unit, price]) => `${unit} $${price}`)
          .join(", ")}
      </td>
      <td class="num" data-label="From">
        {of.effective_from}
      </td>
      <td class="num">
        <button type="button" class="btn" onClick={() => void remove()} aria-label={`Remove the price of ${of.model}`}>
          Remove
        </button>
      </td>
    </tr>
  );
}

/** What a model costs now, by the list and by the project's own prices. */
function PriceLookup() {
  const [model, setModel] = useState("");
  const [asked, setAsked] = useState("");
  const { value, error } = useLoaded(
    (signal) => fetchJson<Prices>(`/v2/prices?${new URLSearchParams({ model: asked }).toString()}`, { signal }),
    asked,
  );
  const submit = (event: Event) => {
    event.preventDefault();
    setAsked(model.trim());
  };
  const found = asked === "" ? [] : (value?.prices ?? []);
  return (
    <>
      <form class="inline" onSubmit={submit} role="search" aria-label="What a model costs">
        <input
          aria-label="Model to look up"
          placeholder="What does a model cost? gpt-4o"
          value={model}
          onInput={(event) => setModel(event.currentTarget.value)}
        />
        <button type="submit" class="btn">
          Look up
        </button>
      </form>
      <div role="status" aria-label="Price of the model" class="looked-up">
        {error?.message}
        {asked !== "" && value !== null && found.length === 0 && `No price is known of ${asked}.`}
        {found.map((one) => (
          <table key={one.clock} class="figures">
            <caption class="dim">
              {one.price_version}
              {found.length > 1 && `, from ${one.clock} UTC on`}
            </caption>
            <tbody>
              {Object.entries(one.prices).map(([unit, price]) => (
                <tr key={unit}>
                  <td>{unit.replaceAll("_", " ")}</td>
                  <td class="num">
                    ${price}{" "}
                    <span class="dim">{BY_THOUSAND.includes(unit) ? "per thousand" : "per million tokens"}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
    </>
  );
}

function PriceForm({ done }: { done: () => void }) {
  const [problem, setProblem] = useState("");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const read = (name: string) => readField(form, name);
    const given = UNITS.map(({ unit }) => [unit, read(unit)] as const).filter(([, price]) => price !== "");
    const prices: Record<string, string> = Object.fromEntries(given);
    setProblem("");
    try {
      const body = { model: read("model"), effective_from: read("effective_from"), prices };
      await fetchJson("/v2/prices", { method: "PUT", body });
      form.reset();
      done();
    } catch (reason) {
      setProblem(asApiError(reason).message);
    }
  };
  return (
    <form class="filter-form wide" onSubmit={(event) => void submit(event)} aria-label="A price of your own">
      <label>
        <span>Model</span>
        <input name="model" required placeholder="my-own-model" />
      </label>
      {UNITS.map(({ unit, label }) => (
        <label key={unit}>
          <span>{label}</span>
          <input name={unit} inputMode="decimal" pattern="[0-9]+([.][0-9]+)?" />
        </label>
      ))}
      <label>
        <span>From the day</span>
        <input name="effective_from" type="date" required defaultValue={new Date().toISOString().slice(0, 10)} />
      </label>
      <button type="submit" class="btn main">
        Set the price
      </button>
      {problem !== "" && <span role="alert">{problem}</span>}
    </form>
  );
}
