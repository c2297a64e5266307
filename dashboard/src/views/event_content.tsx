import type { EventContent, EventRow, Json } from "../api/types";
import { sectionsOf } from "../model/content";
import { eventName } from "../model/story";
import { CopyButton } from "../parts/copy_button";
import { Glyph } from "../parts/glyph";
import { JsonView } from "../parts/json_view";
import { Chat } from "./chat";

interface Content {
  content: EventContent;
  row: EventRow;
  events: readonly EventRow[];
  choose: (eventId: string) => void;
}

/** What an event carries, in the order a reader asks for it: in, out, the rest, and all of it as JSON. */
export function EventContentView({ content, row, events, choose }: Content) {
  const isLlm = row.kind === "llm";
  const trigger = events.find((event) => event.id === row.trigger_event_id);
  const caused = events.filter((event) => event.trigger_event_id === row.id);
  const sections = sectionsOf(row.kind, content);
  return (
    <div class="content">
      {trigger !== undefined && <EventLinks title="Triggered by" events={[trigger]} choose={choose} />}
      {isLlm && <Chat prompt={content.prompt} completion={content.completion} />}
      {sections.map(({ title, value, isBad }) => (
        <Section key={title} title={title} value={value} isBad={isBad} />
      ))}
      {caused.length > 0 && <EventLinks title="What went wrong in it" events={caused} choose={choose} />}
      {!isLlm && sections.length === 0 && <p class="dim none">It carries nothing but its times.</p>}
      <details class="raw">
        <summary>All of it as JSON</summary>
        <div class="bar">
          <CopyButton text={() => JSON.stringify(content, null, 2)} label="Copy JSON" />
        </div>
        <JsonView value={content} label="Event as JSON" />
      </details>
    </div>
  );
}

function Section({ title, value, isBad }: { title: string; value: Json; isBad: boolean }) {
  return (
    <section class={isBad ? "msg bad" : "msg"}>
      <h3>{title}</h3>
      <JsonView value={value} label={title} />
    </section>
  );
}

function EventLinks({
  title,
  events,
  choose,
}: {
  title: string;
  events: readonly EventRow[];
  choose: (id: string) => void;
}) {
  return (
    <section class="leads" aria-label={title}>
      <span class="dim">{title}</span>
      {events.map((event) => (
        <button key={event.id} type="button" class="btn" onClick={() => choose(event.id)}>
          <Glyph kind={event.kind} />
          {eventName(event)}
        </button>
      ))}
    </section>
  );
}
