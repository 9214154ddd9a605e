import { useEffect, useState } from "react";
import type { Cell } from "../../src/studio/wire.ts";
import { useStudio } from "../app/studio-context.tsx";
import type { CellAddress } from "../backend/backend.ts";

/** How a cell came about; the one before stays until the next is there. */
export function useCell(
  address: CellAddress | undefined,
): { readonly of: CellAddress; readonly cell: Cell } | undefined {
  const { backend } = useStudio();
  const [loaded, setLoaded] = useState<{ of: CellAddress; cell: Cell }>();
  const key = address && JSON.stringify(address);
  useEffect(() => {
    if (key === undefined) return;
    const of = JSON.parse(key) as CellAddress;
    const life = new AbortController();
    backend.cell(of, life.signal).then(
      (cell) => setLoaded({ of, cell }),
      () => {
        if (!life.signal.aborted) setLoaded(undefined);
      },
    );
    return () => life.abort();
  }, [backend, key]);
  return loaded;
}
