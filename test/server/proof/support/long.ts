import { describe, expect, it } from 'vitest';
import { serverFor, type StoreName } from '../../support/programs.ts';
import { runCampaign, type CampaignOptions } from './campaign.ts';
import { FAULT_OF_DEFECT, FAULTS } from './trial.ts';
import { DEFECTS } from './types.ts';

const OPTIONS = { seed: Number(process.env['SERVER_SEED'] ?? 1), sessions: 32, instances: 8 } satisfies Partial<CampaignOptions>;

/** Describes storms of many sessions on eight processes, for each fault. */
export function describeLong(store: StoreName): void {
  const bin = serverFor(store);

  it.skipIf(bin === null)(`no session in ${store} is lost, doubled or mixed up by any fault that the log does not show`, async () => {
    const faults = Object.keys(FAULTS);
    const rows = await runCampaign({ ...OPTIONS, stores: [store], faults });
    expect(rows.map(({ fault, verdict }) => [fault, verdict.violations])).toEqual(rows.map(({ fault }) => [fault, []]));
    expect(rows.length).toBeGreaterThanOrEqual(faults.length - 1); // Postgres evicts no rows.
  });
}

/** Describes that the judge notices each defect that is put into the instances on purpose. */
export function describeDefects(store: StoreName): void {
  const bin = serverFor(store);

  describe.skipIf(bin === null)(`the judge notices that an instance in front of ${store}`, () => {
    it.each(DEFECTS)('%s', async (defect) => {
      const rows = await runCampaign({ ...OPTIONS, instances: 4, stores: [store], faults: [FAULT_OF_DEFECT[defect]], defect });
      expect(rows.flatMap(({ verdict }) => verdict.violations).length).toBeGreaterThan(0);
    });
  });
}
