// The last test: the log of the whole run, read from its first line to its last.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "../../fixtures";
import { PASSWORD } from "../../walk";

/** IIN's control digit, first and second pass. */
function isIin(digits: string): boolean {
  const d = [...digits].map(Number);
  const sum = (weight: (i: number) => number) => d.slice(0, 11).reduce((all, digit, i) => all + digit * weight(i), 0) % 11;
  const first = sum((i) => i + 1);
  return (first === 10 ? sum((i) => ((i + 2) % 11) + 1) : first) === d[11];
}

test("t35: the log of the run names nobody and tells no secret @demo", async ({ demo }) => {
  const text = readFileSync(join(process.env.CABINET_END2END_DATA!, "log.txt"), "utf8");
  const lines = text.split("\n").filter((line) => line !== "");
  const found = (what: RegExp | string) => lines.filter((line) => (typeof what === "string" ? line.includes(what) : what.test(line)));

  // It is the log of this run, down to each request.
  expect(lines.length).toBeGreaterThan(50);
  for (const route of ["/api/accounts/sign_in", "/api/drafts/save", "/api/applications/freeze", "/api/signing/eds"]) {
    expect(found(route).length, route).toBeGreaterThan(0);
  }
  // One event, one line: nothing that came from outside broke one.
  expect(found(/^(?!\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z +(TRACE|DEBUG|INFO|WARN|ERROR) )/)).toEqual([]);

  // Times and ids of requests aside, which are digits and letters too.
  const told = lines.map((line) => line.replace(/^\S+/, "").replace(/\bid=[\w-]{22}/g, ""));
  const people: { iin: string }[] = await demo.get("control/people");
  for (const { iin } of people) expect(told.filter((line) => line.includes(iin)), iin).toEqual([]);
  const runs = told.flatMap((line) => line.match(/(?<!\d)\d{12}(?!\d)/g) ?? []);
  expect(runs.filter(isIin), "no IIN of anybody").toEqual([]);
  const shapes = {
    "telephone number": /(?<!\d)(\+?7|8)[ (-]*7\d{2}[ )-]*\d{3}[ -]*\d{2}[ -]*\d{2}(?!\d)/,
    "e-mail address": /[^\s@]+@[^\s@]+\.[a-z]/i,
    // A word of its own: builds and versions have digits within.
    "code of six digits": /(?<![\w.])\d{6}(?!\w)/,
    "name or address, which are Cyrillic": /\p{Script=Cyrillic}/u,
    "query of an address": /\?[a-z_]+=/i,
  };
  for (const [name, shape] of Object.entries(shapes)) {
    expect(told.filter((line) => shape.test(line)), name).toEqual([]);
  }
  expect(found(PASSWORD), "the password").toEqual([]);
  expect(found("Qwerty12"), "the keys' password").toEqual([]);
});
