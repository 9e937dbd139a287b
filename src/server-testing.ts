export { checkStoreContract, type CheckStoreOptions } from './server/check-store.ts';
export type { Lease, NewRow, NextRow, SessionEntry, SessionRow, SessionStore, Write } from './server/store.ts';
