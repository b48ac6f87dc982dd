/*
 * The pairing of options in one cell: `active = Active; inactive = Inactive`. A backslash takes the next character for
 * what it is, so that every label can be written.
 */

export function toOptionsCell(options: Record<string, string>): string {
  return Object.entries(options)
    .map(([key, label]) => `${escaped(key)} = ${escaped(label)}`)
    .join("; ");
}

/** @returns the pairs, or the number of the first part that is none, from 1 */
export function fromOptionsCell(cell: string): Record<string, string> | number {
  const pairs: [string, string][] = [];
  for (const [index, part] of splitAt(toSigns(cell), /[;\n]/, Number.POSITIVE_INFINITY).entries()) {
    if (toText(part) === "") continue; // a separator at the end
    const [key, label] = splitAt(part, /=/, 2);
    if (!key || !label) return index + 1;
    pairs.push([toText(key), toText(label)]);
  }
  return Object.fromEntries(pairs);
}

/** Outer spaces count when they are escaped. */
function escaped(text: string): string {
  return [...text]
    .map((sign, index, { length }) => {
      if (sign === "\n") return "\\n";
      const isOuterSpace = sign.trim() === "" && (index === 0 || index === length - 1);
      return isOuterSpace || ["\\", ";", "="].includes(sign) ? `\\${sign}` : sign;
    })
    .join("");
}

interface Sign {
  sign: string;
  /** Stands for itself, whatever it is. */
  escaped: boolean;
}

function toSigns(text: string): Sign[] {
  const signs: Sign[] = [];
  for (let i = 0; i < text.length; i++) {
    const escaped = text[i] === "\\" && i + 1 < text.length;
    const sign = escaped ? (text[++i] as string) : (text[i] as string);
    signs.push({ sign: escaped && sign === "n" ? "\n" : sign, escaped });
  }
  return signs;
}

function splitAt(signs: readonly Sign[], separator: RegExp, most: number): Sign[][] {
  const parts: Sign[][] = [[]];
  for (const one of signs) {
    if (!one.escaped && separator.test(one.sign) && parts.length < most) parts.push([]);
    else parts.at(-1)?.push(one);
  }
  return parts;
}

/** Without outer spaces, but those that were escaped. */
function toText(signs: readonly Sign[]): string {
  const counts = ({ sign, escaped }: Sign) => escaped || sign.trim() !== "";
  const first = signs.findIndex(counts);
  if (first < 0) return "";
  return signs
    .slice(first, signs.findLastIndex(counts) + 1)
    .map(({ sign }) => sign)
    .join("");
}
