import type { StoreName } from '../../support/programs.ts';
import type { Proof } from './proof-store.ts';
import { startPostgresProof } from './postgres-proof.ts';
import { startRedisProof } from './redis-proof.ts';

/** How each store is started, by the folder of its programs. */
export const START_PROOF: Readonly<Record<StoreName, (bin: string) => Promise<Proof>>> = { redis: startRedisProof, postgres: startPostgresProof };
