// Documents as another program reads them.
import { execFileSync } from "node:child_process";

/** What pdftotext reads, white space made one. */
export function pdfText(pdf: Buffer): string {
  return execFileSync("pdftotext", ["-enc", "UTF-8", "-", "-"], { input: pdf }).toString().replace(/\s+/g, " ");
}
