import { eventPath } from "../api/session_feed";
import type { EventContent, EventRow } from "../api/types";
import { START, placeHref } from "../model/place";
import { curlOf, pythonOf } from "../model/snippets";
import { eventName } from "../model/story";
import { CopyButton } from "../parts/copy_button";

interface Copied {
  sessionId: string;
  row: EventRow;
  content: EventContent;
}

/** An event taken along: a link to it, or what runs it again. */
export function CopyMenu({ sessionId, row, content }: Copied) {
  const address = (path: string) => `${location.origin}${path}`;
  return (
    <>
      <span class="dim">Copy</span>
      <CopyButton text={() => address(placeHref(sessionId, { ...START, eventId: row.id }))} label="Link" />
      <CopyButton text={() => pythonOf(row.kind, eventName(row), content)} label="Python" />
      <CopyButton text={() => curlOf(row.kind, content, address(eventPath(sessionId, row.id)))} label="cURL" />
      <CopyButton text={() => JSON.stringify(content, null, 2)} label="JSON" />
    </>
  );
}
