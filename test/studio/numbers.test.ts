import { expect, it } from "vitest";
import { grouped, percent, signed, wholePercent } from "../../studio/drawing/numbers.ts";

it.each([
  [0.834, "83%"],
  [0.0996, "10%"],
  [0.0412, "4.1%"],
  [0.02, "2%"],
  [0.0004, "<0.1%"],
  [0, "0%"],
  [1, "100%"],
])("%d is %s", (share, text) => {
  expect(percent(share)).toBe(text);
});

it("rounds to whole percent", () => {
  expect(wholePercent(0.786)).toBe("79%");
});

it("writes a minus sign, but not before zero", () => {
  expect([signed(-0.194), signed(-0.001), signed(3.667), signed(14.6712, 1)]).toEqual([
    "−0.19",
    "0.00",
    "3.67",
    "14.7",
  ]);
});

it("groups thousands", () => {
  expect(grouped(8_912_384)).toBe("8,912,384");
});
