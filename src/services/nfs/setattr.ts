import { readGeneration, readTime } from './arguments.ts';
import { readChanges } from './attributes.ts';
import { checkUsed } from './checks.ts';
import { method } from './method.ts';
import { attributesBody } from './queries.ts';
import { Refusal } from './refusal.ts';

export const setattr = method({
  kind: 'update',
  takes: 'a generation, a time, and the attributes to set',
  others: { least: 0, most: 0 },
  read: (fields) => ({ generation: readGeneration(fields), time: readTime(fields), changes: readChanges(fields) }),
  run({ generation, time, changes }, inode) {
    const used = checkUsed(inode, generation);
    if (used.type === 'directory' && changes.size !== undefined) {
      throw new Refusal('NFS3ERR_ISDIR', 'the size of a directory cannot be set');
    }
    const written = { ...used, attributes: { ...used.attributes, ...changes, ctime: time } };
    return { written: [written], body: attributesBody(written) };
  },
});
