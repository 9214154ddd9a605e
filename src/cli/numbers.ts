import { InvalidArgumentError } from "@commander-js/extra-typings";

/** Reads the value of a flag that counts something. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number from 1.");
  return value;
}

/** Reads the value of a flag that is a seed. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError("It must be a whole number from 0.");
  }
  return value;
}

/** Reads the value of a flag that is a share, a factor or a power. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("It must be a number.");
  return value;
}

/** Reads the value of a flag that is a time. */
export function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value))
    throw new InvalidArgumentError("It must be a number of seconds above 0.");
  return value;
}

/** `1,234` */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** `12.3 %` */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** `1:05` or `2:03:09` */
export function clock(secondsLeft: number): string {
  if (!Number.isFinite(secondsLeft)) return "–:––";
  const whole = Math.max(0, Math.round(secondsLeft));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
