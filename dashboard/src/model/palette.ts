/** What the command palette offers for what was typed. */

export interface Command {
  label: string;
  hint: string;
  /** Where it leads; what does something else has `run`. */
  href?: string;
  run?: () => void;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** Commands that have every word typed, those that begin with it first; then a session by id, or a search. */
export function findCommands(commands: readonly Command[], typed: string): Command[] {
  const text = typed.trim().toLowerCase();
  const words = text.split(/\s+/).filter(Boolean);
  const found = commands.filter(({ label, hint }) =>
    words.every((word) => `${label} ${hint}`.toLowerCase().includes(word)),
  );
  found.sort((a, b) => Number(b.label.toLowerCase().startsWith(text)) - Number(a.label.toLowerCase().startsWith(text)));
  const id = UUID.exec(text)?.[0];
  if (id !== undefined) return [{ label: `Session ${id}`, hint: "open", href: `/sessions/${id}` }, ...found];
  if (text === "") return found;
  const query = new URLSearchParams({ q: typed.trim() }).toString();
  return [...found, { label: `Search for “${typed.trim()}”`, hint: "in prompts and completions", href: `/?${query}` }];
}
