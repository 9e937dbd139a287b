export { bonfireFixtures, type BonfireFixtureOptions, type BonfireFixtures } from './testing/playwright/bonfire-fixtures.ts';
