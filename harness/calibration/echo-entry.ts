import { endWith } from '../node/parent-channel.ts';

/** A node as any other, of a protocol that is none. */
process.on('uncaughtException', endWith);
process.on('unhandledRejection', endWith);
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));

const { hostNode } = await import('../node/process-node.ts');
const { echoSystem } = await import('./echo.ts');
const { transportPoint } = await import('./transport-points.ts');
hostNode((spec) => echoSystem(spec, transportPoint.parse(spec.protocolOptions)));
