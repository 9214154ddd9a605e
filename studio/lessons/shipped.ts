import numbers from "./numbers.json" with { type: "json" };

/** Numbers of tiny models that jumok trained, for where no loaded model has the part. */
export const SHIPPED = numbers;
