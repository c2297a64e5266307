import { useMemo } from "preact/hooks";
import type { EventContent, EventRow } from "../api/types";
import { splitSeen } from "../model/conversation";
import { type Message, readMessages } from "../model/messages";
import { formatCount } from "../model/story";
import { MessageView } from "./message";
import type { Scope } from "./scope";

interface ChatProps {
  scope: Scope;
  row: EventRow;
  content: EventContent;
}

/** The messages of one LLM call: what the call before it carried folds, what is new shows, and what came out. */
export function Chat({ scope, row, content }: ChatProps) {
  const before = useMemo(() => previousCall(scope.events, row), [scope.events, row]);
  const earlier = before === null ? null : scope.contents.read(before.id).value.content;
  const asked = readMessages(content.prompt, "user");
  const answered = readMessages(content.completion, "assistant");
  const known = earlier === null ? [] : carriedBy(earlier);
  const { seen, fresh } = splitSeen(known, asked);
  const sessionId = scope.session.session_id;
  if (asked.length + answered.length === 0) return <p class="dim none">Neither prompt nor completion was recorded.</p>;
  return (
    <>
      <Seen messages={seen} sessionId={sessionId} fresh={fresh.length} />
      {fresh.map((message, index) => (
        <MessageView key={index} message={message} sessionId={sessionId} />
      ))}
      {answered.map((message, index) => (
        <MessageView key={`answer-${index}`} message={message} sessionId={sessionId} isAnswer />
      ))}
    </>
  );
}

/** The messages that a call sent or got. */
export function carriedBy(content: EventContent): Message[] {
  return [...readMessages(content.prompt, "user"), ...readMessages(content.completion, "assistant")];
}

function previousCall(events: readonly EventRow[], row: EventRow): EventRow | null {
  const calls = events.filter((event) => event.kind === "llm" && event.agent_id === row.agent_id);
  return calls[calls.findIndex((call) => call.id === row.id) - 1] ?? null;
}

/** "11 messages seen before, 1 new" */
export function Seen({
  messages,
  sessionId,
  fresh,
}: {
  messages: readonly Message[];
  sessionId: string;
  fresh: number;
}) {
  if (messages.length === 0) return null;
  const count = messages.length === 1 ? "1 message" : `${formatCount(messages.length)} messages`;
  return (
    <details class="seen" data-testid="seen">
      <summary>
        {count} seen before, {formatCount(fresh)} new
      </summary>
      {messages.map((message, index) => (
        <MessageView key={index} message={message} sessionId={sessionId} />
      ))}
    </details>
  );
}
