import type { Reply, SyncReply } from '../message.ts';

export function isReply(message: { readonly type: string }): message is Reply {
  return message.type === 'reply';
}

export function isSyncReply(message: { readonly type: string }): message is SyncReply {
  return message.type === 'syncReply';
}
