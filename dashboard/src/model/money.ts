/** Money is a decimal string and stays one: no float is ever made of it. */

interface Decimal {
  /** The value times 10 ** scale. */
  units: bigint;
  scale: number;
}

const PATTERN = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/;

/** Decodes a decimal string; null for anything that is not one. */
export function decodeDecimal(text: string): Decimal | null {
  const match = PATTERN.exec(text.trim());
  if (match === null) return null;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  if (whole === "" && fraction === "") return null;
  const units = BigInt(whole + fraction) * (sign === "-" ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

/** The exact sum of decimal strings; what is none counts nothing. */
export function addMoney(texts: readonly string[]): string {
  let sum: Decimal = { units: 0n, scale: 0 };
  for (const text of texts) {
    const value = decodeDecimal(text);
    if (value === null) continue;
    const scale = Math.max(sum.scale, value.scale);
    sum = { units: unitsAt(sum, scale) + unitsAt(value, scale), scale };
  }
  return encodeDecimal(sum);
}

/** The exact difference `left - right`. */
export function subtractMoney(left: string, right: string): string {
  return addMoney([left, right.startsWith("-") ? right.slice(1) : `-${right}`]);
}

/** -1, 0 or 1 as in a sort; what is no decimal counts as 0. */
export function compareMoney(left: string, right: string): number {
  const [a, b] = [decodeDecimal(left) ?? ZERO, decodeDecimal(right) ?? ZERO];
  const scale = Math.max(a.scale, b.scale);
  const [x, y] = [unitsAt(a, scale), unitsAt(b, scale)];
  return x === y ? 0 : x < y ? -1 : 1;
}

/** The share of a whole from 0 to 1, for the length of a bar; 0 of nothing. */
export function shareOf(part: string, whole: string): number {
  const [a, b] = [decodeDecimal(part) ?? ZERO, decodeDecimal(whole) ?? ZERO];
  if (b.units <= 0n || a.units <= 0n) return 0;
  const scale = Math.max(a.scale, b.scale);
  return Number((unitsAt(a, scale) * 10_000n) / unitsAt(b, scale)) / 10_000;
}

const ZERO: Decimal = { units: 0n, scale: 0 };

function unitsAt({ units, scale }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

function encodeDecimal({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const sign = units < 0n ? "-" : "";
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

export function isZero(text: string): boolean {
  return decodeDecimal(text)?.units === 0n;
}

/**
 * A sum of US dollars for people: four places, two from $100, and two significant digits below $0.0001.
 * A lower bound is rounded down, so that "at least" stays true; anything else half up.
 */
export function formatMoney(text: string, isLowerBound = false): string {
  const value = decodeDecimal(text);
  if (value === null) return text;
  const sign = value.units < 0n ? "-" : "";
  const magnitude = { units: value.units < 0n ? -value.units : value.units, scale: value.scale };
  const places = placesFor(magnitude);
  const digits = round(magnitude, places, isLowerBound)
    .toString()
    .padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${isLowerBound ? "≥ " : ""}${sign}$${whole}.${digits.slice(-places)}`;
}

function placesFor({ units, scale }: Decimal): number {
  if (units === 0n || units >= 100n * 10n ** BigInt(scale)) return 2;
  const leadingZeros = scale - units.toString().length; // after the point; negative from $1
  return leadingZeros >= 4 ? Math.min(leadingZeros + 2, Math.max(scale, 4)) : 4;
}

function round({ units, scale }: Decimal, places: number, isDown: boolean): bigint {
  if (scale <= places) return units * 10n ** BigInt(places - scale);
  const divisor = 10n ** BigInt(scale - places);
  return isDown ? units / divisor : (units + divisor / 2n) / divisor;
}
