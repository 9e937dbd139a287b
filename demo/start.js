// Node 20 cannot run TypeScript, so Vite loads the rest of the server.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = (file) => fileURLToPath(new URL(file, import.meta.url));

async function load(file, alias = []) {
  const { module } = await runnerImport(path(file), { configFile: false, root: path('..'), logLevel: 'error', resolve: { alias } });
  return module;
}

function stopOnSignal(demo) {
  let stopping = false;
  const stop = async () => {
    if (stopping) process.exit(1); // A second signal skips the orderly close.
    stopping = true;
    await demo.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop());
}

try {
  const { sourceAlias } = await load('../source-alias.ts');
  const { startDemo } = await load('./server/demo-server.ts', sourceAlias);
  const demo = await startDemo(process.env, process.argv.slice(2));
  stopOnSignal(demo);
  console.log(demo.greeting);
} catch (error) {
  // A DemoProblem's message is enough; any other error needs its stack.
  console.error(error?.name === 'DemoProblem' ? `\n  ${error.message}\n` : error);
  process.exit(1);
}
