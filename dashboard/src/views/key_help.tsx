import { useEffect, useRef } from "preact/hooks";
import { openDialog } from "../parts/dialogs";

const KEYS: readonly (readonly [string, string])[] = [
  ["Ctrl K, ⌘ K", "go anywhere"],
  ["/", "search"],
  ["j, k", "next, previous"],
  ["n, N", "next, previous hit of a search; Enter and Shift Enter in its field"],
  ["Enter", "open"],
  ["Esc", "back"],
  ["x", "choose a session in the list"],
  ["←, →", "collapse, expand"],
  ["C", "collapse or expand all"],
  ["+, −, 0", "zoom in, out, all of it"],
  ["[, ]", "previous, next session"],
  ["Space", "replay"],
  ["?", "these keys"],
];

export function KeyHelp() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => (openDialog.value = null);
  return (
    <dialog
      ref={dialog}
      class="palette"
      aria-label="Keys"
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <h2>Keys</h2>
      <dl class="pairs">
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="btn" autofocus onClick={close}>
        Close
      </button>
    </dialog>
  );
}
