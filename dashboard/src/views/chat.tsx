import type { Json } from "../api/types";
import { type Message, readMessages } from "../model/messages";
import { JsonView } from "../parts/json_view";

const SHOWN_BEFORE_FOLD = 4;

/** The messages of one LLM call: what went in, older ones folded, and what came out. */
export function Chat({ prompt, completion }: { prompt: Json | undefined; completion: Json | undefined }) {
  const asked = readMessages(prompt, "user");
  const answered = readMessages(completion, "assistant");
  const folded = asked.length > SHOWN_BEFORE_FOLD + 1 ? asked.slice(0, -SHOWN_BEFORE_FOLD) : [];
  if (asked.length + answered.length === 0) return <p class="dim none">Neither prompt nor completion was recorded.</p>;
  return (
    <>
      {folded.length > 0 && (
        <details class="earlier">
          <summary>{folded.length} earlier messages</summary>
          {folded.map((message, index) => (
            <Bubble key={index} message={message} isAnswer={false} />
          ))}
        </details>
      )}
      {asked.slice(folded.length).map((message, index) => (
        <Bubble key={index} message={message} isAnswer={false} />
      ))}
      {answered.map((message, index) => (
        <Bubble key={`answer-${index}`} message={message} isAnswer />
      ))}
    </>
  );
}

function Bubble({ message, isAnswer }: { message: Message; isAnswer: boolean }) {
  const { role, text, toolCalls, others } = message;
  return (
    <section class={isAnswer ? "msg said answer" : "msg said"} data-testid="message">
      <h3>
        {role}
        {isAnswer && <span class="dim">completion</span>}
      </h3>
      {text !== "" && <JsonView value={text} label={`Message of ${role}`} />}
      {toolCalls.map((call, index) => (
        <div class="call" key={index}>
          <span class="dim">calls</span> <b class="mono">{call.name}</b>
          <JsonView value={call.arguments} label={`Arguments of ${call.name}`} />
        </div>
      ))}
      {others.map((other, index) => (
        <JsonView key={index} value={other} label="Other content" />
      ))}
    </section>
  );
}
