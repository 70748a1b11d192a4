import type { MethodKind, Operation } from '../../kernel/operation.ts';
import type { OperationSource } from '../../kernel/service.ts';
import { FreeObjects } from './free-objects.ts';
import { type Handle, ROOT_GENERATION } from './handle.ts';
import { KnownFiles } from './known-files.ts';
import { NAMES_PER_FILE, type NfsOptions } from './options.ts';
import { create, getattr, lookup, remove, rename, setattr } from './requests.ts';
import { decodeNfsResult, type NfsResult } from './result.ts';
import { NfsStatus } from './status.ts';

const FILE = { mode: 0o644, uid: 0, gid: 0 };
const DIRECTORY = { mode: 0o755, uid: 0, gid: 0 };
/** Bytes that one append adds at most: PostMark's largest file by default. */
const MOST_APPENDED = 10_000;

/** What is to be made of a result. */
type Hears = (result: NfsResult) => void;

/**
 * The metadata part of PostMark [Katcher, Network Appliance TR-3022, 1997]: subdirectories, a pool of files over them, then transactions, each a
 * read or an append and a creation or a removal. A read is a lookup and a getattr here, an append sets size and time. Whether a query or
 * an update comes next is the load's choice, so the halves of a transaction do not come in pairs.
 *
 * Sessions on one tree share its names and know it from results alone, so what one believes may be out of date; the refusal tells it what is true,
 * and the next operation is another.
 */
export class PostmarkSource implements OperationSource {
  readonly #random: () => number;
  readonly #options: NfsOptions;
  readonly #root: Handle;
  readonly #objects: FreeObjects;
  readonly #files: KnownFiles;
  readonly #directories: (Handle | undefined)[];
  /** Directories not known yet, and files still to be created, before the transactions begin. */
  #directoriesLeft: number[];
  #filesLeft: number;
  /** Counts the session's updates: its time. */
  #time = 0;
  /** The file that was looked up last, its attributes not asked for yet. */
  #lookedUp: number | undefined;
  #hears: Hears = () => {};

  constructor(root: string, random: () => number, options: NfsOptions) {
    const { files, directories } = options;
    this.#random = random;
    this.#options = options;
    this.#root = { object: root, generation: ROOT_GENERATION };
    this.#objects = new FreeObjects(root, random);
    this.#files = new KnownFiles(NAMES_PER_FILE * files);
    this.#directories = new Array<Handle | undefined>(directories).fill(undefined);
    this.#directoriesLeft = Array.from({ length: directories }, (_, number) => number);
    this.#filesLeft = files;
  }

  next(kind: MethodKind): Operation {
    this.#hears = () => {};
    if (kind === 'query') return this.#read();
    this.#time++;
    return this.#setUp() ?? this.#transaction();
  }

  heard(_operation: Operation, bytes: Uint8Array): void {
    const result = decodeNfsResult(bytes);
    if (result !== undefined) this.#hears(result);
  }

  #read(): Operation {
    const lookedUp = this.#lookedUp;
    this.#lookedUp = undefined;
    const found = lookedUp === undefined ? undefined : this.#files.handleOf(lookedUp);
    if (found !== undefined) return getattr(found);
    if (this.#files.taken === 0) return getattr(this.#root);
    const file = this.#files.drawTaken(this.#random());
    this.#hears = ({ status, body }) => {
      if (status === NfsStatus.NFS3ERR_NOENT) this.#files.release(file);
      if (body.type !== 'handle') return;
      this.#files.take(file, body.handle);
      this.#lookedUp = file;
    };
    return lookup(this.#directoryOf(file), nameOf(file));
  }

  /** The next step before the transactions; undefined when all are done. */
  #setUp(): Operation | undefined {
    const directory = this.#directoriesLeft[0];
    if (directory !== undefined) return this.#makeDirectory(directory);
    if (this.#filesLeft === 0 || this.#files.free === 0) return undefined;
    this.#filesLeft--;
    return this.#create();
  }

  #makeDirectory(number: number): Operation {
    const object = this.#objects.take();
    this.#hears = (result) => {
      const handle = this.#handleMade(object, result);
      if (handle === undefined) return;
      this.#directories[number] = handle;
      this.#directoriesLeft = this.#directoriesLeft.filter((left) => left !== number);
    };
    return create('mkdir', this.#root, `d${number}`, object, DIRECTORY, this.#time);
  }

  #transaction(): Operation {
    const { appendShare, renameShare, createShare } = this.#options;
    const { taken, free } = this.#files;
    if (taken === 0) return this.#create();
    if (this.#random() < appendShare) return this.#append();
    if (free > 0 && this.#random() < renameShare) return this.#rename();
    return free > 0 && this.#random() < createShare ? this.#create() : this.#remove();
  }

  #create(): Operation {
    const file = this.#files.drawFree(this.#random());
    const object = this.#objects.take();
    this.#hears = (result) => {
      const handle = this.#handleMade(object, result);
      if (handle !== undefined) this.#files.take(file, handle);
    };
    return create('create', this.#directoryOf(file), nameOf(file), object, FILE, this.#time);
  }

  /** What a name means after it was to be made: the new object, or what was there before. */
  #handleMade(object: string, { status, body }: NfsResult): Handle | undefined {
    if (status === NfsStatus.NFS3_OK && body.type === 'attributes') {
      return { object, generation: body.attributes.generation };
    }
    // An object that is in use after all is not tried again.
    if (status !== NfsStatus.NFS3ERR_BADHANDLE) this.#objects.giveBack(object);
    return body.type === 'message' ? body.handle : undefined;
  }

  #append(): Operation {
    const file = this.#files.drawTaken(this.#random());
    const handle = this.#handleOf(file);
    this.#hears = ({ status }) => {
      if (status === NfsStatus.NFS3ERR_STALE) this.#files.release(file);
    };
    const size = Math.floor(this.#random() * MOST_APPENDED);
    return setattr(handle, { size, mtime: this.#time }, this.#time);
  }

  #remove(): Operation {
    const file = this.#files.drawTaken(this.#random());
    const { object } = this.#handleOf(file);
    this.#hears = (result) => {
      this.#correct(file, result);
      if (result.status !== NfsStatus.NFS3_OK) return;
      this.#files.release(file);
      this.#objects.giveBack(object);
    };
    return remove('remove', this.#directoryOf(file), nameOf(file), object, this.#time);
  }

  #rename(): Operation {
    const file = this.#files.drawTaken(this.#random());
    const to = this.#files.drawFree(this.#random());
    const handle = this.#handleOf(file);
    this.#hears = ({ status }) => {
      // Refused: one of the names means another object than the session believed, or none. Operations to come will tell which.
      this.#files.release(file);
      if (status === NfsStatus.NFS3_OK) this.#files.take(to, handle);
    };
    const place = (name: number) => ({ directory: this.#directoryOf(name), name: nameOf(name) });
    return rename(place(file), place(to), handle.object, undefined, this.#time);
  }

  /** After a refusal: what the name means, if anything. */
  #correct(file: number, { status, body }: NfsResult): void {
    if (status === NfsStatus.NFS3ERR_NOENT) this.#files.release(file);
    else if (body.type === 'message' && body.handle !== undefined) this.#files.take(file, body.handle);
  }

  #handleOf(file: number): Handle {
    return this.#files.handleOf(file) ?? this.#root;
  }

  /** Names are dealt out to the directories in turn. */
  #directoryOf(file: number): Handle {
    return this.#directories[file % this.#directories.length] ?? this.#root;
  }
}

function nameOf(file: number): string {
  return `f${file}`;
}
