import { useEffect, useState } from "react";
import type { Cell } from "../../src/studio/wire.ts";
import { useStudio } from "../app/studio-context.tsx";
import type { CellAddress } from "../backend/backend.ts";
import { isGone } from "../backend/backend-error.ts";

/** A cell with how it came about; without where that could not be told. */
interface LoadedCell {
  readonly of: CellAddress;
  readonly cell?: Cell;
}

/** How a cell came about; the one before stays until the next is there. `lost` as of {@link usePacket}. */
export function useCell(address: CellAddress | undefined, lost: () => void): LoadedCell | undefined {
  const { backend, there } = useStudio();
  const [loaded, setLoaded] = useState<LoadedCell>();
  const key = address && JSON.stringify(address);
  useEffect(() => {
    if (key === undefined || !there) return;
    const of = JSON.parse(key) as CellAddress;
    const life = new AbortController();
    backend.cell(of, life.signal).then(
      (cell) => setLoaded({ of, cell }),
      (error) => {
        if (life.signal.aborted) return;
        if (isGone(error)) lost();
        else setLoaded({ of });
      },
    );
    return () => life.abort();
  }, [backend, there, key, lost]);
  return loaded;
}
