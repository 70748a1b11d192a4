import { endWith } from './parent-channel.ts';

// Set before anything else is loaded, so that an error in loading reaches the parent, too.
process.on('uncaughtException', endWith);
process.on('unhandledRejection', endWith);
// The parent is told of Ctrl-C, too, and ends its nodes in order.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));

const { hostNode } = await import('./process-node.ts');
hostNode();
