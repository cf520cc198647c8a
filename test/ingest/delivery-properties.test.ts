import fc from 'fast-check';
import { expect, it } from 'vitest';

import { IngestError } from '../../nodes/core/errors';
import { IngestBench } from '../support/imap/ingest-bench';

const RULES = [
	{
		Name: 'moved',
		Filter: { Subject: '^move' },
		CleanUp: { Action: 'MoveToFolder', Folder: 'Done' },
	},
	{ Name: 'kept', Filter: { Subject: '^keep' } },
	{ Name: 'deleted', Filter: { Subject: '^delete' }, CleanUp: { Action: 'Delete' } },
];
const KINDS = ['move', 'keep', 'delete', 'other'] as const;
/** A cursor with a thousand pending deliveries has to fit. */
const LARGEST_STATE = 50_000;
const DRAIN_POLLS = 12;

/** What can happen between two polls. */
type Event =
	| { readonly kind: 'mail'; readonly mails: ReadonlyArray<(typeof KINDS)[number]> }
	| { readonly kind: 'poll'; readonly minutes: number }
	| { readonly kind: 'end'; readonly outcome: 'success' | 'failure' | 'unknown' }
	/** n8n is killed; what it reads back is some states old. */
	| { readonly kind: 'crash'; readonly age: number }
	| { readonly kind: 'renumber' }
	| { readonly kind: 'broken poll'; readonly at: string };

const event: fc.Arbitrary<Event> = fc.oneof(
	fc.record({
		kind: fc.constant('mail' as const),
		mails: fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 6 }),
	}),
	fc.record({ kind: fc.constant('poll' as const), minutes: fc.constantFrom(1, 6, 70) }),
	fc.record({
		kind: fc.constant('end' as const),
		outcome: fc.constantFrom('success' as const, 'failure' as const, 'unknown' as const),
	}),
	fc.record({ kind: fc.constant('crash' as const), age: fc.nat(4) }),
	fc.constant({ kind: 'renumber' as const }),
	fc.record({
		kind: fc.constant('broken poll' as const),
		at: fc.constantFrom('heads', 'move', 'delete', 'addKeyword', 'uidsAfter'),
	}),
);

/** A mailbox, its trigger, and what became of its mail. */
class Scene {
	readonly bench = new IngestBench(RULES);
	readonly sent: string[] = [];
	readonly ids = new Map<string, Set<string>>();
	private readonly succeeded = new Set<string>();
	private readonly states: Array<object | undefined> = [undefined];

	async play(event: Event): Promise<void> {
		const { bench } = this;
		switch (event.kind) {
			case 'mail':
				for (const kind of event.mails) this.send(kind);
				return;
			case 'poll':
				await this.poll(event.minutes);
				return;
			case 'end':
				await this.end(event.outcome);
				return;
			case 'crash':
				bench.crash(this.states.at(-1 - event.age) ?? this.states[0]);
				return;
			case 'renumber':
				bench.account.renumber();
				return;
			case 'broken poll':
				bench.account.refuse.set(event.at, new IngestError('connection-lost', 'gone'));
				await this.poll(1).catch(expectLoss);
				bench.account.refuse.clear();
		}
	}

	/** Everything works from now on. */
	async drain(): Promise<void> {
		for (let poll = 0; poll < DRAIN_POLLS; poll += 1) {
			await this.poll(70);
			await this.end('success');
		}
	}

	/** Mails that no execution has ended in success with, and that are not in quarantine either. */
	get lost(): readonly string[] {
		const quarantined = new Set(this.bench.account.subjects('Ingest Quarantine'));
		return this.sent.filter(
			(subject) =>
				!subject.startsWith('other') && !this.succeeded.has(subject) && !quarantined.has(subject),
		);
	}

	private send(kind: (typeof KINDS)[number]): void {
		const subject = `${kind} ${String(this.sent.length)}`;
		this.sent.push(subject);
		this.bench.account.deliver(subject, { messageId: `<${subject.replace(' ', '-')}@zion.com>` });
	}

	private async poll(minutes: number): Promise<void> {
		const before = this.bench.cursor;
		try {
			await this.bench.poll(minutes);
		} finally {
			const after = this.bench.cursor;
			if (before?.uidValidity === after?.uidValidity) {
				expect(after?.position ?? 0).toBeGreaterThanOrEqual(before?.position ?? 0);
			}
			expect(JSON.stringify(this.bench.stored ?? {}).length).toBeLessThan(LARGEST_STATE);
			this.states.push(this.bench.stored);
		}
	}

	private async end(outcome: 'success' | 'failure' | 'unknown'): Promise<void> {
		for (const { id, message } of this.bench.started.flatMap(({ items }) => items)) {
			this.ids.set(message.subject, (this.ids.get(message.subject) ?? new Set()).add(id));
			if (outcome === 'success') this.succeeded.add(message.subject);
		}
		await this.bench.endAll(outcome);
	}
}

function expectLoss(error: unknown): void {
	expect(error).toMatchObject({ code: 'connection-lost' });
}

it('whatever happens in whatever order, no message is skipped, ids stay equal and the state stays small', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(event, { maxLength: 25 }), async (events) => {
			const scene = new Scene();
			for (const one of events) await scene.play(one);
			await scene.drain();

			expect(scene.lost).toEqual([]);
			expect(scene.bench.cursor?.pending ?? []).toEqual([]);
			for (const ids of scene.ids.values()) expect(ids.size).toBe(1);
			const others = scene.sent.filter((subject) => subject.startsWith('other'));
			expect(scene.bench.account.subjects()).toEqual(expect.arrayContaining(others));
		}),
		{ numRuns: 150 },
	);
});
