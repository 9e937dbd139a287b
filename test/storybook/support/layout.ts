import type { Page } from 'playwright-core';

/** An element's text, place and colours. */
export interface Look {
  readonly what: string;
  /** Left, top, width and height, px. */
  readonly box: readonly [number, number, number, number];
  readonly color: string;
  readonly background: string;
}

/** A font that Storybook contains, so that text has the same width on every machine. */
const ONE_FONT = "* { font-family: 'Nunito Sans' !important; transition: none !important; animation: none !important; caret-color: transparent !important; }";

/** How far another version of a browser may move an element, px. */
const TOLERANCE_PX = 6;

/** Longer than the 200 ms after which a story reads its API's log again. */
const SETTLE_MS = 300;

/** Measures the visible elements of a story once they no longer change. Numbers and durations are masked, and elements that move with time are left out. */
export async function measure(page: Page): Promise<Look[]> {
  await page.addStyleTag({ content: ONE_FONT });
  for (let looks = await lookAt(page); ; ) {
    await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), SETTLE_MS);
    const again = await lookAt(page);
    if (differences(looks, again).length === 0) return again;
    looks = again;
  }
}

function lookAt(page: Page): Promise<Look[]> {
  return page.evaluate(async (css) => {
    await Promise.all(['400', '700'].map((weight) => document.fonts.load(`${weight} 16px 'Nunito Sans'`)));
    await document.fonts.ready;
    const shadow = document.querySelector('[data-unexpired-devtools]')?.shadowRoot;
    if (shadow?.adoptedStyleSheets.length === 1) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
    }
    (document.activeElement as HTMLElement | null)?.blur();
    const MOVING = '.life > span, .bar, .tick, .now, .pointed, .mark, .events, .chart, [data-unexpired-devtools] .ring-left, svg *';
    const nameOf = (element: Element) => {
      const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent?.trim() ?? '').join(' ').trim();
      return `${element.localName}${element.className && typeof element.className === 'string' ? `.${element.className.split(' ').join('.')}` : ''} ${own.replace(/[\d.:]+(?: (?:ms|s|min)\b)?/g, '#')}`.trim();
    };
    const seen = [...document.querySelectorAll('#storybook-root *'), ...(shadow?.querySelectorAll('*') ?? [])].filter((element) => !element.matches(MOVING) && element.checkVisibility());
    return seen.map((element): { what: string; box: [number, number, number, number]; color: string; background: string } => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const { color, backgroundColor } = getComputedStyle(element);
      return { what: nameOf(element), box: [left, top, width, height].map(Math.round) as [number, number, number, number], color, background: backgroundColor };
    });
  }, ONE_FONT);
}

/** Describes the differences between two measurements. */
export function differences(before: readonly Look[], after: readonly Look[]): string[] {
  const names = (looks: readonly Look[]) => looks.map(({ what }) => what);
  if (names(before).join('\n') !== names(after).join('\n')) {
    const gone = names(before).filter((name) => !names(after).includes(name));
    const added = names(after).filter((name) => !names(before).includes(name));
    return [`${before.length} elements before and ${after.length} now; gone: ${gone.join(' | ')}; new: ${added.join(' | ')}`];
  }
  return before.flatMap((was, index) => {
    const is = after[index];
    if (!is) return [];
    const moved = was.box.some((value, side) => Math.abs(value - (is.box[side] ?? 0)) > TOLERANCE_PX);
    return [
      ...(moved ? [`${was.what} was at ${was.box.join(' ')} and is at ${is.box.join(' ')}`] : []),
      ...(was.color === is.color ? [] : [`${was.what} had the color ${was.color} and has ${is.color}`]),
      ...(was.background === is.background ? [] : [`${was.what} had the background ${was.background} and has ${is.background}`]),
    ];
  });
}
