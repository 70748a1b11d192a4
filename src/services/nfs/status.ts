/** How an operation ended: the numbers and names of RFC 1813, §2.6, as far as this service has use for them. */
export const NfsStatus = {
  NFS3_OK: 0,
  NFS3ERR_NOENT: 2,
  NFS3ERR_EXIST: 17,
  /** The objects belong to different trees. */
  NFS3ERR_XDEV: 18,
  NFS3ERR_NOTDIR: 20,
  NFS3ERR_ISDIR: 21,
  /** A malformed argument, a wrong number of objects, or a name that no entry can have. */
  NFS3ERR_INVAL: 22,
  /** The directory would grow too large. */
  NFS3ERR_NOSPC: 28,
  NFS3ERR_MLINK: 31,
  NFS3ERR_NAMETOOLONG: 63,
  NFS3ERR_NOTEMPTY: 66,
  /** The object that the handle means has been removed. */
  NFS3ERR_STALE: 70,
  /** An object that never existed where one must, or one in use where a free one must be named. */
  NFS3ERR_BADHANDLE: 10_001,
  /** No such method, or a case of one that this service does not offer. */
  NFS3ERR_NOTSUPP: 10_004,
  /** The state is none of this service. */
  NFS3ERR_SERVERFAULT: 10_006,
  /**
   * Not in the RFC: a directory's entry means another object than the operation names. Clients name the objects of an operation before they
   * send it, so they may go by an entry that has changed; the result tells the handle that the entry has now.
   */
  ENTRY_CHANGED: 20_001,
} as const;

export type StatusName = keyof typeof NfsStatus;
export type NfsStatus = (typeof NfsStatus)[StatusName];

const known: ReadonlySet<number> = new Set(Object.values(NfsStatus));

export function isNfsStatus(number: number): number is NfsStatus {
  return known.has(number);
}
