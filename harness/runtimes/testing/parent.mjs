// A program that brings nodes up and then waits, to be killed by a test. Arguments: module of the runtimes, name of a runtime, specification.
const [module, name, spec] = process.argv.slice(2);
const { runtimeNamed } = await import(module);
const running = await runtimeNamed(name).launch(JSON.parse(spec), new AbortController().signal);
await running.startLoad();
process.stdout.write('up\n');
await running.advance(3.6e9);
