import { useMemo } from "preact/hooks";
import type { EventContent, EventRow, Json } from "../api/types";
import { sectionsOf } from "../model/content";
import { imageSource } from "../model/images";
import { eventName } from "../model/story";
import { Glyph } from "../parts/glyph";
import { JsonTree } from "../parts/json_tree";
import { Payload } from "../parts/payload";
import { Chat } from "./chat";
import { CopyMenu } from "./copy_menu";
import type { Scope } from "./scope";

interface Content {
  scope: Scope;
  content: EventContent;
  row: EventRow;
}

/** What an event carries, in the order a reader asks for it: in, out, the rest, and all of it as JSON. */
export function EventContentView({ scope, content, row }: Content) {
  const { events, choose, session } = scope;
  const isLlm = row.kind === "llm";
  const trigger = useMemo(() => events.find((event) => event.id === row.trigger_event_id), [events, row]);
  const caused = useMemo(() => events.filter((event) => event.trigger_event_id === row.id), [events, row]);
  const sections = sectionsOf(row.kind, content);
  return (
    <div class="content">
      {trigger !== undefined && <EventLinks title="Triggered by" events={[trigger]} choose={choose} />}
      {isLlm && <Chat scope={scope} row={row} content={content} />}
      {sections.map(({ title, value, isBad }) => (
        <Section key={title} title={title} value={value} isBad={isBad} sessionId={session.session_id} />
      ))}
      {caused.length > 0 && <EventLinks title="What went wrong in it" events={caused} choose={choose} />}
      {!isLlm && sections.length === 0 && <p class="dim none">It carries nothing but its times.</p>}
      <div class="leads">
        <CopyMenu sessionId={session.session_id} row={row} content={content} />
      </div>
      <details class="raw">
        <summary>All of it as JSON</summary>
        <JsonTree value={content} label="Event as JSON" open={1} />
      </details>
    </div>
  );
}

function Section({
  title,
  value,
  isBad,
  sessionId,
}: {
  title: string;
  value: Json;
  isBad: boolean;
  sessionId: string;
}) {
  const image = typeof value === "string" ? imageSource(value, sessionId) : null;
  return (
    <section class={isBad ? "msg bad" : "msg"}>
      <h3>{title}</h3>
      {image === null ? <Payload value={value} label={title} /> : <img class="shot" src={image} alt={title} />}
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
