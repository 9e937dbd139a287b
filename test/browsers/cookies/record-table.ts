import { writeFile } from 'node:fs/promises';
import type { ClosingRow } from './closing.ts';
import type { CorsRow } from './cors.ts';
import type { RuleRow } from './rules.ts';

/** What was measured in one browser. */
export interface MeasuredBrowser {
  readonly version: string;
  readonly rules: readonly RuleRow[];
  readonly cors?: readonly CorsRow[];
  readonly closing?: readonly ClosingRow[];
}

const FILE = new URL('../../../storybook/docs/cookie-table.ts', import.meta.url);

/** Writes the table that the documentation shows. A browser that was never measured is left out. */
export async function recordTable(browsers: readonly (readonly [title: string, browser: MeasuredBrowser | undefined])[]): Promise<void> {
  const line = (value: object) => `      ${JSON.stringify(value)},\n`;
  const list = (name: string, rows: readonly object[] | undefined) => (rows ? `    ${name}: [\n${rows.map(line).join('')}    ],\n` : '');
  const parts = browsers.flatMap(([title, browser]) => (browser ? [[title, browser] as const] : [])).map(
    ([title, { version, rules, cors, closing }]) => `  ${JSON.stringify(title)}: {\n    version: ${JSON.stringify(version)},\n${list('rules', rules)}${list('cors', cors)}${list('closing', closing)}  },\n`,
  );
  await writeFile(FILE, `${HEAD}export const COOKIE_TABLE: Readonly<Record<string, MeasuredBrowser>> = {\n${parts.join('')}};\n`);
}

const HEAD = `import type { MeasuredBrowser } from '../../test/browsers/cookies/record-table.ts';

/** What browsers do with a cookie, by browser. Written by \`test/browsers/cookies.test.ts\` with \`UPDATE_COOKIE_TABLE=1\`, which measures every cell. */
`;
