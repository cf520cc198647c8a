import { startCourier } from '../../support/servers/courier';
import { describeServer } from './feature-suite';

describeServer('Courier-IMAP', startCourier);
