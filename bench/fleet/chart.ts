import { LIFETIMES_MS, scenarioOf, SCENARIO_NAMES, type ScenarioName } from './scenario.ts';
import { lifeText, type Result } from './table.ts';
import { HOUR } from './time.ts';

const WIDTH = 1020;
const PANEL = 260;
const PLOT = { left: 64, right: 300, top: 34, bottom: 30 };
const TITLES: Record<ScenarioName, string> = {
  day: 'an ordinary day',
  deploy: 'a deploy at 10:00 makes all users sign in within 60 s',
  outage: 'the token endpoint is down from 10:30 to 10:40, then has half its capacity',
  'outage-retry-after': 'down from 10:30 to 10:40, then half its capacity and Retry-After: 30 with each refusal',
};

/** Draws the load on the token endpoint over time as SVG. Each scenario with several policies has a chart, with one panel per lifetime. */
export function chartsOf(results: readonly Result[], browsers: number): { name: string; svg: string }[] {
  return SCENARIO_NAMES.flatMap((name) => {
    const some = results.filter(({ job }) => job.scenario === name);
    return new Set(some.map(({ job }) => job.policy)).size < 2 ? [] : [{ name, svg: pictureOf(name, some, browsers) }];
  });
}

function pictureOf(name: ScenarioName, results: readonly Result[], browsers: number): string {
  const lifetimes = LIFETIMES_MS.filter((lifetimeMs) => results.some(({ job }) => job.lifetimeMs === lifetimeMs));
  const policies = [...new Set(results.map(({ job }) => job.policy))];
  const height = 40 + lifetimes.length * PANEL;
  const panels = lifetimes.map((lifetimeMs, index) => {
    const some = results.filter(({ job }) => job.lifetimeMs === lifetimeMs);
    return `<g transform="translate(0 ${40 + index * PANEL})">${panelOf(name, lifetimeMs, some, policies)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">`,
    `<title id="title">Refreshes a second of ${browsers.toLocaleString('en')} browsers: ${TITLES[name]}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="16" y="26">${browsers.toLocaleString('en')} browsers, ${TITLES[name]}</text>`,
    ...panels,
    '</svg>\n',
  ].join('\n');
}

function panelOf(name: ScenarioName, lifetimeMs: number, results: readonly Result[], policies: readonly string[]): string {
  const { from, until } = scenarioOf(name, lifetimeMs, 1);
  const right = WIDTH - PLOT.right;
  const bottom = PANEL - PLOT.bottom;
  const most = 10 ** Math.ceil(Math.log10(Math.max(10, ...results.flatMap(({ outcome }) => outcome.load))));
  const decades = Math.log10(most) + 1;
  const x = (tick: number) => PLOT.left + ((tick - from) / (until - from)) * (right - PLOT.left);
  const y = (load: number) => PLOT.top + ((Math.log10(most) - Math.log10(Math.max(0.1, load))) / decades) * (bottom - PLOT.top);
  const levels = Array.from({ length: decades + 1 }, (_, index) => most / 10 ** index);
  const hours = ticksOf(from, until);
  return [
    `<text class="panel" x="${PLOT.left}" y="20">tokens live ${lifeText(lifetimeMs)}; requests a second (logarithmic)</text>`,
    ...levels.map((level) => `<path class="grid" d="M${PLOT.left} ${y(level).toFixed(1)}H${right}"/><text class="level" x="${PLOT.left - 8}" y="${(y(level) + 4).toFixed(1)}">${level.toLocaleString('en')}</text>`),
    ...hours.map((tick) => `<path class="grid" d="M${x(tick).toFixed(1)} ${PLOT.top}V${bottom}"/><text class="hour" x="${x(tick).toFixed(1)}" y="${bottom + 18}">${clockOf(tick)}</text>`),
    ...[...results].sort((a, b) => rank(b, policies) - rank(a, policies)).map((result) => `<path class="line p${rank(result, policies)}" d="${lineOf(result, x, y, from, until)}"/>`),
    ...results.map((result) => keyOf(result, right + 16, PLOT.top + 12 + rank(result, policies) * 24, rank(result, policies))),
  ].join('\n');
}

function rank({ job }: Result, policies: readonly string[]): number {
  return policies.filter((policy) => policy !== 'ideal').indexOf(job.policy) + 1;
}

function keyOf({ job, outcome }: Result, x: number, y: number, number: number): string {
  const peak = outcome.peak.toLocaleString('en', { maximumFractionDigits: 0 });
  return `<path class="line p${number}" d="M${x} ${y - 4}h18"/><text class="key" x="${x + 24}" y="${y}">${job.policy}<tspan class="peak"> peak ${peak}</tspan></text>`;
}

function lineOf({ outcome: { load } }: Result, x: (tick: number) => number, y: (load: number) => number, from: number, until: number): string {
  const step = (until - from) / load.length;
  return load.map((value, index) => `${index === 0 ? 'M' : 'L'}${x(from + (index + 0.5) * step).toFixed(1)} ${y(value).toFixed(1)}`).join('');
}

function ticksOf(from: number, until: number): number[] {
  const span = until - from;
  const step = span <= 2 * HOUR ? HOUR / 6 : span <= 6 * HOUR ? HOUR : span <= 24 * HOUR ? 3 * HOUR : 6 * HOUR;
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => Math.ceil(from / step) * step + index * step).filter((tick) => tick <= until);
}

function clockOf(tick: number): string {
  const minutes = Math.round((tick / HOUR) * 60);
  return `${Math.floor(minutes / 60) % 24}:${String(minutes % 60).padStart(2, '0')}`;
}

const LIGHT = ['#8a8a8a', '#0b57d0', '#c5221f', '#188038', '#b06000', '#8430ce', '#00838f', '#6d4c41'];
const DARK = ['#9a9a9a', '#8ab4f8', '#f28b82', '#81c995', '#fdd663', '#d7aefb', '#78d9ec', '#d0b8ae'];

const strokes = (colours: readonly string[]) => colours.map((colour, number) => `.p${number}{stroke:${colour}}`).join('');

const STYLE = [
  'text{font:12px system-ui,sans-serif;fill:#1f1f1f}.title{font-size:16px;font-weight:600}.panel{font-weight:600}',
  '.page{fill:#fff}.grid{stroke:#e3e3e3}.level{text-anchor:end}.hour{text-anchor:middle}.peak,.level,.hour{fill:#5f6368}',
  '.line{fill:none;stroke-width:1.3;stroke-linejoin:round}.p0{stroke-dasharray:3 3}.p1{stroke-width:2.6}',
  strokes(LIGHT),
  `@media (prefers-color-scheme:dark){text{fill:#e8e8e8}.page{fill:#17181a}.grid{stroke:#34363a}.peak,.level,.hour{fill:#a8abb0}${strokes(DARK)}}`,
].join('');
