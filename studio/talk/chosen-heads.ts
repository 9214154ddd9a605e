import { useEffect, useMemo, useState } from "react";
import type { Kind, ModelCard, TokEvent } from "../../src/studio/wire.ts";
import type { Address } from "../app/address.ts";
import { type AttentionPacket, decodePacket, headWeights } from "../attention/packet.ts";
import type { Backend } from "../backend/backend.ts";

/** A head by its layer; both from 0. */
export interface HeadPlace {
  readonly layer: number;
  readonly head: number;
}

export function sameHead(a: HeadPlace, b: HeadPlace): boolean {
  return a.layer === b.layer && a.head === b.head;
}

/** The heads that an answer comes with the mean of: those of the last layer. */
export function chosenByDefault({ header }: AttentionPacket): HeadPlace[] {
  return Array.from({ length: header.heads }, (_, head) => ({ layer: header.layers - 1, head }));
}

/** How the Attention view is told of the heads that are looked through: one, all of a layer, or some. */
export function headsAsAddress(packet: AttentionPacket, chosen: readonly HeadPlace[]): Partial<Address> {
  const [first, ...others] = chosen;
  if (others.length === 0) return { ...first, others: undefined, aggregate: "one" };
  const whole = chosen.length === packet.header.heads && others.every(({ layer }) => layer === first.layer);
  if (whole) return { layer: first.layer, head: undefined, others: undefined, aggregate: "mean" };
  return { ...first, others, aggregate: "mean" };
}

/** Which attention leads from an answer to its source; nothing where a model has no heads to choose from. */
export function headsKindOf({ kinds, heads }: ModelCard): Kind | undefined {
  return heads > 1 && kinds.includes("cross") ? "cross" : undefined;
}

/** The mean of some heads at a token. */
export function meanAt(
  packet: AttentionPacket,
  chosen: readonly HeadPlace[],
): (token: TokEvent) => number[] | undefined {
  const { rows, cols } = packet.header;
  const heads = chosen.map(({ layer, head }) => headWeights(packet, layer, head));
  return ({ i }) =>
    i >= rows
      ? undefined
      : Array.from(
          { length: cols },
          (_, col) => heads.reduce((sum, head) => sum + head[i * cols + col], 0) / heads.length,
        );
}

interface Heads {
  readonly packet?: AttentionPacket;
  readonly chosen: readonly HeadPlace[];
  readonly choose: (heads: readonly HeadPlace[]) => void;
}

/** The heads of an answer, once they have come, and those that are looked through. */
export function useHeads(backend: Backend, att: string | undefined, kind: Kind | undefined): Heads {
  const [held, setHeld] = useState<{ att: string; packet: AttentionPacket }>();
  const [chosen, setChosen] = useState<readonly HeadPlace[]>();
  useEffect(() => {
    if (att === undefined || kind === undefined) return;
    const life = new AbortController();
    backend.attention(att, kind, life.signal).then(
      (file) => setHeld({ att, packet: decodePacket(file) }),
      // Without pictures of heads the answer keeps the look it came with.
      () => {},
    );
    return () => life.abort();
  }, [backend, att, kind]);
  const packet = held?.att === att ? held?.packet : undefined;
  return useMemo(
    () => ({ ...(packet && { packet }), chosen: chosen ?? (packet ? chosenByDefault(packet) : []), choose: setChosen }),
    [packet, chosen],
  );
}
