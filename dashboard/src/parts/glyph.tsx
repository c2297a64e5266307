import { kindClass, kindGlyph, kindWord } from "../model/kind";

/** The letter of an event kind. */
export function Glyph({ kind }: { kind: string }) {
  return (
    <span class={`glyph ${kindClass(kind)}`} role="img" aria-label={kindWord(kind)} title={kindWord(kind)}>
      {kindGlyph(kind)}
    </span>
  );
}
