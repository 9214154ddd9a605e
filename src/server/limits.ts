/** What a server takes on at most. */
export interface Limits {
  /** Bytes of a request's body. */
  readonly body: number;
  /** UTF-16 units of a text. */
  readonly text: number;
  /** Texts of one request. */
  readonly texts: number;
  /** Beams, or samples, of a text. */
  readonly beams: number;
  /** Attention weights in one answer. */
  readonly weights: number;
  /** Bytes of attention that are kept for the page, of all answers together. */
  readonly exhibits: number;
  /** Texts that wait for a worker. */
  readonly queue: number;
  /** Rows that run together; a text has one for each beam or sample. A text with more runs alone. */
  readonly rows: number;
  /** Seconds from a request to the end of its answer. */
  readonly seconds: number;
  /** Seconds that a client may take to send a request. */
  readonly receiveSeconds: number;
  /** Open connections. */
  readonly connections: number;
}

/** The limits where none are given. */
export const USUAL_LIMITS: Limits = {
  body: 2 ** 20,
  text: 10_000,
  texts: 64,
  beams: 16,
  weights: 1_000_000,
  exhibits: 2 ** 26,
  queue: 512,
  rows: 64,
  seconds: 30,
  receiveSeconds: 15,
  connections: 2000,
};
