'use client';

export { AuthDevtools, type AuthDevtoolsProps } from './devtools/AuthDevtools.tsx';
export type { ServerLane, ServerSpan } from './devtools/model/server-lane.ts';
