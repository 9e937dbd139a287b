import { describeRows } from '../support/rows.ts';

describeRows('postgres');
