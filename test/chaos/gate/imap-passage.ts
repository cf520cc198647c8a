import type { TLSSocket } from 'node:tls';

import type { Waiting } from './planned-fault';

const EXPIRED = '* BYE Session invalidated - AccessTokenExpired\r\n';
const NEWS = /^\* \d+ EXISTS\r\n/;
/** `a1 UID FETCH 1:* ...` -> tag and `UID FETCH`. */
const COMMAND = /^(?<tag>[A-Za-z0-9]+) (?<verb>(?:UID )?[A-Za-z]+)/;

/** One connection through the gate. */
export class Passage {
	private stalled = false;
	/** Tag of the IDLE that runs. */
	private idle: string | undefined;
	/** Set while an answer is held back: the fault, and the tag of the command it answers. */
	private held: { readonly entry: Waiting; readonly tag: string; answer: Uint8Array } | undefined;
	/** Keeps commands in order while something happens that takes time. */
	private queue: Promise<void> = Promise.resolve();

	private readonly client: TLSSocket;
	private readonly server: TLSSocket;

	constructor(
		private readonly ends: {
			readonly client: TLSSocket;
			readonly server: TLSSocket;
			readonly due: (command: string, line: string) => Waiting | undefined;
			readonly disguise: (chunk: Buffer) => Buffer;
			readonly reset: () => void;
		},
	) {
		this.client = ends.client;
		this.server = ends.server;
	}

	open(): void {
		const entry = this.ends.due('CONNECT', '');
		if (entry !== undefined) this.queue = this.strike(entry).then(() => undefined);
		this.client.on('data', (chunk: Buffer) => {
			this.queue = this.queue.then(() => this.forward(chunk));
		});
		this.server.on('data', (chunk: Buffer) => {
			this.answer(this.ends.disguise(chunk));
		});
	}

	private async forward(chunk: Buffer): Promise<void> {
		if (this.stalled) return;
		const line = chunk.toString('latin1');
		const { tag, verb } = this.read(line);
		const entry = verb === '' ? undefined : this.ends.due(verb, line);
		if (entry?.fault.when === 'before') {
			if (!(await this.strike(entry, { tag }))) return;
		} else if (entry !== undefined) this.held = { entry, tag, answer: new Uint8Array() };
		if (this.server.writable) this.server.write(chunk);
	}

	/** The end of an IDLE has no tag; it is answered with that of the IDLE. */
	private read(line: string): { readonly tag: string; readonly verb: string } {
		const { idle = '' } = this;
		this.idle = undefined;
		if (line.startsWith('DONE')) return { tag: idle, verb: 'DONE' };
		const { tag = '', verb = '' } = COMMAND.exec(line)?.groups ?? {};
		const name = verb.toUpperCase();
		if (name === 'IDLE') this.idle = tag;
		return { tag, verb: name };
	}

	private answer(chunk: Buffer): void {
		if (this.stalled) return;
		const { held } = this;
		if (held === undefined && this.idle !== undefined && NEWS.test(chunk.toString('latin1'))) {
			const entry = this.ends.due('EXISTS', '');
			if (entry !== undefined) {
				void this.strike(entry, { answer: chunk });
				return;
			}
		}
		if (held === undefined) {
			this.client.write(chunk);
			return;
		}
		held.answer = Buffer.concat([held.answer, chunk]);
		const text = Buffer.from(held.answer).toString('latin1');
		if (!text.startsWith(`${held.tag} `) && !text.includes(`\r\n${held.tag} `)) return;
		this.held = undefined;
		this.queue = this.queue.then(async () => {
			const goesOn = await this.strike(held.entry, held);
			if (goesOn && this.client.writable) this.client.write(disguised(held.entry, held.answer));
		});
	}

	/** Whether the connection goes on afterwards. */
	private async strike(
		{ fault: { act } }: Waiting,
		{ tag = '', answer = new Uint8Array() }: { tag?: string; answer?: Uint8Array } = {},
	): Promise<boolean> {
		if (typeof act === 'function') {
			await act();
			return true;
		}
		if (typeof act === 'object') {
			if ('refuse' in act) this.client.write(`${tag} NO ${act.refuse}\r\n`);
			return 'rewrite' in act;
		}
		this.stalled = true;
		switch (act) {
			case 'stall':
				break;
			case 'close':
				this.client.end();
				break;
			case 'expire':
				this.client.end(EXPIRED);
				break;
			case 'half':
				// What has been written goes out before the end does.
				this.client.end(answer.subarray(0, Math.ceil(answer.length / 2)));
				break;
			case 'reset':
				this.ends.reset();
		}
		return false;
	}
}

/** What the client gets in place of the server's answer. */
function disguised({ fault: { act } }: Waiting, answer: Uint8Array): Uint8Array {
	if (typeof act !== 'object' || !('rewrite' in act)) return answer;
	return Buffer.from(act.rewrite(Buffer.from(answer).toString('latin1')), 'latin1');
}
