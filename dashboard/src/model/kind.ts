/** Event kinds: their glyph, their word and the colour they share. */

export const KIND_CLASSES = ["llm", "tool", "action", "error", "agent"] as const;
export type KindClass = (typeof KIND_CLASSES)[number];

const GLYPHS: Record<KindClass, string> = { llm: "L", tool: "T", action: "A", error: "!", agent: "◆" };
const WORDS: Record<string, string> = {
  llm: "LLM call",
  tool: "Tool call",
  action: "Action",
  error: "Error",
  agent: "Agent",
};

/** The look of a kind; what a sender named itself looks like an action, and containers of work look like an agent. */
export function kindClass(kind: string): KindClass {
  if (kind === "llm" || kind === "tool" || kind === "error" || kind === "agent") return kind;
  return kind === "chain" || kind === "workflow" || kind === "session" ? "agent" : "action";
}

export function kindGlyph(kind: string): string {
  return GLYPHS[kindClass(kind)];
}

export function kindWord(kind: string): string {
  return WORDS[kind] ?? kind;
}
