/** A fenced block of a document: commands line by line, or a file that its reader is to make. */
export interface Block {
  file: string | null;
  lines: string[];
}

/** ```` ```sh ```` blocks, and blocks whose fence names a file, e.g. ```` ```json policy.json ````, in their order. */
export function blocksOf(document: string): Block[] {
  const fences = document.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)\n```$/gm);
  return [...fences].flatMap(([, language, file = null, content = ""]) => {
    return language === "sh" || file !== null ? [{ file, lines: content.split("\n") }] : [];
  });
}

/** A command line in words; double quotes keep blanks. */
export function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}
