import { randomBytes } from 'node:crypto';
import { startPostgres } from '../servers/postgres';
import { startRedis } from '../servers/redis';

export interface Queue {
	/** Environment of n8n that makes it use this queue and this database. */
	env: Record<string, string>;
	stop(): Promise<void>;
}

/** Starts what n8n's queue mode needs beside itself: Redis for the queue, PostgreSQL for the data. */
export async function startQueue(): Promise<Queue> {
	const postgres = await startPostgres();
	try {
		const redis = await startRedis();
		return {
			env: {
				EXECUTIONS_MODE: 'queue',
				QUEUE_BULL_REDIS_HOST: '127.0.0.1',
				QUEUE_BULL_REDIS_PORT: String(redis.port),
				DB_TYPE: 'postgresdb',
				DB_POSTGRESDB_HOST: '127.0.0.1',
				DB_POSTGRESDB_PORT: String(postgres.port),
				DB_POSTGRESDB_DATABASE: postgres.database,
				DB_POSTGRESDB_USER: postgres.user,
				// Main and workers have to read the same credentials.
				N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
			},
			stop: async () => {
				await redis.stop();
				await postgres.stop();
			},
		};
	} catch (error) {
		await postgres.stop();
		throw error;
	}
}
