import { expect } from "vitest";

/** An element of a drawing; `text` is what stands in it directly. */
export interface Drawn {
  name: string;
  attributes: Record<string, string>;
  children: Drawn[];
  text: string;
}

const ENTITIES: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"' };

/** Reads the XML that we write, and fails at anything else. */
export function parsed(svg: string): Drawn {
  const document: Drawn = { name: "", attributes: {}, children: [], text: "" };
  const open = [document];
  const unescaped = (text: string) => {
    expect(text).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot);)/);
    return text.replace(/&\w+;/g, (entity) => ENTITIES[entity]!);
  };
  for (const [token] of svg.matchAll(/<[^>]*>|[^<]+/g)) {
    const inside = open.at(-1)!;
    const tag = /^<(?<close>\/?)(?<name>[a-z]+)(?<attributes>( [\w:-]+="[^"<>]*")*)(?<empty>\/?)>$/.exec(token)?.groups;
    if (tag === undefined) inside.text += unescaped(token);
    else if (tag.close) expect(open.pop()!.name).toBe(tag.name);
    else {
      const pairs = [...tag.attributes!.matchAll(/ ([\w:-]+)="([^"]*)"/g)];
      expect(new Set(pairs.map(([, key]) => key)).size).toBe(pairs.length);
      const attributes = Object.fromEntries(pairs.map(([, key, value]) => [key, unescaped(value!)]));
      const drawn: Drawn = { name: tag.name!, attributes, children: [], text: "" };
      inside.children.push(drawn);
      if (!tag.empty) open.push(drawn);
    }
  }
  expect(open).toEqual([document]);
  expect(document.children.map(({ name }) => name)).toEqual(["svg"]);
  return document.children[0]!;
}

export function all(drawn: Drawn, name: string): Drawn[] {
  return drawn.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}
