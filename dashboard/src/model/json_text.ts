/** JSON as coloured text, and long text cut to what a screen can take. */

import type { Json } from "../api/types";

export type TokenKind = "key" | "text" | "number" | "plain";

export interface Token {
  kind: TokenKind;
  text: string;
}

export interface Excerpt {
  text: string;
  /** Characters that were left out. */
  left: number;
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/g;

/** Indented JSON; text stays as it is, because quotes and \n help nobody to read a log. */
export function formatJson(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** Splits JSON text into what is coloured. The tokens' texts make the text again. */
export function tokenizeJson(text: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > end) tokens.push({ kind: "plain", text: text.slice(end, match.index) });
    const [whole, quoted, colon] = match;
    if (quoted === undefined) tokens.push({ kind: "number", text: whole });
    else if (colon === undefined) tokens.push({ kind: "text", text: quoted });
    else tokens.push({ kind: "key", text: quoted }, { kind: "plain", text: colon });
    end = match.index + whole.length;
  }
  if (end < text.length) tokens.push({ kind: "plain", text: text.slice(end) });
  return tokens;
}

/** The first `limit` characters, never half of a surrogate pair. */
export function cutText(text: string, limit: number): Excerpt {
  if (text.length <= limit) return { text, left: 0 };
  const last = text.charCodeAt(limit - 1);
  const end = last >= 0xd800 && last < 0xdc00 ? limit - 1 : limit;
  return { text: text.slice(0, end), left: text.length - end };
}
