import { describe, expect, it } from "vitest";
import { svgToPng } from "../../src/charts/png.ts";
import { element, escaped } from "../../src/charts/svg.ts";

const svg = (text: string) =>
  element("svg", { xmlns: "http://www.w3.org/2000/svg", width: 120, height: 40 }, [
    element("rect", { width: 120, height: 40, fill: "#ffffff" }),
    element("text", { x: 4, y: 24, "font-size": 14, "font-weight": 650 }, [escaped(text)]),
  ]);

describe("svgToPng", () => {
  it("draws at the size that was asked for", async () => {
    const { bytes, width, height } = await svgToPng(svg(""), { scale: 3 });
    expect([width, height]).toEqual([360, 120]);
    expect(Buffer.from(bytes.subarray(0, 8)).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
    const header = new DataView(bytes.buffer, bytes.byteOffset);
    expect([header.getUint32(16), header.getUint32(20)]).toEqual([360, 120]);
  });

  it("names letters that no font has, each once", async () => {
    // Cypro-Minoan: in Unicode since 2021, and in the fonts of hardly any machine.
    const { missing } = await svgToPng(svg("\u{12f90} & \u{12f91} \u{12f90}"));
    expect(missing.filter((letter) => letter !== "&")).toEqual(["\u{12f90}", "\u{12f91}"]);
    expect((await svgToPng(svg(" "))).missing).toEqual([]);
  });
});
