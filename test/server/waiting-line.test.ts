import { describe, expect, it } from "vitest";
import { type Waiting, WaitingLine } from "../../src/server/waiting-line.ts";

const ALL = { texts: 100, rows: 100 };

function lineOf(...items: string[]): WaitingLine<Waiting & { name: string }> {
  const line = new WaitingLine<Waiting & { name: string }>();
  line.add(
    items.map((item) => {
      const [name, key, rows = "1"] = item.split(" ");
      return { name, key: key === "-" ? undefined : key, rows: Number(rows) };
    }),
  );
  return line;
}

const names = (items: { name: string }[]) => items.map(({ name }) => name).join("");

describe("a waiting line", () => {
  it("gives the first and all that can share its batch, in order", () => {
    const line = lineOf("a x", "b y", "c x", "d y", "e x");
    expect(names(line.takeBatch(ALL))).toBe("ace");
    expect(names(line.takeBatch(ALL))).toBe("bd");
    expect(names(line.takeBatch(ALL))).toBe("");
  });

  it("gives what has no key alone", () => {
    const line = lineOf("a -", "b -", "c x", "d x");
    expect([1, 2, 3].map(() => names(line.takeBatch(ALL)))).toEqual(["a", "b", "cd"]);
  });

  it("gives as many rows as there may be, and texts", () => {
    expect(names(lineOf("a x 3", "b x 3", "c x 2", "d x 1").takeBatch({ texts: 9, rows: 6 }))).toBe("ab");
    expect(names(lineOf("a x 3", "b x 4", "c x 2", "d x 1").takeBatch({ texts: 9, rows: 6 }))).toBe("acd");
    expect(names(lineOf("a x", "b x", "c x").takeBatch({ texts: 2, rows: 6 }))).toBe("ab");
  });

  it("gives a text that has more rows than there may be, alone", () => {
    const line = lineOf("a x 9", "b x 1");
    expect([1, 2].map(() => names(line.takeBatch({ texts: 9, rows: 6 })))).toEqual(["a", "b"]);
  });

  it("forgets what is taken out", () => {
    const line = lineOf("a x", "b x", "c x");
    const [a] = line.takeBatch({ texts: 1, rows: 1 });
    expect(line.remove(a)).toBe(false);
    expect(line.length).toBe(2);
  });
});
