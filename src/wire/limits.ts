/** Bounds that every node enforces on what comes from outside. */
export const Limit = {
  /** One message, header not counted. */
  messageBytes: 4 * 1024 * 1024,
  objectNameLength: 255,
  /** Objects that an operation works on beside its first. */
  otherObjects: 7,
  methodNameLength: 63,
  argumentBytes: 1024 * 1024,
  resultBytes: 1024 * 1024,
} as const;
