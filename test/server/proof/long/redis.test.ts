import { describeDefects, describeLong } from '../support/long.ts';

describeLong('redis');
describeDefects('redis');
