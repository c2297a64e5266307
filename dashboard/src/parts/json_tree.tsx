import { useState } from "preact/hooks";
import type { Json } from "../api/types";
import { cutText } from "../model/json_text";
import { isObject } from "../model/messages";
import { formatCount } from "../model/story";

const FIRST_ITEMS = 50;
const FIRST_CHARACTERS = 2_000;
const BRIEF_CHARACTERS = 60;

interface Tree {
  value: Json;
  label: string;
  /** How many levels are open at first. */
  open?: number;
}

/** JSON as a tree that opens where the reader looks; what is not open is not in the page. */
export function JsonTree({ value, label, open = 2 }: Tree) {
  return (
    <div class="json-tree" role="group" aria-label={label}>
      <Node name={null} value={value} open={open} />
    </div>
  );
}

function Node({ name, value, open }: { name: string | null; value: Json; open: number }) {
  const [isOpen, setIsOpen] = useState(open > 0);
  const entries = entriesOf(value);
  if (entries === null || entries.length === 0) {
    return (
      <div class="leaf">
        <Name name={name} />
        <Leaf value={value} />
      </div>
    );
  }
  return (
    <div class="node">
      <button type="button" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        <span class="turn" aria-hidden="true" />
        <Name name={name} />
        <span class="dim">{isOpen ? sizeOf(value, entries.length) : briefOf(value)}</span>
      </button>
      {isOpen && <Children entries={entries} open={open - 1} />}
    </div>
  );
}

function Children({ entries, open }: { entries: readonly [string, Json][]; open: number }) {
  const [shown, setShown] = useState(FIRST_ITEMS);
  const left = entries.length - shown;
  return (
    <div class="children">
      {entries.slice(0, shown).map(([name, value]) => (
        <Node key={name} name={name} value={value} open={open} />
      ))}
      {left > 0 && (
        <button type="button" class="btn more" onClick={() => setShown(shown + FIRST_ITEMS * 4)}>
          {formatCount(left)} more
        </button>
      )}
    </div>
  );
}

function Name({ name }: { name: string | null }) {
  return name === null ? null : <span class="key">{name}: </span>;
}

function Leaf({ value }: { value: Json }) {
  const [isWhole, setIsWhole] = useState(false);
  if (typeof value !== "string") return <span class="number">{JSON.stringify(value)}</span>;
  const { text, left } = cutText(value, isWhole ? Infinity : FIRST_CHARACTERS);
  return (
    <>
      <span class="text">{text}</span>
      {left > 0 && (
        <button type="button" class="btn more" onClick={() => setIsWhole(true)}>
          {formatCount(left)} more characters
        </button>
      )}
    </>
  );
}

function entriesOf(value: Json): [string, Json][] | null {
  if (Array.isArray(value)) return value.map((item, index) => [String(index), item]);
  return isObject(value) ? Object.entries(value) : null;
}

function sizeOf(value: Json, count: number): string {
  return Array.isArray(value) ? `[${formatCount(count)}]` : `{${formatCount(count)}}`;
}

function briefOf(value: Json): string {
  const { text, left } = cutText(JSON.stringify(value), BRIEF_CHARACTERS);
  return left > 0 ? `${text}…` : text;
}
