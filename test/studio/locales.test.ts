import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL("../../studio/locales/", import.meta.url));
const views = readdirSync(`${folder}ko`);

/** All texts of a file by their paths. */
function textsOf(language: string, view: string): Map<string, string> {
  const texts = new Map<string, string>();
  const walk = (value: unknown, path: string) => {
    if (typeof value === "string") texts.set(path, value);
    else for (const [key, inner] of Object.entries(value as object)) walk(inner, path ? `${path}.${key}` : key);
  };
  walk(JSON.parse(readFileSync(`${folder}${language}/${view}`, "utf8")), "");
  return texts;
}

/** What is put into a text: numbers and words, and parts that are drawn. */
function slotsOf(text: string): string[] {
  return [...text.matchAll(/\{\{\w+\}\}|<(?!nowrap)\w+\s*\/?>/g)].map(([slot]) => slot).sort();
}

describe.each(views)("%s", (view) => {
  const [ko, en] = [textsOf("ko", view), textsOf("en", view)];

  it("says the same things in both languages", () => {
    expect([...ko.keys()].sort()).toEqual([...en.keys()].sort());
  });

  it("puts the same into both", () => {
    for (const [path, text] of ko) expect([path, slotsOf(text)]).toEqual([path, slotsOf(en.get(path)!)]);
  });

  it("never has a particle that changes with the word it follows", () => {
    const changing = /(\}\}|\/>)[’'”"]?(을|를|이|가|은|는|과|와|으로|로|이며|며)(?![가-힣])/;
    // After a figure in percent it is 를, as 퍼센트 ends in a vowel.
    const wrong = [...ko].filter(([, text]) => changing.test(text.replace(/<share2?\/>를|\{\{(share|p)\}\}를/g, "")));
    expect(wrong).toEqual([]);
  });
});
