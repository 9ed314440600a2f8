/*
 * What can go wrong, in the words the page has a message for:
 * `expired` `missing` `busy` `offline` `network` `media` `unsupported`.
 */
export class Failure extends Error {
  constructor(kind, { transient = false, retryAfterMs } = {}) {
    super(kind);
    this.name = "Failure";
    this.kind = kind;
    this.transient = transient;
    this.retryAfterMs = retryAfterMs;
  }
}
