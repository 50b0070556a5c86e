// The words of the screen, read from the files the page is built from: `texts("kk")("sign_in_title")`.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export type Lang = "kk" | "ru" | "en";

const cache = new Map<Lang, Map<string, string>>();

function vocabulary(lang: Lang): Map<string, string> {
  let known = cache.get(lang);
  if (!known) {
    const path = fileURLToPath(new URL(`../src/texts/screen/${lang}.txt`, import.meta.url));
    known = new Map(
      readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line.includes("=") && !line.startsWith("#"))
        .map((line) => [line.slice(0, line.indexOf("=")).trim(), line.slice(line.indexOf("=") + 1).trim()]),
    );
    cache.set(lang, known);
  }
  return known;
}

export function texts(lang: Lang) {
  return (key: string, values: Record<string, string> = {}): string => {
    const text = vocabulary(lang).get(key);
    if (text === undefined) throw new Error(`no screen text ${key} in ${lang}`);
    return text.replace(/\{([a-z0-9_]+)\}/g, (place, name) => values[name] ?? place);
  };
}
