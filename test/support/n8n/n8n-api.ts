import { setTimeout as delay } from 'node:timers/promises';
import {
	isRecord,
	toDetail,
	toList,
	toPublicationStatus,
	toRecord,
	toSummary,
	toText,
	type CredentialTestResult,
	type ExecutionDetail,
	type ExecutionSummary,
	type Json,
	type PublicationStatus,
	type StoredCredential,
	type StoredWorkflow,
} from './n8n-answers';

const OWNER = {
	email: 'owner@example.com',
	firstName: 'Test',
	lastName: 'Owner',
	password: 'Test-password-1',
};
const POLL_PAUSE_MS = 250;
const PUBLICATION_LIMIT_MS = 60_000;
const EXECUTION_LIMIT_MS = 100_000;
const ENDED = new Set(['success', 'error', 'crashed', 'canceled']);

/** n8n refused a request. */
class RefusedRequest extends Error {
	constructor(
		request: string,
		readonly status: number,
		body: string,
	) {
		super(`${request}: ${status} ${body}`);
	}
}

/** Talks to one n8n server as its owner would through the editor, and through the public API. */
export class N8nApi {
	private cookie = '';
	private apiKey = '';

	constructor(private readonly url: string) {}

	/** Sends one request; answers with the parsed body, whatever n8n wrapped in `data` taken out. */
	async request(method: string, path: string, body?: unknown): Promise<unknown> {
		const response = await fetch(`${this.url}${path}`, {
			method,
			headers: {
				'content-type': 'application/json',
				// n8n may close a connection that is kept just as it is used again.
				connection: 'close',
				cookie: this.cookie,
				...(path.startsWith('/api/') && { 'X-N8N-API-KEY': this.apiKey }),
			},
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		if (!response.ok) throw new RefusedRequest(`${method} ${path}`, response.status, text);
		for (const cookie of response.headers.getSetCookie()) {
			if (cookie.startsWith('n8n-auth=')) this.cookie = cookie.split(';')[0] ?? '';
		}
		const parsed: unknown = text === '' ? undefined : JSON.parse(text);
		return path.startsWith('/rest/') && isRecord(parsed) && 'data' in parsed ? parsed.data : parsed;
	}

	/** Makes the owner of a fresh server, logs in and gets a key for the public API. */
	async setUp(): Promise<void> {
		await this.request('POST', '/rest/owner/setup', OWNER);
		const scopes = await this.request('GET', '/rest/api-keys/scopes');
		const body = { label: 'tests', expiresAt: null, scopes };
		this.apiKey = toText(toRecord(await this.request('POST', '/rest/api-keys', body)).rawApiKey);
	}

	/** E-mail address and password for the log-in page. */
	get owner() {
		return { email: OWNER.email, password: OWNER.password };
	}

	async createCredential(name: string, type: string, data: Json): Promise<StoredCredential> {
		const { id } = toRecord(await this.request('POST', '/rest/credentials', { name, type, data }));
		return { id: toText(id), name, type };
	}

	/** What the editor does when a credential is saved: the data is sent along to be tested. */
	async testCredential(credential: StoredCredential, data: Json): Promise<CredentialTestResult> {
		const credentials = { ...credential, data };
		const result = toRecord(await this.request('POST', '/rest/credentials/test', { credentials }));
		return { status: toText(result.status), message: toText(result.message) };
	}

	async createWorkflow(workflow: Json): Promise<StoredWorkflow> {
		const body = { active: false, settings: {}, connections: {}, ...workflow };
		const { id, versionId } = toRecord(await this.request('POST', '/rest/workflows', body));
		return { id: toText(id), versionId: toText(versionId) };
	}

	/** Changes a workflow through the public API; one that is published is published again. */
	async updateWorkflow(workflowId: string, workflow: Json): Promise<void> {
		const body = { settings: {}, ...workflow };
		await this.request('PUT', `/api/v1/workflows/${workflowId}`, body);
		await this.waitForPublication(workflowId);
	}

	/** Changes settings of a workflow as the editor does, which publishes nothing. */
	async changeSettings(workflowId: string, settings: Json): Promise<void> {
		const path = `/rest/workflows/${workflowId}`;
		const { versionId } = toRecord(await this.request('GET', path));
		await this.request('PATCH', path, { versionId, settings });
	}

	/**
	 * Publishes the workflow through the public API and waits until its triggers are started.
	 * @throws With what the triggers said when they could not be started.
	 */
	async activate(workflowId: string): Promise<void> {
		await this.request('POST', `/api/v1/workflows/${workflowId}/activate`);
		const { status, errors } = await this.waitForPublication(workflowId);
		if (status !== 'published') throw new Error(`Publication ${status}: ${errors.join('; ')}`);
	}

	/** Takes the workflow out of production and waits until its triggers are stopped. */
	async deactivate(workflowId: string): Promise<void> {
		await this.request('POST', `/api/v1/workflows/${workflowId}/deactivate`);
		await this.waitForPublication(workflowId);
	}

	/** n8n 1 knows no such state: there the triggers are started when the request is answered. */
	private async readPublication(workflowId: string): Promise<PublicationStatus> {
		const path = `/rest/workflows/${workflowId}/publication-status`;
		try {
			return toPublicationStatus(await this.request('GET', path));
		} catch (error) {
			if (!(error instanceof RefusedRequest) || error.status !== 404) throw error;
			return { status: 'published', errors: [] };
		}
	}

	/** Waits until a publication, or its end, has been carried out. */
	async waitForPublication(workflowId: string): Promise<PublicationStatus> {
		const deadline = Date.now() + PUBLICATION_LIMIT_MS;
		for (;;) {
			const status = await this.readPublication(workflowId);
			if (status.status !== 'in_progress') return status;
			if (Date.now() > deadline) throw new Error(`Publication of ${workflowId} does not end`);
			await delay(POLL_PAUSE_MS);
		}
	}

	/** Runs a workflow by hand as far as its trigger, which n8n calls Fetch Test Event or Execute Step. */
	async runManually(workflowId: string, trigger: string): Promise<void> {
		await this.request('POST', `/rest/workflows/${workflowId}/run`, {
			triggerToStartFrom: { name: trigger },
			destinationNode: { nodeName: trigger, mode: 'inclusive' },
		});
	}

	/** Newest first. */
	async listExecutions(workflowId: string): Promise<ExecutionSummary[]> {
		const path = `/api/v1/executions?workflowId=${workflowId}`;
		return toList(toRecord(await this.request('GET', path)).data).map(toSummary);
	}

	async readExecution(id: string): Promise<ExecutionDetail> {
		return toDetail(await this.request('GET', `/api/v1/executions/${id}?includeData=true`));
	}

	/**
	 * The oldest execution of a workflow that has ended, once there is one.
	 * A trigger that polls does so at its start and then once a minute.
	 */
	async waitForExecution(
		workflowId: string,
		limitMs = EXECUTION_LIMIT_MS,
	): Promise<ExecutionDetail> {
		const deadline = Date.now() + limitMs;
		for (;;) {
			const ended = (await this.listExecutions(workflowId)).filter(({ status }) =>
				ENDED.has(status),
			);
			const oldest = ended.at(-1);
			if (oldest !== undefined) return await this.readExecution(oldest.id);
			if (Date.now() > deadline) throw new Error(`No execution of ${workflowId} in ${limitMs} ms`);
			await delay(POLL_PAUSE_MS);
		}
	}

	/** Names of all node types that the server has loaded. */
	async listNodeTypes(): Promise<string[]> {
		const types = toList(await this.request('GET', '/types/nodes.json'));
		return [...new Set(types.map((type) => toText(toRecord(type).name)))];
	}

	/** Names of the credential types that a node type can take. */
	async listCredentialsOf(nodeType: string): Promise<string[]> {
		const types = toList(await this.request('GET', '/types/nodes.json')).map(toRecord);
		const found = types.filter(({ name }) => name === nodeType);
		const credentials = found.flatMap((type) => toList(type.credentials).map(toRecord));
		return [...new Set(credentials.map(({ name }) => toText(name)))];
	}

	/** Names of all credential types that the server has loaded. */
	async listCredentialTypes(): Promise<string[]> {
		const types = toList(await this.request('GET', '/types/credentials.json'));
		return types.map((type) => toText(toRecord(type).name));
	}
}
