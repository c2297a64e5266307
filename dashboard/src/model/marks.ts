/** Where the words of a search are in a text. */

/** The beginning and the end of each place, from the first one on; in any letter case. */
export function findWords(text: string, search: string): [number, number][] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const hay = text.toLowerCase();
  // A few letters change their length with their case; where they do, places would be beside the words.
  if (hay.length !== text.length) return [];
  const places = words.flatMap((word) => {
    const found: [number, number][] = [];
    for (let at = hay.indexOf(word); at !== -1; at = hay.indexOf(word, at + word.length))
      found.push([at, at + word.length]);
    return found;
  });
  return places.sort(([one], [other]) => one - other);
}
