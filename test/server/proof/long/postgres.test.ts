import { describeLong } from '../support/long.ts';

describeLong('postgres');
