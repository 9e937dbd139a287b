export { file } from './server/file.ts';
export type { Lease, NewRow, NextRow, SessionEntry, SessionRow, SessionStore, Write } from './server/store.ts';
