/** The panel's style sheet, for its shadow root. */
export const CSS = `
:host { all: initial; }
* { box-sizing: border-box; margin: 0; }
.root {
  --paper: #fbf6f0; --card: #fff; --ink: #2a2019; --muted: #67584b; --line: #e2d5c7; --field: #8c7968;
  --ember: #b03a08; --ember-soft: #fbe7da; --life: #d9a06b; --lead: #b97a16; --adopt: #6d8fb3; --lock: #4b5563;
  --call: #2f7d5b; --bad: #a1221c; --bad-soft: #fbe6e3; --warn-soft: #fbf0d6; --focus: #1a5fb4;
  color-scheme: light dark; color: var(--ink);
  font: 13px/1.4 system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
@media (prefers-color-scheme: dark) {
  .root {
    --paper: #17120f; --card: #1f1915; --ink: #f4ebe2; --muted: #bcab9c; --line: #3b3029; --field: #8f7d6d;
    --ember: #ff9b5c; --ember-soft: #3a2213; --life: #a86b3c; --lead: #e0a84a; --adopt: #7fa6d0; --lock: #a3adba;
    --call: #59b98e; --bad: #ff9f95; --bad-soft: #3d1b17; --warn-soft: #37290f; --focus: #8ec2ff;
  }
}
button, select, input { font: inherit; color: inherit; }
button, select { background: var(--card); border: 1px solid var(--field); border-radius: 7px; padding: 4px 9px; min-height: 28px; }
button { cursor: pointer; }
button[aria-disabled='true'] { opacity: .5; cursor: default; }
button[aria-pressed='true'] { background: var(--ember); border-color: var(--ember); color: var(--paper); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }

.badge {
  position: fixed; z-index: 2147483000; bottom: 12px; display: flex; align-items: center; gap: 8px; min-height: 40px;
  padding: 4px 14px 4px 6px; border-radius: 999px; background: var(--card); border-color: var(--line); box-shadow: 0 2px 10px rgb(0 0 0 / 20%);
}
[data-position='bottom-right'] .badge { right: 12px; }
[data-position='bottom-left'] .badge { left: 12px; }
.badge[aria-expanded='true'] { display: none; }

.ring { position: relative; display: inline-grid; place-items: center; flex: none; }
.ring-small { width: 28px; height: 28px; }
.ring-large { width: 120px; height: 120px; }
.ring svg { width: 100%; height: 100%; transform: rotate(-90deg); }
.ring circle { fill: none; stroke-width: 9; }
.ring-small circle { stroke-width: 14; }
.ring-track { stroke: var(--line); }
.ring .ring-lead { stroke: var(--lead); stroke-width: 4; }
.ring svg { overflow: visible; }
.ring-left { stroke: var(--ember); transition: stroke-dasharray .25s linear; }
.ring-left[data-late='true'] { stroke: var(--lead); }
.ring-words { position: absolute; display: grid; text-align: center; max-width: 76px; }
.ring-words strong { font-size: 17px; }
.ring-words span { color: var(--muted); font-size: 12px; }

.panel {
  position: fixed; z-index: 2147483000; inset: auto 0 0 0; max-height: 72vh; overflow: auto; padding: 0 16px 16px;
  background: var(--paper); border-top: 1px solid var(--line); box-shadow: 0 -4px 24px rgb(0 0 0 / 18%);
}
.head { position: sticky; top: 0; z-index: 5; display: flex; align-items: baseline; gap: 12px; padding: 10px 0; background: var(--paper); }
.head h2 { font-size: 15px; color: var(--ember); }
.head p { flex: 1; min-width: 0; color: var(--muted); overflow-wrap: anywhere; }
.head button { border: 0; background: none; font-size: 22px; line-height: 1; }
.overview { display: flex; flex-wrap: wrap; align-items: center; gap: 12px 24px; }
.machine { width: 384px; max-width: 100%; height: auto; }
.machine-group { fill: none; stroke: var(--line); stroke-dasharray: 4 4; }
.machine-title { fill: var(--muted); font-size: 11px; }
.machine-arrow { fill: none; stroke: var(--field); stroke-width: 1.2; }
.machine marker path { fill: var(--field); }
.machine-node rect { fill: var(--card); stroke: var(--field); }
.machine-node text { fill: var(--muted); font-size: 11.5px; }
.machine-node[data-lit='true'] rect { fill: var(--ember); stroke: var(--ember); }
.machine-node[data-lit='true'] text { fill: var(--paper); font-weight: 700; }
.machine-node[data-lit='true'][data-state='waiting'] rect { fill: var(--lead); stroke: var(--lead); }
.machine-node[data-lit='true'][data-state='blocked'] rect { fill: var(--bad); stroke: var(--bad); }
.facts { flex: 1 1 240px; min-width: 0; display: grid; gap: 8px; }
.facts dl { display: flex; flex-wrap: wrap; gap: 6px 20px; }
.facts dt { color: var(--muted); font-size: 12px; }
.facts dd { overflow-wrap: anywhere; }
.facts summary { cursor: pointer; }
.notice { padding: 7px 10px; border-radius: 8px; }
.notice[data-tone='plain'] { background: var(--card); }
.notice[data-tone='bad'] { background: var(--bad-soft); }
.notice[data-tone='warning'] { background: var(--warn-soft); }
.actions, .toolbar { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-top: 12px; }
.toolbar { gap: 8px 14px; padding-top: 12px; border-top: 1px solid var(--line); }
.problem:empty, .muted:empty { display: none; }
.muted { color: var(--muted); }
.problem { color: var(--bad); }

.chart { position: relative; margin-top: 10px; padding-bottom: 20px; overflow: hidden; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.lane { position: relative; padding: 4px 0 6px; border-bottom: 1px solid var(--line); }
.lane h3 small { font-weight: 400; }
.lane h3 { position: relative; z-index: 2; width: max-content; padding: 0 8px; background: var(--card); font-size: 11.5px; font-weight: 600; color: var(--muted); }
.track { position: relative; height: 14px; margin-top: 2px; }
.bar { position: absolute; top: 1px; height: 12px; min-width: 2px; border-radius: 2px; }
.bar-life, .key-life { background: var(--life); }
.bar-life { box-shadow: inset 2px 0 var(--card); }
.bar-life[data-source='otherTab'], .key-adopted { background: var(--adopt); }
.bar-lead, .key-lead { background: repeating-linear-gradient(135deg, var(--lead) 0 4px, transparent 4px 7px); }
.bar-asked, .key-asked { top: 5px; height: 4px; background: var(--field); opacity: .6; }
.bar-lock, .key-lock { background: var(--lock); opacity: .35; }
.bar-sent, .key-sent { top: 3px; height: 8px; background: var(--call); }
.bar-failed, .key-failed { top: 3px; height: 8px; background: var(--bad); }
.bar-wait, .key-wait { top: 5px; height: 4px; background: repeating-linear-gradient(90deg, var(--lead) 0 5px, transparent 5px 9px); }
.bar-down, .key-down { top: 5px; height: 4px; background: var(--muted); }
.bar-call, .key-call { background: var(--call); }
.bar-rejected, .key-rejected { background: var(--lead); }
.bar[data-open='true'] { opacity: .55; }
.mark { --mark: var(--ember); position: absolute; z-index: 1; top: 2px; bottom: 2px; width: 3px; margin-left: -1px; background: var(--mark); }
.mark-activityNoted { --mark: var(--muted); width: 1px; margin-left: 0; top: auto; height: 10px; }
.mark-sessionEnded { --mark: var(--bad); }
.mark-sessionEnded[data-reason='sign_out'] { --mark: var(--muted); }
.mark-sessionEnded::after { content: '■'; position: absolute; top: -4px; left: -4px; color: var(--mark); font-size: 13px; }
.mark-sessionStarted::after { content: '▶'; position: absolute; top: -4px; left: 0; color: var(--mark); font-size: 12px; }
.grid { position: absolute; inset: 0; pointer-events: none; }
.tick { position: absolute; top: 0; bottom: 0; padding-left: 4px; border-left: 1px solid var(--line); color: var(--muted); font-size: 11px; display: flex; align-items: flex-end; font-variant-numeric: tabular-nums; }
.now { position: absolute; top: 0; bottom: 0; width: 1px; background: var(--ink); }
.pointed { position: absolute; top: 0; bottom: 0; width: 1px; background: var(--focus); }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; padding: 6px 0 0; list-style: none; color: var(--muted); font-size: 12px; }
.legend li { display: flex; align-items: center; gap: 5px; }
.key { width: 16px; height: 8px; border-radius: 2px; }
.pointed-words { min-height: 20px; padding-top: 4px; }
.events { max-height: 260px; margin-top: 8px; overflow: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
.events ol { padding: 0; list-style: none; }
.events li { display: grid; grid-template-columns: 92px 64px 1fr; gap: 8px; padding: 3px 10px; border-left: 3px solid transparent; overflow-wrap: anywhere; }
.events li + li { border-top: 1px solid var(--line); }
.events li[data-tone='good'] { border-left-color: var(--call); }
.events li[data-tone='warning'] { border-left-color: var(--lead); }
.events li[data-tone='bad'] { border-left-color: var(--bad); background: var(--bad-soft); }
.events time, .pointed-words time { color: var(--muted); font-variant-numeric: tabular-nums; }
.events .tab { color: var(--muted); }
.empty { padding: 10px; color: var(--muted); }
@media (max-width: 560px) {
  .panel { max-height: 85vh; padding: 0 10px 12px; display: grid; grid-template-columns: auto minmax(0, 1fr); align-content: start; column-gap: 14px; }
  .panel > * { grid-column: 1 / -1; min-width: 0; }
  .overview { display: contents; }
  .overview .machine { order: 1; grid-column: 1 / -1; margin-top: 12px; }
  .ring-large { width: 76px; height: 76px; align-self: start; }
  .ring-large .ring-words strong { font-size: 14px; }
  .ring-large .ring-words { max-width: 52px; line-height: 1.2; }
  .events li { grid-template-columns: 88px 1fr; gap: 0 8px; }
  .events li > :last-child { grid-column: 1 / -1; }
  .badge[data-state='idle'] { gap: 0; padding: 5px; font-size: 0; }
  button, select { min-height: 36px; }
}
@media (prefers-reduced-motion: reduce) { .ring-left { transition: none; } }
`;
