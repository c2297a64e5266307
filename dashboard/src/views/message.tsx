import type { Json } from "../api/types";
import { imageSource, imageText } from "../model/images";
import type { Message } from "../model/messages";
import { Markdown } from "../parts/markdown";
import { Payload } from "../parts/payload";

interface Bubble {
  message: Message;
  sessionId: string;
  isAnswer?: boolean;
}

/** One chat message: its text as Markdown, its tool calls with their arguments, its images. */
export function MessageView(bubble: Bubble) {
  return bubble.message.role.startsWith("tool") ? <ToolResult {...bubble} /> : <Said {...bubble} />;
}

/** What a tool answered, in one line until somebody wants it: it is often long, and stands at the tool's event too. */
function ToolResult(bubble: Bubble) {
  const { role, text } = bubble.message;
  return (
    <details class="tool-result" data-testid="tool-result">
      <summary>
        {role} <span class="dim">{text.slice(0, 120)}</span>
      </summary>
      <Said {...bubble} />
    </details>
  );
}

function Said({ message, sessionId, isAnswer = false }: Bubble) {
  const { role, text, toolCalls, others } = message;
  return (
    <section class={isAnswer ? "msg said answer" : "msg said"} data-testid="message">
      <h3>
        {role}
        {isAnswer && <span class="dim">completion</span>}
      </h3>
      {text !== "" && <Text text={text} role={role} />}
      {toolCalls.map((call, index) => (
        <div class="call" key={index}>
          <span class="dim">calls</span> <b class="mono">{call.name}</b>
          <Payload value={call.arguments} label={`Arguments of ${call.name}`} />
        </div>
      ))}
      {others.map((other, index) => (
        <Other key={index} value={other} sessionId={sessionId} />
      ))}
    </section>
  );
}

/** What a tool answered is often JSON in a string. */
function Text({ text, role }: { text: string; role: string }) {
  const parsed = /^\s*[[{]/.test(text) ? parse(text) : null;
  if (parsed !== null) return <Payload value={parsed} label={`Message of ${role}`} />;
  return <Markdown text={text} />;
}

function parse(text: string): Json | null {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

export function Other({ value, sessionId }: { value: Json; sessionId: string }) {
  const address = imageText(value);
  if (address === null) return <Payload value={value} label="Other content" />;
  const source = imageSource(address, sessionId);
  if (source === null) {
    return (
      <p class="elsewhere dim">
        An image elsewhere, which this page does not load: <span class="mono">{address.slice(0, 200)}</span>
      </p>
    );
  }
  return <img class="shot" src={source} alt="Image in the message" loading="lazy" />;
}
