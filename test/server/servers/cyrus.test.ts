import { startCyrus } from '../../support/servers/cyrus';
import { describeServer } from './feature-suite';

describeServer('Cyrus IMAP', startCyrus);
