import type { Money } from "./model.ts";

/**
 * Minor units by ISO 4217 where they are not 2. An own table, because `Intl` answers by CLDR (0 for HUF, say), which
 * differs from ISO and between runtimes: two workers must not disagree about what counts as a change.
 */
const MINOR_UNITS: Record<string, number> = {
  ...Object.fromEntries(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ").map((c) => [c, 0]),
  ),
  ...Object.fromEntries("BHD IQD JOD KWD LYD OMR TND".split(" ").map((c) => [c, 3])),
  CLF: 4,
  UYW: 4,
};

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i;

/**
 * A number or numeric text as plain decimal text without exponent, leading or trailing zeros: 1e21, " 5.40", -0 become
 * "1000000000000000000000", "5.4", "0".
 *
 * @returns null when it is no finite decimal number
 */
export function plainDecimal(input: unknown): string | null {
  if (typeof input !== "number" && typeof input !== "string" && typeof input !== "bigint") return null;
  const match = DECIMAL.exec(String(input).trim());
  if (!match) return null;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  if (whole + fraction === "") return null;
  return compose(sign === "-", whole + fraction, whole.length + Number(exponent));
}

/** Digits with the point after `point` of them (it may lie outside), brought into the shortest plain form. */
function compose(negative: boolean, digits: string, point: number): string {
  const padded = point <= 0 ? "0".repeat(1 - point) + digits : digits.padEnd(point, "0");
  const at = Math.max(point, 1);
  const whole = padded.slice(0, at).replace(/^0+(?=\d)/, "");
  const fraction = padded.slice(at).replace(/0+$/, "");
  const text = fraction ? `${whole}.${fraction}` : whole;
  return negative && text !== "0" ? `-${text}` : text;
}

/** Rounds a plain decimal half away from zero, on text: binary floats would make 1.005 fall the wrong way. */
function round(decimal: string, places: number): string {
  const negative = decimal.startsWith("-");
  const [whole = "0", fraction = ""] = decimal.replace("-", "").split(".");
  if (fraction.length <= places) return decimal;
  const kept = BigInt(whole + fraction.slice(0, places)) + (fraction.charAt(places) >= "5" ? 1n : 0n);
  const digits = kept.toString().padStart(places + 1, "0");
  return compose(negative, digits, digits.length - places);
}

/**
 * Money as both sides would book it: the amount rounded to the currency's minor unit, the currency in capitals, so that
 * "5.40" EUR, 5.4 eur and 5.404 EUR are the same, and 5.4 JPY is 5 JPY.
 *
 * @param money what a side answered; its parts may be of any type
 * @returns null when there is no amount; an amount that is no number stays as its trimmed text
 */
export function canonicalMoney(money: { amount?: unknown; currency?: unknown }): Money | null {
  const { amount, currency } = money;
  if (amount === null || amount === undefined || amount === "") return null;
  const code = typeof currency === "string" ? currency.trim().toUpperCase() : "";
  const decimal = plainDecimal(amount);
  if (decimal !== null) return { amount: round(decimal, MINOR_UNITS[code] ?? 2), currency: code };
  const text = typeof amount === "string" ? amount.trim() : "";
  return text === "" ? null : { amount: text, currency: code };
}
