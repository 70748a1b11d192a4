import type { Service, ServiceDefinition } from '../../kernel/service.ts';
import { beforeSlash } from '../locality.ts';
import { execute, nfsMethods } from './execute.ts';
import { encodeInode, initialInode } from './inode.ts';
import { nfsOptions } from './options.ts';
import { PostmarkSource } from './postmark.ts';

/**
 * The metadata operations of NFSv3 (RFC 1813), split over objects as the SOSP paper's metadata service is: each directory and each
 * file is an object of its own, and operations on a directory and what is in it work on several.
 *
 * A tree's root is the object of the tree's name and is there from the beginning. A handle is an object's name and a generation; clients choose the
 * names of what they create, `<root>/…`, so that an operation names its objects before it is sent. The service believes none of it: states
 * hold their objects' names, and what an operation names must be what its directory's entry means.
 *
 * There is no file content, no access control, and there are no symbolic links and devices.
 */
export const nfsService: ServiceDefinition = {
  name: 'nfs',
  summary:
    'metadata of an NFSv3-style file service: files and directories as objects, under the metadata load of PostMark',
  options: nfsOptions,
  create(input): Service {
    const options = nfsOptions.parse(input);
    return {
      name: 'nfs',
      methods: nfsMethods,
      initialState: (object) => encodeInode(initialInode(object)),
      execute,
      locality: beforeSlash,
      operations: (object, random) => new PostmarkSource(object, random, options),
    };
  },
};
