import { readChange, readGeneration } from './arguments.ts';
import { modified } from './attributes.ts';
import { checkDirectory, checkNoEntry, checkSameTree, checkUsed, quoted } from './checks.ts';
import { withEntry } from './entries.ts';
import { linkCount } from './links.ts';
import { method } from './method.ts';
import { attributesBody } from './queries.ts';
import { Refusal } from './refusal.ts';

/** A further name of a file. */
export const link = method({
  kind: 'update',
  takes: "a generation, a time, a name and the file's generation",
  others: { least: 1, most: 1 },
  read: (fields) => ({ ...readChange(fields), fileGeneration: readGeneration(fields) }),
  run({ generation, time, name, fileGeneration }, inode, [other = inode]) {
    const directory = checkDirectory(inode, generation);
    checkNoEntry(directory, name);
    checkSameTree(directory, other);
    const file = checkUsed(other, fileGeneration);
    if (file.type === 'directory') {
      throw new Refusal('NFS3ERR_INVAL', `object ${quoted(file.object)} is a directory, which has one name`);
    }
    const written = {
      ...directory,
      attributes: modified(directory.attributes, time),
      entries: withEntry(directory.entries, name, file),
    };
    const linked = { ...file, attributes: { ...file.attributes, nlink: linkCount(file, 1), ctime: time } };
    return { written: [written, linked], body: attributesBody(linked) };
  },
});
