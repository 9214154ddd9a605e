import type { Random } from "../random/random.ts";

/**
 * A text with a typing slip, as training sees it so that it reads through those of people: a blank left out or moved,
 * a character left out, doubled or exchanged with its neighbour, a word left out, or the last mark left out.
 */
export function withSlip(text: string, random: Random): string {
  const characters = [...text];
  const at = random.integer(characters.length);
  switch (random.integer(6)) {
    case 0: {
      const blanks = characters.flatMap((character, i) => (character === " " ? [i] : []));
      return blanks.length === 0 ? text : without(characters, blanks[random.integer(blanks.length)]);
    }
    case 1:
      return characters.length < 3 ? text : without(characters, at);
    case 2:
      return [...characters.slice(0, at + 1), ...characters.slice(at)].join("");
    case 3: {
      if (at + 1 >= characters.length) return text;
      const [a, b] = [characters[at], characters[at + 1]];
      return [...characters.slice(0, at), b, a, ...characters.slice(at + 2)].join("");
    }
    case 4: {
      const words = text.split(" ");
      return words.length < 3 ? text : without(words, random.integer(words.length), " ");
    }
    default:
      return text.replace(/[\p{P}ㅠㅋㅎ~]+$/u, "") || text;
  }
}

function without(parts: readonly string[], index: number, joint = ""): string {
  return [...parts.slice(0, index), ...parts.slice(index + 1)].join(joint);
}
