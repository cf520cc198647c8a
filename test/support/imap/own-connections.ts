import { openConnection } from '../../../nodes/mail/connections/connection';
import { ConnectionRegistry } from '../../../nodes/mail/connections/connection-registry';
import type { SharedUse } from '../../../nodes/mail/connections/connection-registry';

const registry = new ConnectionRegistry();

/** Connections for one use each: made before the work, logged out and closed after it. */
export const OWN_CONNECTIONS: SharedUse = {
	login: { kind: 'password', password: '' },
	registry: {
		connectionsOf: (options) => ({
			acquire: async () => ({
				connection: await openConnection(options, undefined, 0),
				used: false,
			}),
			replace: async (connection) => {
				await connection.close();
				return await openConnection(options, connection.refusedToken, 0);
			},
			release: (connection) => connection.close(),
		}),
		openApart: (options, use, idle) => registry.openApart(options, use, idle),
	},
};
