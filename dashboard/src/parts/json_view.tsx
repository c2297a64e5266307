import { useState } from "preact/hooks";
import type { Json } from "../api/types";
import { cutText, formatJson, tokenizeJson } from "../model/json_text";
import { formatCount } from "../model/story";

const FIRST_CHARACTERS = 20_000;

/** A JSON value, coloured; text as text. What is very long begins with an excerpt. */
export function JsonView({ value, label }: { value: Json; label: string }) {
  const [isWhole, setIsWhole] = useState(false);
  const { text, left } = cutText(formatJson(value), isWhole ? Infinity : FIRST_CHARACTERS);
  return (
    <>
      {/* A region that scrolls has to be reachable by keyboard. */}
      <pre class={typeof value === "string" ? "text" : "json"} tabIndex={0} role="group" aria-label={label}>
        {typeof value === "string" || isWhole
          ? text
          : tokenizeJson(text).map(({ kind, text }) => (kind === "plain" ? text : <span class={kind}>{text}</span>))}
      </pre>
      {left > 0 && (
        <button type="button" class="btn more" onClick={() => setIsWhole(true)}>
          Show {formatCount(left)} more characters
        </button>
      )}
    </>
  );
}
