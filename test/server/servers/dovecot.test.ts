import { startDovecotServer } from '../../support/servers/dovecot-server';
import { describeServer } from './feature-suite';

describeServer('Dovecot 2.3', startDovecotServer);
