// Runs npm scripts side by side, and prints the output of each one that fails: `node test/run-checks.js quick` or `long`.
import { spawn } from 'node:child_process';

/** The scripts that run first, and then the lanes, which run at the same time. A lane runs its scripts one after another. */
const CHECKS = {
  quick: { first: ['build'], lanes: [['test:units'], ['test:browser'], ['lint', 'typecheck', 'size']] },
  long: { first: ['build'], lanes: [['test:react-18', 'test:tools', 'test:simulation', 'test:postgres', 'test:stories', 'test:storybook', 'test:demo', 'test:browsers', 'test:consumers']] },
};

/** Real engines run few rounds here. `npm run test:browsers` runs more. */
const env = { BROWSER_ROUNDS: '2', ...process.env };

const running = new Set();
const failed = [];
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    for (const child of running) child.kill(signal);
    process.exitCode = 1;
    failed.push(signal);
  });
}

/** Runs an npm script to its end. */
function run(script) {
  const startedAt = performance.now();
  const child = spawn('npm', ['run', '--silent', script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  running.add(child);
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => {
      output.push(part);
      for (const line of plain(part).split('\n')) if (/^ +× /.test(line)) console.log(`${script}:${line}`);
    });
  }
  return new Promise((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      const text = Buffer.concat(output).toString();
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      if (code === 0) console.log(`✓ ${script} (${seconds} s)${summaryOf(text)}`);
      else console.log(`${text}\n✗ ${script} (${seconds} s)`);
      if (code !== 0) failed.push(script);
      resolve();
    });
  });
}

/** Returns output without its colours. */
function plain(output) {
  return String(output).replace(/\u001b\[\d+m/g, '');
}

/** Returns the line in which Vitest counts its tests. */
function summaryOf(text) {
  const line = plain(text).match(/^ +Tests +(.+)$/m);
  return line ? `: ${line[1]}` : '';
}

async function runInTurn(scripts) {
  for (const script of scripts) if (!failed.some((name) => name.startsWith('SIG'))) await run(script);
}

const { first, lanes } = CHECKS[process.argv[2]] ?? CHECKS.quick;
await runInTurn(first);
if (failed.length === 0) await Promise.all(lanes.map(runInTurn));
if (failed.length > 0) {
  console.log(`\nFailed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
