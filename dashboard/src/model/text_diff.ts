/** Two texts line by line: what both have, and what only one has. */

export interface DiffLine {
  /** Null where the other text has a line that this one has not. */
  left: string | null;
  right: string | null;
}

/** More lines than these are not aligned: the table grows with the product of both. */
const MOST_LINES = 600;

/** Lines that stand at the same place in the longest common sequence are beside each other; changed ones pair up. */
export function diffLines(left: string, right: string): DiffLine[] {
  const [a, b] = [left.split("\n"), right.split("\n")];
  const head = countSame(a, b, (index) => [index, index]);
  const tail = countSame(a.slice(head), b.slice(head), (index, x, y) => [x - 1 - index, y - 1 - index]);
  const [x, y] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  const middle = Math.max(x.length, y.length) > MOST_LINES ? pairUp(x, y) : align(x, y);
  return [
    ...a.slice(0, head).map((line) => ({ left: line, right: line })),
    ...middle,
    ...a.slice(a.length - tail).map((line) => ({ left: line, right: line })),
  ];
}

/** What lies between two differences, but for some lines around each, as one number: how many lines are left out. */
export function foldSame(lines: readonly DiffLine[], around = 2): (DiffLine | number)[] {
  const isNear = lines.map((_, index) =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(({ left, right }) => left !== right),
  );
  const folded: (DiffLine | number)[] = [];
  for (const [index, line] of lines.entries()) {
    const last = folded.at(-1);
    if (isNear[index] === true) folded.push(line);
    else if (typeof last === "number") folded[folded.length - 1] = last + 1;
    else folded.push(1);
  }
  return folded;
}

function countSame(
  a: readonly string[],
  b: readonly string[],
  places: (index: number, left: number, right: number) => [number, number],
): number {
  let count = 0;
  while (count < Math.min(a.length, b.length)) {
    const [i, j] = places(count, a.length, b.length);
    if (a[i] !== b[j]) break;
    count += 1;
  }
  return count;
}

function align(a: readonly string[], b: readonly string[]): DiffLine[] {
  const width = b.length + 1;
  const best = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => best[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      best[i * width + j] = a[i] === b[j] ? 1 + at(i + 1, j + 1) : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  let [gone, come]: [string[], string[]] = [[], []];
  const flush = () => {
    lines.push(...pairUp(gone, come));
    [gone, come] = [[], []];
  };
  while (i < a.length || j < b.length) {
    const [one, other] = [a[i], b[j]];
    if (one !== undefined && one === other) {
      flush();
      lines.push({ left: one, right: one });
      i += 1;
      j += 1;
    } else if (one !== undefined && (other === undefined || at(i + 1, j) >= at(i, j + 1))) {
      gone.push(one);
      i += 1;
    } else {
      come.push(other ?? "");
      j += 1;
    }
  }
  flush();
  return lines;
}

function pairUp(a: readonly string[], b: readonly string[]): DiffLine[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => ({
    left: a[index] ?? null,
    right: b[index] ?? null,
  }));
}
