import { Notice } from "../parts/notice";

/** What a view shows while the events that it is made of are on their way. */
export function Pending() {
  return (
    <Notice title="Loading the events">
      <p role="status">
        <span class="pulse" aria-hidden="true" /> They are on their way.
      </p>
    </Notice>
  );
}
