import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { N8nApi } from './n8n-api';
import { toList, toRecord, toText, type Json, type StoredCredential } from './n8n-answers';
import { PROJECT_FOLDER } from './n8n-package';

const FOLDER = path.join(PROJECT_FOLDER, 'examples');

export interface ImportedExample {
	/** Name of the file, without its ending. */
	name: string;
	workflowId: string;
}

/** A node with what it can take of the credentials. */
export async function withCredentials(api: N8nApi, node: Json, credentials: StoredCredential[]) {
	const generic = toText(toRecord(node.parameters).genericAuthType);
	const wanted = [...(await api.listCredentialsOf(toText(node.type))), generic];
	const given = credentials.filter(({ type }) => wanted.includes(type));
	const linked = Object.fromEntries(given.map(({ id, name, type }) => [type, { id, name }]));
	return { ...node, credentials: linked };
}

/**
 * Imports the workflows of `examples/` into a server, as a user would, and gives each node the
 * credentials at hand that it can take; what it asks for beyond them stays empty.
 */
export async function importExamples(
	api: N8nApi,
	credentials: StoredCredential[],
): Promise<ImportedExample[]> {
	const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.json')).sort();
	const imported: ImportedExample[] = [];
	for (const file of files) {
		const source = toRecord(JSON.parse(await readFile(path.join(FOLDER, file), 'utf8')));
		const nodes = await Promise.all(
			toList(source.nodes).map((node) => withCredentials(api, toRecord(node), credentials)),
		);
		const name = path.basename(file, '.json');
		const { connections, settings } = source;
		const workflow = { name: toText(source.name), nodes, connections, settings };
		const { id } = await api.createWorkflow(workflow);
		imported.push({ name, workflowId: id });
	}
	return imported;
}
