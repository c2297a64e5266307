import { useRef, useState } from "preact/hooks";

const SHOWN_MS = 1_500;

/** A button that puts text on the clipboard and says so. */
export function CopyButton({ text, label }: { text: () => string; label: string }) {
  const [isDone, setIsDone] = useState(false);
  const timer = useRef(0);
  const copy = async () => {
    setIsDone(await writeClipboard(text()));
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setIsDone(false), SHOWN_MS);
  };
  return (
    <button type="button" class="btn" onClick={() => void copy()}>
      <span aria-live="polite">{isDone ? "Copied" : label}</span>
    </button>
  );
}

async function writeClipboard(text: string): Promise<boolean> {
  // Browsers offer the clipboard over https and on localhost only; a server in the LAN is often plain http.
  if ("clipboard" in navigator) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return writeBySelection(text);
    }
  }
  return writeBySelection(text);
}

function writeBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without a secure context
  const isDone = document.execCommand("copy");
  area.remove();
  return isDone;
}
