// Measures unexpired again in all three benchmarks, and fails if a figure got worse than the committed one.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const programs = ['./run.js', './sessions/run.js', './fleet/simulate-fleet.js'];
const failed = programs.filter((program) => spawnSync(process.execPath, [fileURLToPath(new URL(program, import.meta.url)), '--check'], { stdio: 'inherit' }).status !== 0);
process.exitCode = failed.length === 0 ? 0 : 1;
