import { findFreePort } from '../servers/free-port';
import { startPostgres } from '../servers/postgres';

/** Starts what n8n's Engine 2.0 needs beside itself, a PostgreSQL, and tells n8n to load it. */
export async function startEngine2(): Promise<{
	env: Record<string, string>;
	stop: () => Promise<void>;
}> {
	const { port, user, database, stop } = await startPostgres();
	return {
		stop,
		env: {
			N8N_ENABLED_MODULES: 'engine-v2',
			N8N_ENGINE_DATABASE_URL: `postgres://${user}@127.0.0.1:${String(port)}/${database}`,
			N8N_ENGINE_HOST: '127.0.0.1',
			N8N_ENGINE_PORT: String(await findFreePort()),
			N8N_ENGINE_CONTROL_PLANE_PORT: String(await findFreePort()),
		},
	};
}
