import { describeBackend } from '../../keys/test/backend-laws.ts';
import { loadNativeBackend } from '../src/index.ts';

describeBackend('native', loadNativeBackend);
