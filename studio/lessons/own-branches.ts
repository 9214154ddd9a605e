import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BeamNode, DoneEvent } from "../../src/studio/wire.ts";
import { useStudio } from "../app/studio-context.tsx";
import type { Branch, Searched, Way } from "./branching.ts";
import { shownText, useMine } from "./own-numbers.ts";
import { useShownWord } from "./shown-word.ts";

/** A search of the loaded model. */
interface OwnSearch {
  readonly nodes: readonly BeamNode[];
  readonly done: DoneEvent;
}

/** The searches of the loaded model for its example, greedy and of this width, where that is chosen. */
export function useOwnBranches(beam: number) {
  const { t } = useTranslation("lessons");
  const { backend } = useStudio();
  const shownWord = useShownWord();
  const { model, own } = useMine(({ task }) => task !== "classify");
  const [searches, setSearches] = useState<{ greedy: OwnSearch; wide: OwnSearch }>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    setSearches(undefined);
    setFailed(false);
    if (!model) return;
    const control = new AbortController();
    const search = async (width: number): Promise<OwnSearch> => {
      const nodes: BeamNode[] = [];
      let done: DoneEvent | undefined;
      for await (const event of backend.generate({ src: shownText(model), beam: width }, control.signal)) {
        if (event.type === "beam") nodes.push(...event.nodes);
        if (event.type === "done") done = event;
      }
      if (!done) throw new Error("the answer broke off");
      return { nodes, done };
    };
    const both = async () => {
      const greedy = await search(1);
      setSearches({ greedy, wide: beam === 1 ? greedy : await search(beam) });
    };
    both().catch(() => {
      if (!control.signal.aborted) setFailed(true);
    });
    return () => control.abort();
  }, [backend, model, beam]);
  const tree = searches && grown(searches.wide, shownWord);
  return {
    own,
    branches: tree?.branches,
    found: tree?.found,
    greedy: searches ? grown(searches.greedy, shownWord).found.ways : [],
    source: t(failed ? "source.failed" : searches ? "source.search" : "source.tiny"),
  };
}

/** A search as branches and ways, in the form of the tiny model's. */
function grown({ nodes, done }: OwnSearch, shownWord: (node: { t: string; sp?: BeamNode["sp"] }) => string) {
  const at = new Map(nodes.map(({ n }, i) => [n, i]));
  const branches = nodes.map((node): Branch => [at.get(node.up) ?? -1, shownWord(node), node.p]);
  const wayTo = (node: number): Way["branches"] => {
    const way: number[] = [];
    for (let i = at.get(node); i !== undefined; i = at.get(nodes[i].up)) way.unshift(i);
    return way.filter((i) => nodes[i].sp !== "eos");
  };
  const ways = done.nbest.map(({ node, logp }) => ({ branches: wayTo(node), p: Math.exp(logp) }));
  const followed = new Set(ways.flatMap((way) => way.branches));
  const cut = nodes.flatMap(({ kept, sp }, i) => (kept || sp === "eos" || followed.has(i) ? [] : [i]));
  const found: Searched = { ways, cut };
  return { branches, found };
}
