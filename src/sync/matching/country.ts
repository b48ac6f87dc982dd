/** Languages whose names of countries are understood, beside two-letter codes. */
const LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pt"];
const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

let names: Map<string, string> | undefined;

/** `Germany`, `Deutschland` and `de` → `DE`; a name nobody knows stays itself, in one spelling. Null for none. */
export function countryOf(text: string | null | undefined): string | null {
  const word = text?.normalize("NFKC").trim().toLowerCase();
  if (!word) return null;
  names ??= namesOfCountries();
  return names.get(word) ?? word.toUpperCase();
}

function namesOfCountries(): Map<string, string> {
  const found = new Map<string, string>();
  for (const language of LANGUAGES) {
    const inWords = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
    for (const first of LETTERS) {
      for (const second of LETTERS) {
        const name = inWords.of(first + second);
        if (name) found.set(name.toLowerCase(), first + second);
      }
    }
  }
  return found.set("uk", "GB").set("usa", "US");
}
